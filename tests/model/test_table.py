"""A person's own numbers: every form that is promised, and one sentence for every form that is not."""

from __future__ import annotations

import io
import json
import math
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gumbelviz.model.strictjson import LARGEST_FILE
from gumbelviz.model.table import Table, read_pasted, read_table, to_settings_options

INF = math.inf


def is_sentence(text: str) -> bool:
    starts = text[:1].isupper() or text[:1] in '"-'
    return starts and text[-1] in ".?" and "\n" not in text and len(text) < 400 and "Traceback" not in text


def refusal(read: Callable[[], object]) -> str:
    with pytest.raises(ValueError) as caught:
        read()
    assert type(caught.value) is ValueError
    message = str(caught.value)
    assert is_sentence(message), message
    return message


def npy(array: object) -> bytes:
    file = io.BytesIO()
    np.save(file, np.asarray(array))
    return file.getvalue()


AB = ("a", "b")
GOOD_TEXT = {
    "label, value": ("a,2\nb,1.5", Table(AB, (2.0, 1.5), "logits")),
    "header": ("label,logit\na,.5\nb,.5", Table(AB, (0.5, 0.5), "logits")),
    "score header": ("option,Score\na,.5\nb,.5", Table(AB, (0.5, 0.5), "logits")),
    "probability header": ("name,Probability\na,.5\nb,.5", Table(AB, (0.5, 0.5), "probabilities")),
    "p header": ("x,p\na,.5\nb,.5", Table(AB, (0.5, 0.5), "probabilities")),
    "per cent header": ("x,p (%)\na,60\nb,40", Table(AB, (0.6, 0.4), "probabilities")),
    "per cent sign header": ("x,%\na,60\nb,40", Table(AB, (0.6, 0.4), "probabilities")),
    "unknown header": ("thing,weight\na,.5\nb,.5", Table(AB, (0.5, 0.5), None)),
    "header and one option": ("label,logit\na,1", Table(("a",), (1.0,), "logits")),
    "values only": ("2\n1.5\n", Table(None, (2.0, 1.5), "logits")),
    "values with header": ("z\n.5\n.5\n", Table(None, (0.5, 0.5), "logits")),
    "one row": ("2, 1.5, 0.4", Table(None, (2.0, 1.5, 0.4), "logits")),
    "one row of two": ("2,1.5", Table(None, (2.0, 1.5), "logits")),
    "one row, comma at the end": ("2,1.5,", Table(None, (2.0, 1.5), "logits")),
    "one number": ("3", Table(None, (3.0,), "logits")),
    "one option": ("a,3", Table(("a",), (3.0,), "logits")),
    "labels above numbers": ("x,y,z\n1,2,3", Table(("x", "y", "z"), (1.0, 2.0, 3.0), "logits")),
    "two labels above two numbers": ("x,y\n1,2", Table(("x", "y"), (1.0, 2.0), "logits")),
    "digits above numbers": ("0,1,2\n1.5,2,3", Table(("0", "1", "2"), (1.5, 2.0, 3.0), "logits")),
    "digits as labels": ("0,1.5\n1,2.5", Table(("0", "1"), (1.5, 2.5), "logits")),
    "digits and whole numbers": ("0,5\n1,7\n2,9", Table(("0", "1", "2"), (5.0, 7.0, 9.0), "logits")),
    "semicolons": ("a;2\nb;1.5", Table(AB, (2.0, 1.5), "logits")),
    "decimal commas": ("a;2,25\nb;1,5", Table(AB, (2.25, 1.5), "logits")),
    "a row with decimal commas": ("0,25; 0,75", Table(None, (0.25, 0.75), None)),
    "tabs": ("a\t2\nb\t1,5", Table(AB, (2.0, 1.5), "logits")),
    "tabs, commas in labels": ("a, x\t2\nb\t1.5", Table(("a, x", "b"), (2.0, 1.5), "logits")),
    "semicolon in a label": ("a;b,2\nc,1.5", Table(("a;b", "c"), (2.0, 1.5), "logits")),
    "white space": ("a  2\nb    1.5", Table(AB, (2.0, 1.5), "logits")),
    "labels of several words": ("Sci fi 2\nDrama 1.5", Table(("Sci fi", "Drama"), (2.0, 1.5), "logits")),
    "a row with spaces": (".5 .3 .2", Table(None, (0.5, 0.3, 0.2), None)),
    "labels above numbers, spaces": ("x y z\n1 2 3", Table(("x", "y", "z"), (1.0, 2.0, 3.0), "logits")),
    "one label and value": ("Sci fi 2", Table(("Sci fi",), (2.0,), "logits")),
    "quotes": ('"a, ""big""",2\nb,1.5', Table(('a, "big"', "b"), (2.0, 1.5), "logits")),
    "masked": ("a,masked\nb,1\nc,-inf\nd,", Table(tuple("abcd"), (-INF, 1.0, -INF, -INF), "logits")),
    "masked probabilities": ("a,masked\nb,1", Table(AB, (-INF, 1.0), None)),
    "per cent": ("a,62.3 %\nb,37.7%", Table(AB, (0.623, 0.377), "probabilities")),
    "sum of 100": ("60\n40", Table(None, (60.0, 40.0), None)),
    "real minus": ("a,\u22122\nb,1", Table(AB, (-2.0, 1.0), "logits")),
    "sums to 1 but negative": ("2\n-1", Table(None, (2.0, -1.0), "logits")),
    "byte order mark": ("\ufeffa,2\nb,1.5", Table(AB, (2.0, 1.5), "logits")),
    "Windows line ends": ("a,2\r\nb,1.5\r\n", Table(AB, (2.0, 1.5), "logits")),
    "old Mac line ends": ("a,2\rb,1.5\r", Table(AB, (2.0, 1.5), "logits")),
    "blank lines": ("\n\na,2\n\n,\nb,1.5\n\n", Table(AB, (2.0, 1.5), "logits")),
    "exponents": ("1e-3\n2E+2", Table(None, (0.001, 200.0), "logits")),
    "names are cleaned": ("\u202ea\u200f,2\nb,1.5", Table(AB, (2.0, 1.5), "logits")),
}
GOOD_JSON = {
    "numbers": ([2, 1.5, None], Table(None, (2.0, 1.5, -INF), "logits")),
    "ambiguous": ([0.5, 0.5], Table(None, (0.5, 0.5), None)),
    "pairs": ([["a", 2], ["b", None]], Table(AB, (2.0, -INF), "logits")),
    "by label": ({"a": 2, "b": "-inf"}, Table(AB, (2.0, -INF), "logits")),
    "an option called logits": ({"logits": 2, "b": 1}, Table(("logits", "b"), (2.0, 1.0), "logits")),
    "logits": ({"logits": [0.5, 0.5]}, Table(None, (0.5, 0.5), "logits")),
    "scores": ({"scores": [1], "names": ["a"]}, Table(("a",), (1.0,), "logits")),
    "probabilities": ({"labels": ["a", "b"], "probabilities": [1, 0]}, Table(AB, (1.0, 0.0), "probabilities")),
    "per cent": ({"a": "50 %", "b": "50 %"}, Table(AB, (0.5, 0.5), "probabilities")),
}


