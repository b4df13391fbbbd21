"""The style of the Lecture dock: fields, lists and tabs, which no other part of the window has."""

from __future__ import annotations

from gumbelviz.views.look import Look, bold_family


def dock_style(look: Look) -> str:
    """Return the style sheet of the dock."""
    t, px = look.theme, look.px
    bold = f"font-family: '{bold_family()}'; font-weight: 600;"
    return f"""
    QDockWidget {{ color: {t.ink}; }}
    QDockWidget::title {{ background: {t.card}; padding: {px(7)}px {px(12)}px; border-bottom: 1px solid {t.line}; }}
    QWidget#lecture {{ background: {t.window}; }}
    QListWidget, QPlainTextEdit {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.line};
        border-radius: {px(6)}px; padding: {px(2)}px; selection-background-color: {t.accent};
        selection-color: {t.on_accent}; }}
    QListWidget:focus, QPlainTextEdit:focus {{ border: 2px solid {t.accent}; padding: {max(px(2) - 1, 0)}px; }}
    QListWidget::item {{ padding: {px(5)}px {px(6)}px; border-radius: {px(5)}px; color: {t.ink}; }}
    QListWidget::item:selected {{ background: {t.wash}; color: {t.ink}; }}
    QTabWidget::pane {{ border: none; border-top: 1px solid {t.line}; }}
    QTabBar::tab {{ background: transparent; color: {t.quiet}; padding: {px(5)}px {px(10)}px;
        border-bottom: 2px solid transparent; font-size: {px(14)}px; }}
    QTabBar::tab:selected {{ color: {t.ink}; border-bottom: 2px solid {t.accent}; {bold} }}
    QTabBar::tab:focus {{ color: {t.accent}; }}
    QComboBox {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.line}; border-radius: {px(6)}px;
        padding: {px(3)}px {px(8)}px; min-height: {px(22)}px; }}
    QComboBox:focus {{ border: 2px solid {t.accent}; padding: {px(3) - 1}px {px(8) - 1}px; }}
    QComboBox::drop-down {{ border: none; width: {px(22)}px; }}
    QComboBox QAbstractItemView {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.line};
        selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
    """
