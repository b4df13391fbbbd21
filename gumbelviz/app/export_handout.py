"""A lecture on paper: one PDF, a page for each step with its picture and its words."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextCursor,
    QTextDocument,
    QTextOption,
)

from gumbelviz.app.export_easel import Easel
from gumbelviz.app.export_frames import frame_of
from gumbelviz.app.keep import write_file
from gumbelviz.app.lecture_words import StepWords, fill_step
from gumbelviz.lectures.markdown import plain_in_markdown
from gumbelviz.model.page_parts import parts_of, view_of
from gumbelviz.views.look import PRINT, Look

if TYPE_CHECKING:
    from gumbelviz.app.export_job import Bench
    from gumbelviz.app.export_sketch import Sketch
    from gumbelviz.model.export import HandoutOrder
    from gumbelviz.model.lecture import Lecture, Step

DPI = 1200
DOTS = 96.0
"""Pixels of an inch of paper, in which everything here is measured."""
MARGIN = 62.0
FOOT = 34.0
PICTURE = (1120, 740)
"""Pixels of a step's picture before it is made to fit the paper."""
PICTURE_RATIO = 3.0
RUNNING_DRAWS = 10_000
"""Draws behind a picture of a stream that runs: on paper it cannot."""
TEXT, SMALL, TITLE, FOOTNOTE = 17.0, 13.5, 26.0, 12.0
SMALLEST_TEXT = 0.62
"""How much smaller words may become before they go over to another page."""
GAP = 14.0
_COARSE = 8


def write_handout(path: Path, lecture: Lecture, order: HandoutOrder, bench: Bench) -> None:
    """Write the handout of a lecture to `path`.

    Raises
    ------
    OSError
        Where it cannot be written; the file that was there is whole.
    Cancelled
        Where it was cancelled; nothing is written.
    """
    write_file(path, handout_bytes(lecture, order, bench))


def handout_bytes(lecture: Lecture, order: HandoutOrder, bench: Bench) -> bytes:
    """Return the bytes of the PDF: A4 or Letter, upright, with numbered pages."""
    paper = bench.on_screen(lambda: _Paper(lecture.title, order))
    try:
        for number, step in enumerate(lecture.steps, 1):
            draws = _draws_of(step)
            page = step.scene.page
            frame = frame_of(step.scene, page, draws, step.draw, bench.is_cancelled)
            words = fill_step(step, step.scene.settings, frame)

            def add(step: Step = step, number: int = number, words: StepWords = words, frame: object = frame) -> None:
                easel = Easel(step.scene.page, Look(PRINT, ratio=PICTURE_RATIO), PICTURE, parts=_parts_of(step))
                try:
                    easel.draw(step.scene, frame)  # type: ignore[arg-type]
                    sketch = easel.sketch()
                finally:
                    easel.close()
                paper.add(_Sheet(number, len(lecture.steps), words, sketch))

            bench.on_screen(add)
            bench.report(number / (len(lecture.steps) + 1))
        return bench.on_screen(paper.finish)
    finally:
        bench.later(paper.close)


def _draws_of(step: Step) -> int:
    """Return how many draws a picture of the step shows: those that the step is about, once they were made."""
    task = step.task
    goal = int(task.value) if task is not None and task.when == "draws" and task.value is not None else 1
    return max(step.draws, goal, RUNNING_DRAWS if step.running else 1, (step.draw or 0) + 1)


def _parts_of(step: Step) -> tuple[str, ...]:
    """Return the parts that the picture shows; where the step names none, all of them, without their controls."""
    page = step.scene.page
    return step.parts or tuple(part.id for part in parts_of(page, view_of(step.scene.settings, page)))


@dataclass(frozen=True)
class _Sheet:
    """What stands on one page."""

    number: int
    count: int
    words: StepWords
    sketch: Sketch