@pytest.mark.parametrize("name", GOOD_TEXT)
def test_text(name: str) -> None:
    text, expected = GOOD_TEXT[name]
    assert read_pasted(text) == expected
    for suffix in (".csv", ".TSV", ".txt"):
        assert read_table(text.encode(), suffix) == expected


@pytest.mark.parametrize("name", GOOD_JSON)
def test_json(name: str) -> None:
    content, expected = GOOD_JSON[name]
    assert read_table(json.dumps(content).encode(), ".json") == expected
    assert read_pasted(json.dumps(content, indent=2)) == expected


@pytest.mark.parametrize("dtype", ["<f2", ">f4", "<f8", ">f8", "<i1", ">i2", "<u4", ">i8", "<u8"])
@pytest.mark.parametrize("shape", [(3,), (1, 3), (3, 1)])
def test_npy(dtype: str, shape: tuple[int, ...]) -> None:
    array = np.array([1, 2, 3], dtype).reshape(shape)
    assert read_table(npy(array), ".npy") == Table(None, (1.0, 2.0, 3.0), "logits")


def test_npy_knows_masked_options_and_version_2() -> None:
    assert read_table(npy([-np.inf, 1.0]), ".npy") == Table(None, (-INF, 1.0), "logits")
    assert read_table(npy([0.5, 0.5]), ".npy").kind is None
    file = io.BytesIO()
    np.lib.format.write_array(file, np.array([1.0, 2.0]), version=(2, 0))
    assert read_table(file.getvalue(), ".npy").values == (1.0, 2.0)


