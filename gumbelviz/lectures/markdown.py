"""Markdown from strangers, made harmless: HTML, images and links are shown as the text that they are.

What stays: paragraphs, headings, lists, quotations, tables, emphasis, and code between backticks on one line. Of the
rest every character that could begin something else gets a backslash, which readers of Markdown take off again, so
that people see exactly what stands in the file. A code block between fences is shown as text too: then no code goes
over a line, and what is code here is code to every reader.
"""

from __future__ import annotations

import re

from gumbelviz.model.settings import clean_text

_TOKEN = re.compile(
    r"(?P<escaped>\\[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`+)"
    r"|(?P<fence>~{3,})"
    r"|(?P<scheme>:)(?=//)|(?P<www>(?<=www)\.)|(?P<special>[<\[\]@])",
    re.IGNORECASE,
)
_LONGEST_TICKS = 2
_NAMES = re.compile(r"[\\*_{}\[\]<>()#+\-.!|~&:@=]")


def clean_markdown(text: str) -> str:
    """Return `text` with HTML, images, links and code blocks neutralised, and without invisible characters.

    What was cleaned once stays as it is.
    """
    return "\n".join(map(_clean_line, clean_lines(text).split("\n")))


def clean_lines(text: str) -> str:
    """Return `text` with its lines, but without the characters that `clean_text` takes away; tabs become spaces."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n")
    return "\n".join(map(clean_text, lines))


def _clean_line(line: str) -> str:
    parts: list[str] = []
    place = 0
    while found := _TOKEN.search(line, place):
        parts.append(line[place : found.start()])
        place = found.end()
        token = found[0]
        if found["escaped"]:
            parts.append(token)
        elif found["ticks"]:
            end = _end_of_code(line, place, len(token))
            parts.append(line[found.start() : end] if end else token.replace("`", "\\`"))
            place = end or place
        else:
            parts.append("".join("\\" + character for character in token))
    return "".join(parts) + line[place:]


def _end_of_code(line: str, start: int, ticks: int) -> int:
    """Return where the code that begins at `start` ends, after its backticks; 0 where it is not to be code.

    A bar inside would part the cells of a table before anybody looks for code.
    """
    if ticks > _LONGEST_TICKS:
        return 0
    close = re.compile(rf"(?<!`)`{{{ticks}}}(?!`)").search(line, start)
    return close.end() if close and "|" not in line[start : close.start()] else 0


def plain_in_markdown(text: str) -> str:
    """Return plain `text`, such as the name of an option, so that Markdown shows it as it is.

    A backtick becomes an entity: a backslash would not keep it from ending the code around it.
    """
    return _NAMES.sub(lambda found: "\\" + found[0], clean_text(text)).replace("`", "&#96;")
