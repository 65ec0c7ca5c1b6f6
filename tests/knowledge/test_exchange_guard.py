"""Files that are malformed, huge, disguised, in another encoding, or could do harm are refused in words."""

import struct
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from chatbot.errors import ExchangeError
from chatbot.knowledge.exchange import FORMATS, Format, read_exchange
from chatbot.knowledge.exchange_guard import MAX_BYTES, MAX_ENTRIES, MAX_UNPACKED, package_of


def workbook() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Question", "Answer"])
    sheet.append(["Where?", "Here."])
    sheet.append(["=1+1", "There."])
    book.create_sheet("More")
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_parts(parts: Mapping[str, bytes], data: bytes | None = None) -> bytes:
    stream = BytesIO(workbook() if data is None else data)
    with ZipFile(stream, "a", ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return stream.getvalue()


def lying(data: bytes) -> bytes:
    """A package whose directory says of every part that it unpacks to one byte."""
    changed, start = bytearray(data), 0
    while (start := changed.find(b"PK\x01\x02", start)) >= 0:
        struct.pack_into("<L", changed, start + 24, 1)
        start += 4
    return bytes(changed)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.csv", "Question,Answer\na,b\n".encode("utf-16"), "is in UTF-16"),
        ("a.csv", "Question,Answer\na,b\n".encode("utf-16-le"), "is in UTF-16"),
        (
            "a.csv",
            "Question,Answer\na,£5 – cafés\n".encode("cp1252"),
            r"is not in UTF-8 \(line 2\), maybe in Windows-1252",
        ),
        ("a.tsv", "Question\tAnswer\ncafé\tb\n".encode("latin-1"), "is not in UTF-8"),
        ("a.csv", b"x" * (MAX_BYTES + 1), "at most 10 MB"),
        ("a.csv", b" \n", "is empty"),
        ("a.tsv", b"\xef\xbb\xbf \n", "is empty"),
        ("a.csv", b'Question,Answer\n"a,b\n', "no valid CSV"),
        ("a.csv", b"Question,Answer\n" + b"," * 200 + b"\n", "more than 100 columns"),
        ("a.csv", b"Question,Answer\n" + b"q,a\n" * (MAX_ENTRIES + 1), "at most 5000 are read"),
        ("a.csv", b"Question,Answer\nq," + b"a" * 60_000, "row 2: a text has more than 50000 letters"),
        ("a.csv", workbook(), "is no text file"),
        ("a.csv", b"\x89PNG\r\n\x1a\n\0\0", "is no text file"),
        ("a.json", b'{"qna": [', "line 1: this is no valid JSON"),
        ("a.json", b"[" * 100_000, "no valid JSON"),
        ("a.json", b'{"faq": []}', "no list 'qna'"),
        ("a.tsv", b"Frage\tAntwort\n", "must have 'Question' and 'Answer'"),
        ("a.yml", b"nlu: *x\n", "line 1"),
        ("a.yml", b"a: &a [x]\nb: [*a, *a]\n", "line 1"),
        ("a.yml", b"stories: []\n", "is no file of Rasa"),
        ("a.yml", b'version: "3.1"\nnlu: []\n', "no 'nlu:' with intents"),
        ("a.csv", b"What?\n", "a question and an answer are needed"),
        ("a.pdf", b"%PDF", "nothing is known about '.pdf' files"),
        ("a.xlsm", workbook(), "Excel files with macros"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "Excel files with macros, or of the old format"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "the old format of Office, or has a password"),
        ("a.xlsx", b"PK\x03\x04 nothing", "is damaged or no Office file"),
        ("a.xlsx", b"Question,Answer\n", "is damaged or no Office file"),
        ("a.xlsx", with_parts({"x.xml": b"<a/>"}, b""), "is damaged or no Excel file"),
        ("a.xlsx", with_parts({"xl/vbaProject.bin": b"x"}), "carries macros"),
        ("a.xlsx", with_parts({"xl/macrosheets/sheet1.xml": b"<a/>"}), "carries macros"),
        ("a.xlsx", with_parts({"xl/evil.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "defines XML entities"),
        ("a.xlsx", with_parts({"xl/big.xml": b"\0" * (MAX_UNPACKED + 1)}), "would unpack to"),
        ("a.xlsx", with_parts({"xl/big.xml": b"\0" * 20_000_000}), "would unpack to"),
        ("a.xlsx", with_parts({f"xl/{n}.txt": b"" for n in range(2_100)}), "at most 60 MB in 2000 parts"),
        ("a.xlsx", lying(with_parts({"xl/sheet9.xml": b"\0" * 5_000_000})), "damaged"),
    ],
)
def test_refusals(name: str, data: bytes, said: str) -> None:
    """The message names the file and says what to do."""
    with pytest.raises(ExchangeError, match=said) as raised:
        read_exchange({name: data})
    assert str(raised.value).startswith("a.")


def test_a_workbook_is_read_but_for_its_formulas_and_further_sheets() -> None:
    found = read_exchange({"a.xlsx": workbook()})
    assert [(entry.question, entry.answer) for entry in found.entries] == [("Where?", "Here."), ("", "There.")]
    assert [str(note) for note in found.notes] == [
        "row 3: left out: a formula: write its value into the cell",
        "the file: left out: the sheet 'More': only the first sheet is read",
    ]


def test_two_files_are_rasas_alone() -> None:
    with pytest.raises(ExchangeError, match="Give one file"):
        read_exchange({"a.csv": b"Question,Answer\n", "b.csv": b"Question,Answer\n"})


def test_an_honest_package_is_opened() -> None:
    with package_of(workbook(), "a.xlsx") as package:
        assert "xl/workbook.xml" in package.namelist()


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(FORMATS),
    st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
)
def test_arbitrary_bytes_are_read_or_refused(form: Format, data: bytes) -> None:
    """Never a traceback."""
    try:
        read_exchange({"a.x": data}, form)
    except ExchangeError:
        return


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(workbook()) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_workbook_is_read_or_refused(place: int, noise: bytes) -> None:
    data = workbook()
    try:
        read_exchange({"a.xlsx": data[:place] + noise + data[place + len(noise) :]})
    except ExchangeError:
        return


def test_nothing_is_written_while_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages are unpacked in memory alone, so that no name in one can lead out of a folder."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ExchangeError):
        read_exchange({"a.xlsx": with_parts({"../../evil.xml": b"<a/>", "xl/vbaProject.bin": b""})})
    assert list(tmp_path.iterdir()) == []