def lying_header(shape: str, descr: str = "'<f8'") -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + b"\0" * 16


BAD_TEXT = {
    "empty": "",
    "spaces": " \n\t\n ",
    "only separators": ",,\n,,",
    "nan": "nan\n1",
    "nan in a row": "1,nan,2",
    "infinity": "a,inf\nb,1",
    "infinity sign": "a,∞\nb,1",
    "words": "hello",
    "words in columns": "a,b\nc,d",
    "a word among numbers": "1\n2\nthree\n4",
    "ragged": "a,1\nb\nc,2",
    "too many columns": "a,1,2\nb,3,4\nc,5,6",
    "a matrix": "1.5,2,3\n4,5,6",
    "a matrix with spaces": "1 2 3\n4 5 6\n7 8 9",
    "huge": "1e7\n1",
    "endless": "1" * 2000,
    "underscore": "1_000\n2",
    "hexadecimal": "0x10\n1",
    "other digits": "١\n٢",
    "two points": "1.2.3\n1",
    "thousands": "a;1,000.5\nb;2",
    "comma beside points": "a;1,000\nb;2.5",
    "quoted thousands": 'a,"1,000"\nb,2',
    "decimal commas alone": "2,5\n1,5\n0,4",
    "all masked": "a,masked\nb,-inf",
    "long label": "a" * 201 + ",1\nb,2",
    "logits in per cent": "x,logit\na,50%\nb,50%",
    "half a quote": 'a,1\n"b,2\nc,3',
    "broken first number": "12x\n1\n2",
    "JSON nan": "[NaN, 1]",
    "JSON infinity": "[1, 1e999]",
    "JSON text": '["a", "b"]',
    "JSON true": "[true, false]",
    "JSON nested": "[[[1]]]",
    "JSON three": '[["a", 1, 2]]',
    "JSON pair turned": '[[1, "a"]]',
    "JSON empty list": "[]",
    "JSON empty object": "{}",
    "JSON twice": '{"a": 1, "a": 2}',
    "JSON both kinds": '{"logits": [1], "probabilities": [1]}',
    "JSON labels only": '{"labels": ["a"]}',
    "JSON both labels": '{"logits": [1], "labels": ["a"], "names": ["a"]}',
    "JSON few labels": '{"logits": [1, 2], "labels": ["a"]}',
    "JSON unknown key": '{"logits": [1], "colour": ["red"]}',
    "JSON scene": '{"format": "gumbelviz scene", "version": 1}',
    "JSON cut": "[1, 2",
    "JSON deep": "[" * 100_000,
    "JSON deep objects": '{"a":' * 100_000,
    "JSON huge": "[1e7]",
}
BAD_BYTES = {
    "NUL": (b"a,1\0\nb,2", ".csv"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ".csv"),
    "Latin-1": ("a,1\nMüller,2".encode("latin-1"), ".csv"),
    "UTF-16": ("a,1\nb,2".encode("utf-16"), ".csv"),
    "nothing": (b"", ".json"),
    "too large": (b"1," * (LARGEST_FILE // 2 + 1), ".csv"),
    "unknown ending": (b"1", ".xlsx"),
    "no ending": (b"1", ""),
    "JSON number": (b"3", ".json"),
    "not NPY": (b"hello, I am not an array", ".npy"),
    "NPY magic only": (b"\x93NUMPY", ".npy"),
    "NPY version 9": (b"\x93NUMPY\x09\x00" + npy([1.0])[8:], ".npy"),
    "NPY cut": (npy([1.0, 2.0])[:-1], ".npy"),
    "NPY too long": (npy([1.0, 2.0]) + b"x", ".npy"),
    "NPY header cut": (npy([1.0, 2.0])[:40], ".npy"),
    "NPY lies": (lying_header("(1000000000000,)"), ".npy"),
    "NPY lies within limits": (lying_header("(131072,)"), ".npy"),
    "NPY negative": (lying_header("(-2,)"), ".npy"),
    "NPY beyond integers": (lying_header("(" + "9" * 300 + ",)"), ".npy"),
    "NPY true shape": (lying_header("(True, True)", "'|O'"), ".npy"),
    "NPY strange type": (lying_header("(2,)", "('<f8', (1000000, 1000000))"), ".npy"),
    "NPY no type": (lying_header("(2,)", "'hello'"), ".npy"),
    "NPY deep": (lying_header("(" * 3000 + ")" * 3000), ".npy"),
    "NPY objects": (npy(np.array([1, "a"], object)), ".npy"),
    "NPY complex": (npy([1j, 2.0]), ".npy"),
    "NPY bool": (npy([True, False]), ".npy"),
    "NPY text": (npy(["a", "b"]), ".npy"),
    "NPY structured": (npy(np.zeros(2, [("x", "f8")])), ".npy"),
    "NPY dates": (npy(np.array(["2020-01-01"], "M8[D]")), ".npy"),
    "NPY matrix": (npy([[1.0, 2.0], [3.0, 4.0]]), ".npy"),
    "NPY cube": (npy([[[1.0]]]), ".npy"),
    "NPY scalar": (npy(1.0), ".npy"),
    "NPY empty": (npy(np.zeros(0)), ".npy"),
    "NPY nan": (npy([1.0, np.nan]), ".npy"),
    "NPY infinity": (npy([1.0, np.inf]), ".npy"),
    "NPY huge": (npy([1.0, 2**40]), ".npy"),
    "NPY all masked": (npy([-np.inf, -np.inf]), ".npy"),
    "NPY many": (npy(np.zeros(131_073, "i1")), ".npy"),
}


@pytest.mark.parametrize("name", BAD_TEXT)
def test_bad_text_is_refused_with_one_sentence(name: str) -> None:
    refusal(lambda: read_pasted(BAD_TEXT[name]))


@pytest.mark.parametrize("name", BAD_BYTES)
def test_bad_files_are_refused_with_one_sentence(name: str) -> None:
    refusal(lambda: read_table(*BAD_BYTES[name]))


def test_sentences_name_the_line() -> None:
    assert refusal(lambda: read_pasted(BAD_TEXT["a word among numbers"])) == 'Line 3: "three" is not a number.'
    assert refusal(lambda: read_pasted(BAD_TEXT["ragged"])) == "Line 2 has 1 column, but line 1 has 2 columns."
    assert refusal(lambda: read_table(*BAD_BYTES["Latin-1"])).startswith("Line 2 is not UTF-8 text")
    assert refusal(lambda: read_pasted("a,1\n\n\nb,x")) == 'Line 4: "x" is not a number.'
    assert refusal(lambda: read_pasted('"a\nb",1\nc,x')) == 'Line 3: "x" is not a number.'
    assert refusal(lambda: read_pasted("[1, null, 1e7]")).startswith("Entry 3 is 1e+07")


@given(st.text(alphabet='1-.,;\t \n"%ae[]{}:−', max_size=40) | st.text(max_size=20))
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_table_or_a_sentence(text: str) -> None:
    try:
        table = read_pasted(text)
    except ValueError as error:
        assert is_sentence(str(error)), error
    else:
        assert len(table.values) >= 1
        assert table.names is None or len(table.names) == len(table.values)
        assert all(value == -INF or abs(value) <= 1e6 for value in table.values)


@given(st.binary(max_size=30), st.integers(0, 140))
@settings(max_examples=200, deadline=None)
def test_any_npy_is_a_table_or_a_sentence(junk: bytes, place: int) -> None:
    good = npy([0.5, 1.5])
    try:
        read_table(good[:place] + junk + good[place + len(junk) :], ".npy")
    except ValueError as error:
        assert is_sentence(str(error)), error


numbers = st.floats(-1e6, 1e6, allow_nan=False)
labels = st.text("abcxyzäé ,;'\"", min_size=1, max_size=8).map(str.strip).filter(lambda s: s != "")


@given(st.lists(st.tuples(labels, numbers), min_size=1, max_size=8), st.sampled_from(",;\t"))
@settings(max_examples=200, deadline=None)
def test_written_csv_comes_back(rows: list[tuple[str, float]], separator: str) -> None:
    import csv

    file = io.StringIO()
    writer = csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writerow(["label", "logit"])
    writer.writerows((label, repr(z)) for label, z in rows)
    table = read_table(file.getvalue().encode(), ".csv")
    assert table == Table(tuple(label for label, _ in rows), tuple(z for _, z in rows), "logits")


def test_probabilities_become_logits() -> None:
    options = to_settings_options(Table(("a", "", "c"), (0.5, 0.5, 0.0), "probabilities"), "probabilities")
    assert [option.name for option in options] == ["a", "Option 2", "c"]
    assert [option.logit for option in options] == [math.log(0.5), math.log(0.5), -INF]
    assert [option.color for option in options] == [0, 1, 2]
    near = to_settings_options(Table(None, (0.333, 0.333, 0.333), None), "probabilities")
    assert math.fsum(math.exp(option.logit) for option in near) == pytest.approx(1.0, abs=1e-15)
    hundred = to_settings_options(Table(None, (60.0, 40.0), None), "probabilities")
    assert hundred[0].logit == pytest.approx(math.log(0.6), abs=1e-15)
    as_logits = to_settings_options(Table(None, (60.0, -INF), None), "logits")
    assert [option.logit for option in as_logits] == [60.0, -INF]


@pytest.mark.parametrize("values", [(0.5, 0.4), (0.0, 0.0), (1.5, -0.5), (0.6, 0.6), (33.0, 33.0, 33.0)])
def test_numbers_that_are_no_probabilities(values: tuple[float, ...]) -> None:
    refusal(lambda: to_settings_options(Table(None, values, None), "probabilities"))


HOSTILE = {
    "two million lines": (b"1\n" * 2_000_000, ".csv"),
    "two million columns": (b"1," * 2_000_000, ".csv"),
    "two million words": (b"1 " * 2_000_000, ".txt"),
    "four million quotes": (b'"' * 4_000_000, ".csv"),
    "four million digits": (b"1" * 4_000_000, ".csv"),
    "four million brackets": (b"[" * 4_000_000, ".json"),
    "a million lists": (b"[" + b"[]," * 1_300_000 + b"[]]", ".json"),
    "many keys": (b"{" + b",".join(b'"%d":1' % i for i in range(300_000)) + b"}", ".json"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_cost_little(name: str) -> None:
    data, suffix = HOSTILE[name]
    assert len(data) <= LARGEST_FILE
    start = time.process_time()
    refusal(lambda: read_table(data, suffix))
    assert time.process_time() - start < 0.8  # measured: below 0.2 s
    tracemalloc.start()
    refusal(lambda: read_table(data, suffix))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 2**20


def test_a_vocabulary_loads() -> None:
    data = b"".join(b"token %d;%d,5\n" % (i, i % 17) for i in range(131_072))
    table = read_table(data, ".csv")
    assert len(table.values) == 131_072
    assert table.values[20] == 3.5
