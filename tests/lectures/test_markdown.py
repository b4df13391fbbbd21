"""Markdown from strangers: it says what it says, and nothing in it is a picture, a link or HTML."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QTextDocument, QTextFormat
from PySide6.QtWidgets import QApplication

from gumbelviz.lectures.markdown import clean_lines, clean_markdown, plain_in_markdown

Feature = QTextDocument.MarkdownFeature
READERS = [
    Feature.MarkdownNoHTML,
    Feature.MarkdownNoHTML | Feature.MarkdownDialectGitHub,
    # Somebody may forget to say it: then, too, nothing may happen.
    Feature.MarkdownDialectGitHub,
]


@pytest.fixture(autouse=True)
def application(qapp: QApplication) -> None:
    """Documents need one."""


def read(markdown: str, features: Feature = READERS[0]) -> tuple[str, list[str]]:
    """Return the text that Qt shows, and what in it is more than text."""
    document = QTextDocument()
    document.setMarkdown(markdown, features)
    found = []
    block = document.begin()
    while block.isValid():
        places = block.begin()
        while not places.atEnd():
            form = places.fragment().charFormat()
            if form.isAnchor() or form.anchorHref():
                found.append(f"link to {form.anchorHref()}")
            if form.isImageFormat() or form.objectType() == QTextFormat.ObjectTypes.ImageObject.value:
                found.append("image")
            places += 1
        block = block.next()
    return document.toPlainText(), found


HOSTILE = {
    "link": "[click](http://example.org)",
    "link with a title": '[click](http://example.org "x")',
    "link by reference": "[click][a]\n\n[a]: http://example.org",
    "short reference": "[a]\n\n[a]: http://example.org",
    "image": "![x](http://example.org/a.png)",
    "image of this computer": "![x](file:///etc/passwd)",
    "image by reference": "![a]\n\n[a]: /home/a.png",
    "image in a link": "[![x](a.png)](http://example.org)",
    "autolink": "<http://example.org>",
    "mail": "<a@example.org>",
    "bare address": "see http://example.org/x and https://example.org",
    "bare www": "see www.example.org, WWW.EXAMPLE.ORG",
    "bare mail": "a@example.org",
    "tag": "<b>bold</b><script>alert(1)</script><img src='http://example.org/a.png'>",
    "block of HTML": "<div>\n\n[x](http://e.org)\n\n</div>",
    "comment": "a <!-- b --> c",
    "link in a table": "|a|b|\n|-|-|\n|`x|[l](http://e.org)`|",
    "link in a list": "- [l](http://e.org)\n  - ![i](a.png)",
    "link in a quotation": "> [l](http://e.org)",
    "link in a heading": "# [l](http://e.org)",
    "link after a code that ends nowhere": "`a [l](http://e.org)",
    "code over two lines": "`a\nb` [l](http://e.org) `",
    "ticks that do not match": "``a` [l](http://e.org) `b`` [l](http://e.org)",
    "escaped tick": "\\`a` [l](http://e.org) `b`",
    "tick after a code": "`a`` [l](http://e.org) ``",
    "fence": "```\n[l](http://e.org)\n```\n[l](http://e.org)",
    "fence of tildes": "~~~\n<b>\n~~~\n[l](http://e.org)",
    "escaped bracket": "\\[l](http://e.org) \\\\[l](http://e.org)",
    "task": "- [ ] [l](http://e.org)",
}


@pytest.mark.parametrize("features", READERS)
@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_is_more_than_text(name: str, features: Feature) -> None:
    _, found = read(clean_markdown(HOSTILE[name]), features)
    assert found == []


def test_the_test_can_fail() -> None:
    assert read(HOSTILE["link"])[1] == ["link to http://example.org"]
    assert "image" in read(HOSTILE["image"])[1]
    assert read(HOSTILE["bare address"], READERS[1])[1]


@pytest.mark.parametrize(
    "text",
    [
        "[click](http://example.org)", "![x](a.png)", "<b>bold</b>", "www.example.org", "a@example.org", "<!-- b -->",
        "a `b` c", "x < y > z", "f(x)[i]", "50% & more",
    ],
)  # fmt: skip
def test_people_see_what_stands_in_the_file(text: str) -> None:
    shown, _ = read(clean_markdown(text))
    assert shown == text.replace("`", "")


def test_what_is_meant_by_markdown_stays() -> None:
    text = "# Head\n\n**bold** and *slanted* and `code[i] < 3`\n\n- one\n- two\n\n> quoted"
    assert clean_markdown(text) == text
    document = QTextDocument()
    document.setMarkdown(clean_markdown(text), READERS[0])
    html = document.toHtml()
    for mark in ("<h1", "font-weight:700", "font-style:italic", "<ul", "monospace"):
        assert mark in html, mark
    assert "code[i] < 3" in document.toPlainText()


nasty = st.text(alphabet=st.sampled_from("[]()<>!`~\\:/@.w&#*_|-+ \n\tabh\"'=;{}1"), max_size=80) | st.lists(
    st.sampled_from(
        ["[a](b://c)", "![a](b)", "[a]: b://c", "[a]", "`", "``", "```", "\\", "<b>", "<b://c>", "~~~", "\n", "\n\n",
         "> ", "- ", "    ", "|", "|-|-|", "www.a.b", "a@b.c", "h://a.b", "http://a.b", "*", "_", " ", "x", "<!--"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(nasty)
@settings(max_examples=250, deadline=None)
def test_nothing_gets_through(text: str) -> None:
    clean = clean_markdown(text)
    for features in READERS:
        assert read(clean, features)[1] == []
    assert clean_markdown(clean) == clean


def test_invisible_characters_go() -> None:
    assert clean_lines("a\u202eb\x00\r\nc\rd\t.") == "ab\nc\nd    ."


@given(st.text(alphabet=st.sampled_from("[]()<>!`~\\:/@.w&#*_|-+ abh\"'=;{}1%,"), min_size=1, max_size=30))
@settings(max_examples=80, deadline=None)
def test_a_name_is_shown_as_it_is_and_breaks_nothing(name: str) -> None:
    for around in ("x {} y", "{}", "- {}", "**{}**", "x `{}` y [l](http://e.org) `z`"):
        filled = clean_markdown(around).replace("{}", plain_in_markdown(name))
        for features in READERS:
            assert read(filled, features)[1] == []
    shown, _ = read("x " + plain_in_markdown(name) + " y")
    assert " ".join(shown.split()) == " ".join(f"x {name} y".split())
