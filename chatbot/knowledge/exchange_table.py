"""Our own table of questions, an intent a row, in CSV and Excel; and the tables of other people with such columns."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from chatbot.errors import ExchangeError
from chatbot.knowledge.exchange_guard import package_of, text_of
from chatbot.knowledge.exchange_model import Entry, Export, Import, Note
from chatbot.knowledge.model import Intent, Knowledge, Review

COLUMNS = (
    *("topic", "id", "question", "kind", "phrasings", "answer", "source", "related"),
    *("tier", "safety_line", "reviewed"),
)
_OTHERS = ("kind", "source", "related", "tier", "safety_line", "reviewed")
_NAMES = {
    "alternatives": "phrasings",
    "alternative questions": "phrasings",
    "category": "topic",
    "examples": "phrasings",
    "intent": "id",
    "questions": "question",
    "response": "answer",
    "answers": "answer",
    "utterances": "phrasings",
}

#: A cell that starts with one of these is a formula to some spreadsheet program (OWASP, "CSV Injection").
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠|%']")
_SAVED = re.compile(r"'(?=\s*[=+\-@＝＋－＠|%'])")

#: Excel holds 32,767 letters in a cell.
_LONGEST_CELL = 30_000
_MOST_COLUMNS = 100


def safe_cell(text: str) -> str:
    """The text so that no spreadsheet program takes it for a formula: with an apostrophe before it, if need be."""
    return f"'{text}" if _FORMULA.match(text) else text


def original_cell(text: str) -> str:
    """The text as it was before `safe_cell`."""
    return _SAVED.sub("", text, count=1) if _SAVED.match(text) else text


def read_csv(data: bytes, name: str) -> Import:
    """The entries of a CSV file with a line of column names, with commas, semicolons or tabs between them."""
    return _import("csv", list(csv_rows(text_of(data, name), name)), name)


def write_csv(knowledge: Knowledge) -> Export:
    """All intents, an intent a row; texts that spreadsheets would take for formulas get an apostrophe."""
    stream = StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(
        [[safe_cell(cell) for cell in row] for row in (COLUMNS, *_rows(knowledge))]
    )
    return Export(b"\xef\xbb\xbf" + stream.getvalue().encode(), _not_written(knowledge))


def read_excel(data: bytes, name: str) -> Import:
    """The entries of the first sheet of an Excel file."""
    with package_of(data, name):
        pass
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
        rows, notes = _sheet(book.worksheets[0])
        skipped = [sheet.title for sheet in book.worksheets[1:]]
        book.close()
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever its parsers do at a damaged file
        raise ExchangeError(f"{name} is damaged or no Excel file ({type(error).__name__}). Save it anew.") from None
    notes += [Note(0, "left out", f"the sheet '{title}': only the first sheet is read") for title in skipped]
    found = _import("excel", rows, name)
    return Import("excel", found.entries, (*notes, *found.notes))


def write_excel(knowledge: Knowledge) -> Export:
    """All intents, an intent a row; every cell is text."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Questions"
    for number, row in enumerate((COLUMNS, *_rows(knowledge)), 1):
        for column, text in enumerate(row, 1):
            _write_text(sheet.cell(number, column), text)
    for column, width in enumerate((14, 30, 40, 10, 60, 80, 40, 30, 8, 10, 30), 1):
        sheet.cell(1, column).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "D2"
    stream = BytesIO()
    book.save(stream)
    return Export(stream.getvalue(), _not_written(knowledge))


def csv_rows(text: str, name: str, delimiter: str = "") -> Iterator[list[str]]:
    """The rows of a CSV text.

    Raises:
        ExchangeError: it is malformed.
    """
    first = text.split("\n", 1)[0]
    delimiter = delimiter or max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if len(row) > _MOST_COLUMNS:
                raise ExchangeError(f"{name}, line {reader.line_num}: more than {_MOST_COLUMNS} columns.")
            yield row
    except csv.Error as error:
        message = f"{name}, line {reader.line_num}: this is no valid CSV ({error}). Export the file anew."
        raise ExchangeError(message) from None


def _write_text(cell: Cell | MergedCell, text: str) -> None:
    cell.value = f"'{text}" if _SAVED.match(text) else text  # an apostrophe of its own survives reading
    cell.data_type = "s"
    cell.quotePrefix = bool(_FORMULA.match(text))  # stays text even when somebody edits the cell
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _sheet(sheet: object) -> tuple[list[list[str]], list[Note]]:
    rows: list[list[str]] = []
    notes: list[Note] = []
    for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), 1):  # type: ignore[attr-defined]
        rows.append(["" if cell.value is None or cell.data_type == "f" else str(cell.value) for cell in cells])
        if any(cell.data_type == "f" for cell in cells):
            notes.append(Note(number, "left out", "a formula: write its value into the cell"))
    return rows, notes


