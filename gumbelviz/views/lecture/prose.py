"""Words in large type: Markdown without HTML and pictures, or plain text; smaller where there are too many."""

from __future__ import annotations

import re

from PySide6.QtCore import QRectF, QSize, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gumbelviz.views.guard import guarded
from gumbelviz.views.look import Look, bold_family

SHRINK = 0.94
LEAST = 0.5
"""Smallest type, as a part of the one that was asked for."""
_PICTURE = re.compile(r"!(?=\[)")


class _Document(QTextDocument):
    """Words that load nothing: neither files of this computer nor anything from outside."""

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        empty = QImage(1, 1, QImage.Format.Format_ARGB32)
        empty.fill(0)
        return empty


class Prose(QWidget):
    """Shows words that may come from a stranger, and that must fit.

    Parameters
    ----------
    size, bold, color
        Type of the words; the colour is a field of the theme.
    plain
        True where nothing in them has a meaning beside the words.
    """

    def __init__(self, size: float, bold: bool = False, color: str = "ink", plain: bool = False) -> None:
        super().__init__()
        self._look = Look()
        self._size, self._bold, self._color, self._plain = size, bold, color, plain
        self._text = ""
        self._document = _Document(self)
        self._document.setDocumentMargin(0)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._document.setDefaultTextOption(option)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What is read, without marks of Markdown."""
        return self._document.toPlainText()

    def set_look(self, look: Look) -> None:
        """Take another theme or size; `fit` lays the words out in it."""
        self._look = look
        self.update()

    def set_text(self, text: str) -> bool:
        """Show `text`; True where it is another one than before."""
        if text == self._text:
            return False
        self._text = text
        if self._plain:
            self._document.setPlainText(text)
        else:
            self._document.setMarkdown(_PICTURE.sub("", text), QTextDocument.MarkdownFeature.MarkdownNoHTML)
            self._take_bold_type()
        self.setAccessibleName(self.text)
        self.update()
        return True

    def _take_bold_type(self) -> None:
        """Emphasis in our own bold type: Qt would thicken the ordinary one, which looks blurred."""
        bold = QTextCharFormat()
        bold.setFontFamilies([bold_family()])
        bold.setFontWeight(QFont.Weight.DemiBold)
        block = self._document.begin()
        while block.isValid():
            for run in block.textFormats():
                if run.format.fontWeight() > QFont.Weight.Normal:
                    cursor = QTextCursor(block)
                    cursor.setPosition(block.position() + run.start)
                    end = block.position() + run.start + run.length
                    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                    cursor.mergeCharFormat(bold)
            block = block.next()

    def set_color(self, color: str) -> None:
        """Take another colour of the theme."""
        if color != self._color:
            self._color = color
            self.update()

    def fit(self, width: int, most: int) -> int:
        """Lay the words out `width` pixels wide and at most `most` high, in smaller type if need be.

        Returns the height.
        """
        size = self._size
        height = 0.0
        if self._text:
            while True:
                self._document.setDefaultFont(self._look.font(size, self._bold))
                self._document.setTextWidth(max(width, 1))
                height = self._document.size().height()
                too_wide = self._document.idealWidth() > width
                if (height <= most and not too_wide) or size <= LEAST * self._size:
                    break
                size *= SHRINK
        shown = min(round(height), most)
        self.setFixedHeight(shown)
        self.update()
        return shown

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(300), self.height())

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._text:
            return
        context = QAbstractTextDocumentLayout.PaintContext()
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Text, self._look.color(self._color))
        context.palette = palette
        with QPainter(self) as painter:
            painter.setClipRect(QRectF(self.rect()))
            self._document.documentLayout().draw(painter, context)
