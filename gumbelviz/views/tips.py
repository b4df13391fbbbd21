"""Tips with words of strangers in them."""

from __future__ import annotations

import html

from PySide6.QtGui import Qt


def plain_tip(words: str) -> str:
    """Return `words` so that a tip shows them as they are, where Qt would take them for HTML."""
    return html.escape(words) if Qt.mightBeRichText(words) else words