def _import(form: str, rows: Sequence[Sequence[str]], name: str) -> Import:
    heads = [head.strip().casefold() for head in rows[0]] if rows else []
    columns = [_NAMES.get(head, head) for head in heads]
    if not {"question", "answer"} <= set(columns):
        message = f"{name}: the first row must name the columns, with at least 'question' and 'answer'."
        raise ExchangeError(f"{message} Found: {', '.join(heads[:20]) or 'nothing'}.")
    notes = [
        Note(1, "mapped", f"the column '{head}' is read as {column}")
        for head, column in zip(heads, columns)
        if head != column
    ]
    entries, lost = _entries(rows, columns)
    known = {*COLUMNS}
    for place, column in enumerate(columns):
        filled = sum(len(row) > place and bool(row[place].strip()) for row in rows[1:])
        if column not in known and filled:
            notes.append(
                Note(1, "left out", f"the column '{heads[place]}' ({filled} rows): nothing here corresponds to it")
            )
    merged, more = _merged(entries)
    return Import("excel" if form == "excel" else "csv", tuple(merged), (*notes, *lost, *more))


def _entries(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> tuple[list[Entry], list[Note]]:
    entries: list[Entry] = []
    notes: list[Note] = []
    for number, row in enumerate(rows[1:], 2):
        cells = {column: original_cell(cell.strip()) for column, cell in zip(columns, row) if cell.strip()}
        if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
            notes.append(Note(number, "left out", "cells beyond the last named column"))
        if cells:
            entries.append(_entry(number, cells))
    return entries, notes


def _entry(number: int, cells: dict[str, str]) -> Entry:
    return Entry(
        place=number,
        question=cells.get("question", ""),
        answer=cells.get("answer", ""),
        phrasings=tuple(line.strip() for line in cells.get("phrasings", "").splitlines() if line.strip()),
        id=cells.get("id", ""),
        topic=cells.get("topic", ""),
        others={name: cells[name] for name in _OTHERS if name in cells},
    )


def _merged(entries: Iterable[Entry]) -> tuple[list[Entry], list[Note]]:
    """Rows that continue the one with the same id: their phrasings are added to it."""
    first: dict[str, Entry] = {}
    notes: list[Note] = []
    for number, entry in enumerate(entries):
        key = entry.id or f"\n{number}"
        if key not in first:
            first[key] = entry
            continue
        kept = first[key]
        more = (entry.question,) if entry.question and entry.question != kept.question else ()
        phrasings = (*kept.phrasings, *more, *entry.phrasings)
        first[key] = Entry(kept.place, kept.question, kept.answer, phrasings, kept.id, kept.topic, kept.others)
        notes.append(Note(entry.place, "merged", f"with row {kept.place}, which has the same id"))
        if entry.answer and entry.answer != kept.answer:
            notes.append(Note(entry.place, "left out", f"its answer, since row {kept.place} has another"))
    return list(first.values()), notes


def _rows(knowledge: Knowledge) -> Iterator[tuple[str, ...]]:
    for topic in knowledge.topics:
        for intent in topic.intents:
            first, *more = _cells_of(intent.phrasings)
            cells = (intent.question, intent.kind, first, intent.answer, *_other_cells(intent))
            yield (topic.topic, intent.id, *cells)
            for further in more:
                yield (topic.topic, intent.id, "", "", further, *([""] * 6))


def _cells_of(phrasings: Iterable[str]) -> list[str]:
    """The phrasings a line each, in as many cells as their length needs."""
    cells = [""]
    for phrasing in phrasings:
        if len(cells[-1]) + len(phrasing) > _LONGEST_CELL:
            cells.append("")
        cells[-1] += f"\n{phrasing}" if cells[-1] else phrasing
    return cells


def _other_cells(intent: Intent) -> tuple[str, ...]:
    cited = intent.source if isinstance(intent.source, tuple) else ()
    source: str = "clinic" if intent.source == "clinic" else "\n".join(f"{s.article}: {s.section}" for s in cited)
    signed = intent.reviewed
    reviewed = f"{signed.by}\n{signed.on}\n{signed.due}" if isinstance(signed, Review) else signed
    return source, "\n".join(intent.related), intent.tier or "", "true" if intent.safety_line else "", reviewed


def _not_written(knowledge: Knowledge) -> tuple[Note, ...]:
    counts = Counter({"messages that are out of scope": len(knowledge.out_of_scope)})
    return tuple(Note(0, "left out", f"{count} {what}") for what, count in counts.items() if count)
