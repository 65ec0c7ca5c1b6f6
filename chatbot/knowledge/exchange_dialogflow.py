"""Dialogflow's FAQ file: a CSV of question and answer, without a line of names."""

import csv
from dataclasses import replace
from io import StringIO

from chatbot.errors import ExchangeError
from chatbot.knowledge.exchange_guard import text_of
from chatbot.knowledge.exchange_model import Entry, Export, Import, Note, merged_note
from chatbot.knowledge.exchange_table import csv_rows, original_cell, safe_cell
from chatbot.knowledge.model import Knowledge


def read_dialogflow(data: bytes, name: str) -> Import:
    """The entries of the file; rows with the very same answer are one.

    Raises:
        ExchangeError: a row is not a question and an answer.
    """
    entries: list[Entry] = []
    first: dict[str, int] = {}
    merged: dict[int, list[int]] = {}
    notes: list[Note] = []
    for number, row in enumerate(csv_rows(text_of(data, name), name, ","), 1):
        cells = [original_cell(cell.strip()) for cell in row]
        if not any(cells):
            continue
        if len(cells) < 2:
            message = "a question and an answer are needed, with a comma between them"
            raise ExchangeError(f"{name}, row {number}: {message}.")
        if any(cells[2:]):
            notes.append(Note(number, "left out", "what stands behind the answer"))
        question, answer = cells[:2]
        place = first.setdefault(answer, len(entries)) if answer else len(entries)
        if place < len(entries):
            same = entries[place]
            entries[place] = replace(same, phrasings=(*same.phrasings, question))
            merged.setdefault(same.place, []).append(number)
        else:
            entries.append(Entry(number, question, answer))
    for first_row, others in merged.items():
        notes += merged_note(first_row, others, "which have the same answer")
    return Import("dialogflow", tuple(entries), tuple(notes))


def write_dialogflow(knowledge: Knowledge) -> Export:
    """The question and each phrasing of all intents with the answer; small talk and handoffs, too."""
    stream = StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    for intent in knowledge.intents():
        for question in (intent.question, *intent.phrasings):
            writer.writerow([safe_cell(question), safe_cell(intent.answer)])
    lost = "ids, topics, kinds, sources, related questions and reviews, for which the format has no place"
    return Export(stream.getvalue().encode(), (Note(0, "left out", lost),))