class _Paper:
    """The PDF while it is written. Lives in the thread of the window."""

    def __init__(self, title: str, order: HandoutOrder) -> None:
        self._title, self._order = title, order
        self._buffer = QBuffer()
        self._buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._writer = QPdfWriter(self._buffer)
        size = QPageSize.PageSizeId.A4 if order.paper == "A4" else QPageSize.PageSizeId.Letter
        self._writer.setPageLayout(
            QPageLayout(QPageSize(size), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
        )
        self._writer.setTitle(title)
        self._writer.setCreator("GumbelViz")
        self._writer.setResolution(DPI)
        self._painter: QPainter | None = None
        self._look = Look(PRINT)
        self._size = QSizeF(self._writer.width() * DOTS / DPI, self._writer.height() * DOTS / DPI)

    def add(self, sheet: _Sheet) -> None:
        """Add the page of a step; and another where its words do not fit."""
        if self._painter is None:
            self._painter = QPainter(self._writer)
            self._painter.scale(DPI / DOTS, DPI / DOTS)
        else:
            self._writer.newPage()
        column = QRectF(MARGIN, MARGIN, self._size.width() - 2 * MARGIN, self._size.height() - 2 * MARGIN - FOOT)
        column.setTop(self._write_title(sheet, column))
        column.setTop(self._paint_picture(sheet.sketch, column))
        self._write_foot(sheet)
        self._write_words(sheet, column)

    def finish(self) -> bytes:
        """Return the bytes of the file."""
        self.close()
        return bytes(self._buffer.data().data())

    def close(self) -> None:
        """End the document, whatever state it is in."""
        if self._painter is not None and self._painter.isActive():
            self._painter.end()

    def _font(self, pixels: float, bold: bool = False) -> QFont:
        font = QFont(self._look.font(15, bold))
        # Figures of equal width cannot be searched for in a PDF.
        font.clearFeatures()
        font.setPixelSize(max(round(pixels), 1))
        return font

    def _text(self, box: QRectF, text: str, font: QFont, color: str, flags: int) -> None:
        assert self._painter is not None
        self._painter.setFont(font)
        self._painter.setPen(QColor(color))
        self._painter.drawText(box, flags, text)

    def _write_title(self, sheet: _Sheet, column: QRectF) -> float:
        """Write number and title, and return where they end."""
        wrap = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        number = f"{sheet.number}"
        font = self._font(TITLE, bold=True)
        indent = QFontMetricsF(font).horizontalAdvance("88") + 10.0
        self._text(column, number, font, PRINT.accent, wrap)
        box = column.adjusted(indent, 0, 0, 0)
        title = sheet.words.title
        height = QFontMetricsF(font).boundingRect(box, wrap, title).height()
        self._text(box, title, font, PRINT.ink, wrap)
        return column.top() + height + GAP

    def _paint_picture(self, sketch: Sketch, column: QRectF) -> float:
        """Paint the picture as wide as the column, and return where it ends."""
        assert self._painter is not None
        scale = column.width() / sketch.size.width()
        box = QRectF(column.left(), column.top(), column.width(), scale * _used_height(sketch))
        self._painter.save()
        self._painter.setClipRect(box)
        self._painter.translate(box.topLeft())
        self._painter.scale(scale, scale)
        sketch.paint(self._painter)
        self._painter.restore()
        self._painter.setPen(self._look.line(QColor(PRINT.line), 1.0))
        pen = self._painter.pen()
        pen.setCosmetic(False)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRoundedRect(box, 5, 5)
        return box.bottom() + GAP

    def _write_foot(self, sheet: _Sheet) -> None:
        box = QRectF(MARGIN, self._size.height() - MARGIN, self._size.width() - 2 * MARGIN, FOOT)
        middle = Qt.AlignmentFlag.AlignVCenter
        font = self._font(FOOTNOTE)
        title = QFontMetricsF(font).elidedText(self._title, Qt.TextElideMode.ElideRight, 0.8 * box.width())
        self._text(box, title, font, PRINT.quiet, int(middle | Qt.AlignmentFlag.AlignLeft))
        self._text(box, f"{sheet.number} / {sheet.count}", font, PRINT.quiet, int(middle | Qt.AlignmentFlag.AlignRight))

    def _write_words(self, sheet: _Sheet, column: QRectF) -> None:
        """Write the words under the picture: smaller where there are many, and on another page where there are more."""
        factor = 1.0
        blocks = self._blocks(sheet, column.width(), factor)
        while _height(blocks) > column.height() and factor > SMALLEST_TEXT:
            factor *= 0.93
            blocks = self._blocks(sheet, column.width(), factor)
        whole = QRectF(column)
        whole.setTop(MARGIN)
        room, top = column, column.top()
        for block in blocks:
            for begin, end in _paragraphs(block):
                if top + end - begin > room.bottom() + 1.0 and top > room.top():
                    self._writer.newPage()
                    self._write_foot(sheet)
                    room, top = whole, whole.top()
                self._paint_block(block, QPointF(room.left(), top), begin, end)
                top += end - begin
            top += GAP * factor

    def _blocks(self, sheet: _Sheet, width: float, factor: float) -> list[QTextDocument]:
        words = sheet.words
        blocks = [self._document(words.words, TEXT * factor, width)]
        if words.task:
            blocks.append(self._document(f"**To do:** {plain_in_markdown(words.task)}", TEXT * factor, width))
        if words.question:
            lines = [f"**What do you expect?** {plain_in_markdown(words.question)}"]
            lines += [f"\n- {plain_in_markdown(answer)}" for answer in words.answers]
            blocks.append(self._document("\n".join(lines), TEXT * factor, width))
        if self._order.notes and words.notes:
            blocks.append(self._document(words.notes, SMALL * factor, width, PRINT.quiet))
        return [block for block in blocks if not block.isEmpty()]

    def _document(self, markdown: str, pixels: float, width: float, color: str = PRINT.ink) -> QTextDocument:
        document = QTextDocument()
        document.setDocumentMargin(0.0)
        document.setDefaultFont(self._font(pixels))
        document.setProperty("ink", color)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        features = QTextDocument.MarkdownFeature
        document.setMarkdown(markdown, features.MarkdownDialectGitHub | features.MarkdownNoHTML)
        _space(document, 0.45 * pixels)
        document.setTextWidth(width)
        return document

    def _paint_block(self, document: QTextDocument, corner: QPointF, begin: float, end: float) -> None:
        """Paint a document between two heights, the upper one at `corner`."""
        assert self._painter is not None
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette = QPalette(QColor(str(document.property("ink"))))
        context.palette.setColor(QPalette.ColorRole.Text, QColor(str(document.property("ink"))))
        self._painter.save()
        self._painter.translate(corner - QPointF(0.0, begin))
        # Lines that only touch the edge belong to the neighbour.
        context.clip = QRectF(0.0, begin + 1.0, document.textWidth(), end - begin - 2.0)
        self._painter.setClipRect(QRectF(0.0, begin, document.textWidth(), end - begin))
        document.documentLayout().draw(self._painter, context)
        self._painter.restore()


def _used_height(sketch: Sketch) -> float:
    """Return how far down a picture has anything on it; pages leave room at the bottom that paper need not."""
    small = QImage(sketch.size.width() // _COARSE, sketch.size.height() // _COARSE, QImage.Format.Format_RGB32)
    small.fill(QColor(PRINT.window))
    with QPainter(small) as painter:
        painter.scale(1.0 / _COARSE, 1.0 / _COARSE)
        sketch.paint(painter)
    rows = np.frombuffer(small.constBits(), np.uint8).reshape(small.height(), -1)
    used = np.flatnonzero((rows != rows[-1]).any(axis=1))
    last = float(used[-1] + 1) if len(used) else float(small.height())
    return min(_COARSE * (last + 2.0), float(sketch.size.height()))


def _space(document: QTextDocument, above: float) -> None:
    """Put room between paragraphs, and less of it between the items of a list."""
    block = document.firstBlock().next()
    while block.isValid():
        form = block.blockFormat()
        form.setTopMargin(above if block.textList() is None else 0.3 * above)
        form.setBottomMargin(0.0)
        cursor = QTextCursor(block)
        cursor.setBlockFormat(form)
        block = block.next()


def _paragraphs(document: QTextDocument) -> list[tuple[float, float]]:
    """Return where the paragraphs of a document begin and end, in its own heights; as one piece where it has tables."""
    height = document.size().height()
    if document.rootFrame().childFrames():
        return [(0.0, height)]
    layout, block, ends = document.documentLayout(), document.firstBlock(), []
    while block.isValid():
        ends.append(layout.blockBoundingRect(block).bottom())
        block = block.next()
    ends[-1] = height
    return list(itertools.pairwise([0.0, *ends]))


def _height(blocks: list[QTextDocument]) -> float:
    return sum(block.size().height() for block in blocks) + GAP * max(len(blocks) - 1, 0)
