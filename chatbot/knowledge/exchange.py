"""Import and export: one door to the formats of other programs (docs/exchange.md)."""

from collections.abc import Callable, Mapping
from pathlib import PurePath

from chatbot.errors import ExchangeError
from chatbot.knowledge.exchange_dialogflow import read_dialogflow, write_dialogflow
from chatbot.knowledge.exchange_guard import refuse_many, text_of
from chatbot.knowledge.exchange_model import FORMATS, Export, Format, Import
from chatbot.knowledge.exchange_qnabot import read_qnabot, write_qnabot
from chatbot.knowledge.exchange_qnamaker import read_qnamaker, write_qnamaker
from chatbot.knowledge.exchange_rasa import read_rasa, write_rasa
from chatbot.knowledge.exchange_table import csv_rows, read_csv, read_excel, write_csv, write_excel
from chatbot.knowledge.model import Knowledge

_READERS: Mapping[Format, Callable[[bytes, str], Import]] = {
    "csv": read_csv,
    "excel": read_excel,
    "qnamaker": read_qnamaker,
    "qnabot": read_qnabot,
    "dialogflow": read_dialogflow,
}
_WRITERS: Mapping[Format, Callable[[Knowledge], Export]] = {
    "csv": write_csv,
    "excel": write_excel,
    "rasa": write_rasa,
    "qnamaker": write_qnamaker,
    "qnabot": write_qnabot,
    "dialogflow": write_dialogflow,
}
_BY_ENDING: Mapping[str, Format] = {
    ".xlsx": "excel",
    ".yml": "rasa",
    ".yaml": "rasa",
    ".tsv": "qnamaker",
    ".json": "qnabot",
    ".csv": "csv",
}


def read_exchange(files: Mapping[str, bytes], form: Format | None = None) -> Import:
    """The questions and answers in a file of another program, or in several of Rasa's, by their names.

    Raises:
        ExchangeError: it is refused; the message says why and what to do.
    """
    name, data = next(iter(files.items()))
    form = form or format_of(name, data)
    if len(files) > 1 and form != "rasa":
        raise ExchangeError("Give one file; only Rasa's nlu.yml and domain.yml are read together.")
    found = read_rasa(files) if form == "rasa" else _READERS[form](data, name)
    refuse_many(list(found.entries), name)
    return found


def write_exchange(knowledge: Knowledge, form: Format) -> Export:
    """The knowledge as a file of another program, with a report on what that cannot hold."""
    return _WRITERS[form](knowledge)


def format_of(name: str, data: bytes | None = None) -> Format:
    """The format of a file by its ending; a CSV without a line of names is Dialogflow's.

    Raises:
        ExchangeError: nothing is known about such files.
    """
    ending = PurePath(name).suffix.lower()
    if ending in {".xlsm", ".xlsb", ".xltm", ".xls"}:
        raise ExchangeError(f"{name}: Excel files with macros, or of the old format, are not read. Save it as .xlsx.")
    if ending not in _BY_ENDING:
        known = ", ".join(_BY_ENDING)
        raise ExchangeError(f"{name}: nothing is known about '{ending}' files. Known are {known}; or give --format.")
    if ending == ".csv" and data is not None:
        heads = {cell.strip().casefold() for cell in next(csv_rows(text_of(data, name), name), [])}
        named = any(head in heads for head in ("question", "questions")) and bool(
            heads & {"answer", "answers", "response"}
        )
        return "csv" if named else "dialogflow"
    return _BY_ENDING[ending]


__all__ = ["FORMATS", "Export", "Format", "Import", "format_of", "read_exchange", "write_exchange"]
