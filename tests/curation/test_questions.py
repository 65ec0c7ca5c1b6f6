"""Reading labelled questions."""

from pathlib import Path

import pytest

from chatbot.curation.questions import Question, read_questions
from chatbot.errors import QuestionsError


def test_jsonl_and_csv_say_the_same(tmp_path: Path) -> None:
    """A CSV row with two other labels reads as the JSONL row does."""
    jsonl, table = tmp_path / "q.jsonl", tmp_path / "q.csv"
    jsonl.write_text('{"text": "how much, please?", "intent": "price", "also": ["booking", "thanks"]}\n\n')
    table.write_text('text,intent,also\n"how much, please?",price,booking thanks\n')
    expected = (Question("how much, please?", "price", frozenset({"price", "booking", "thanks"})),)
    assert read_questions(jsonl) == read_questions(table) == expected


def test_later_turns_remember_what_was_said_before(tmp_path: Path) -> None:
    """A conversation of three turns asks two questions, each after the messages before it."""
    said = [f'{{"user": "{text}", "intent": "{text}"}}' for text in ("one", "two", "three")]
    (tmp_path / "d.jsonl").write_text(f'{{"turns": [{", ".join(said)}]}}')
    second, third = read_questions(tmp_path / "d.jsonl")
    assert (second.text, second.before, second.group) == ("two", ("one",), "follow-up")
    assert (third.text, third.before) == ("three", ("one", "two"))


@pytest.mark.parametrize(
    ("row", "group"),
    [
        ('{"text": "q", "intent": "price"}', "in scope"),
        ('{"text": "q", "intent": "fallback"}', "out of scope"),
        ('{"text": "q", "intent": "safety"}', "safety"),
        ('{"text": "q", "intents": ["price"]}', "single"),
        ('{"text": "q", "intents": ["price", "booking"]}', "several"),
    ],
)
def test_questions_are_counted_by_what_they_mean(tmp_path: Path, row: str, group: str) -> None:
    """The label and the form of a row say with which others it is counted."""
    (tmp_path / "q.jsonl").write_text(row)
    assert read_questions(tmp_path / "q.jsonl")[0].group == group


def test_every_problem_is_told_with_file_and_line(tmp_path: Path) -> None:
    """Two broken rows of two files come back in one error."""
    (tmp_path / "a.jsonl").write_text('{"text": "fine", "intent": "price"}\n{"text": "no label"}\n')
    (tmp_path / "b.csv").write_text("text,intent\nno label either,\n")
    with pytest.raises(QuestionsError) as error:
        read_questions(tmp_path)
    assert "a.jsonl:2: intent" in str(error.value)
    assert "b.csv:2: intent" in str(error.value)


@pytest.mark.parametrize("content", ["{not json", "[]", '"text"', ""])
def test_what_is_no_question_file_is_refused(tmp_path: Path, content: str) -> None:
    """Broken JSON, a row that is no object and an empty file name the file."""
    (tmp_path / "q.jsonl").write_text(content)
    with pytest.raises(QuestionsError, match=r"q\.jsonl"):
        read_questions(tmp_path / "q.jsonl")


def test_a_missing_file_and_another_format_are_refused(tmp_path: Path) -> None:
    """Neither ends in a traceback of another kind."""
    for name in ("missing.jsonl", "questions.xlsx"):
        with pytest.raises(QuestionsError, match=name):
            read_questions(tmp_path / name)
