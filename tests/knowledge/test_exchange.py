"""Import and export: every format goes there and back, and nothing is dropped in silence."""

import csv
import json
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from chatbot.__main__ import main
from chatbot.commands import exchange as commands
from chatbot.errors import EditError
from chatbot.knowledge.edit import add_intents, update_intent
from chatbot.knowledge.exchange import FORMATS, Format, format_of, read_exchange, write_exchange
from chatbot.knowledge.exchange_merge import Merged, merge
from chatbot.knowledge.exchange_table import original_cell, safe_cell
from chatbot.knowledge.files import load_knowledge
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.knowledge.model import Intent, Knowledge
from tests.knowledge import exchange_cases as cases

INTENTS = Path(__file__).parents[2] / "intents"
NAMES: dict[Format, str] = {
    "csv": "x.csv",
    "excel": "x.xlsx",
    "rasa": "x.yml",
    "qnamaker": "x.tsv",
    "qnabot": "x.json",
    "dialogflow": "y.csv",
}
DANGEROUS = ("=1+1", "+44 20", "-2", "@SUM(A1)", "'=1", "''x", "=HYPERLINK(x)", "%0A", " =1", "＝1")


@pytest.fixture
def small(folder: Path) -> KnowledgeFiles:
    return KnowledgeFiles.of_folder(folder)


def imported(files: KnowledgeFiles, form: Format, *texts: str | bytes, topic: str = "") -> Merged:
    data = [text.encode() if isinstance(text, str) else text for text in texts]
    names = [f"{number}{NAMES[form]}" for number in range(len(texts))]
    return merge(files, read_exchange(dict(zip(names, data)), form), topic)


def report(merged: Merged) -> list[str]:
    return [str(note) for note in merged.notes]


def without_names(knowledge: Knowledge) -> list[tuple[str, str, frozenset[str]]]:
    """Questions, answers and phrasings, which every format holds."""
    return sorted((i.question, i.answer, frozenset(i.phrasings)) for i in knowledge.intents())


@pytest.mark.parametrize("form", FORMATS)
def test_our_own_export_changes_nothing(form: Format) -> None:
    """The clinic's whole knowledge goes out and comes in again as it was."""
    files = KnowledgeFiles.of_folder(INTENTS)
    data = write_exchange(load_knowledge(files), form).data
    merged = imported(files, form, data)
    assert (merged.added, merged.changed) == ((), ())
    assert merged.files == files


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "dialogflow"])
def test_an_export_fills_an_empty_knowledge_base(form: Format, small: KnowledgeFiles) -> None:
    """Ids, topics, kinds, questions, phrasings and answers are all in the file."""
    full = add_intents(small, "prp", [_dangerous()])
    data = write_exchange(load_knowledge(full), form).data
    bare = full.without("prp.yaml").without("visiting.yaml")
    starters = "starters: [prp_definition, prp_procedure, hip_pain_sitting, booking]"
    bare = bare.put("clinic.yaml", bare["clinic.yaml"].replace(starters, "starters: [hip_pain_sitting]"))
    merged = imported(bare, form, data)
    after, before = load_knowledge(merged.files), load_knowledge(full)
    assert without_names(after) == without_names(before)
    assert {i.id: i.kind for i in after.intents()} == {i.id: i.kind for i in before.intents()}
    assert after.topic_of == before.topic_of


@pytest.mark.parametrize("form", ["csv", "excel"])
def test_our_own_table_holds_every_field(form: Format, small: KnowledgeFiles) -> None:
    """Only reviews are left out: somebody must read an answer here before it counts as read."""
    full = add_intents(small, "prp", [_dangerous()])
    full = update_intent(full, "prp_definition", reviewed={"by": "A", "on": "2026-01-01", "due": "2027-01-01"})
    merged = imported(small, form, write_exchange(load_knowledge(full), form).data)
    assert load_knowledge(merged.files).by_id["prp_dangerous"] == _dangerous()
    assert load_knowledge(merged.files).by_id["prp_definition"].reviewed == "pending"


def _dangerous() -> Intent:
    fields = {
        "id": "prp_dangerous",
        "question": "=2+5+cmd|' /C calc'!A0",
        "kind": "answer",
        "phrasings": [f"{text} {word}" for text, word in zip(DANGEROUS, "abcdefghij")],
        "answer": "- one\n- two\n\n+44 is **our** code.",
        "source": [{"article": "hip_pain", "section": "Whole article"}],
        "related": ["prp_procedure", "booking"],
        "safety_line": True,
    }
    return Intent.model_validate(fields)


@given(st.text(max_size=20) | st.sampled_from(DANGEROUS))
def test_no_cell_is_a_formula(text: str) -> None:
    """No cell starts like a formula, and what was there before comes back."""
    text = text.strip()
    assert safe_cell(text).lstrip()[:1] not in {*"=+-@＝＋－＠|%"}
    assert original_cell(safe_cell(text)) == text


def test_the_csv_holds_no_formula(small: KnowledgeFiles) -> None:
    full = add_intents(small, "prp", [_dangerous()])
    data = write_exchange(load_knowledge(full), "csv").data.decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(data, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_the_excel_file_holds_no_formula(small: KnowledgeFiles) -> None:
    """Every cell is text, and stays so when somebody edits it."""
    full = add_intents(small, "prp", [_dangerous()])
    sheet = load_workbook(BytesIO(write_exchange(load_knowledge(full), "excel").data)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "-", "@")))


def test_somebody_elses_table(small: KnowledgeFiles) -> None:
    """Semicolons, other column names, HTML; each row that is mended, merged or left out is named."""
    merged = imported(small, "csv", cases.CSV, topic="clinic")
    knowledge = load_knowledge(merged.files)
    age = knowledge.by_id["prp_age"]
    assert (age.question, age.answer, age.source) == ("From what age; may I have PRP?", "From **18** years.", "clinic")
    assert age.phrasings == ("age for prp", "how old for prp", "too young for prp?")
    assert knowledge.topic_of["clinic_is_there_parking"] == "clinic"
    assert knowledge.by_id["clinic_is_there_parking"].answer == "On the street."
    told = report(merged)
    assert "row 1: left out: the column 'owner' (1 rows): nothing here corresponds to it" in told
    assert "row 3: merged: with row 2, which has the same id" in told
    assert "row 2: cleaned: the answer: HTML became paragraphs, lists, bold and links" in told
    assert "row 5: left out: 'What is the weather like today': it belongs to the messages that are out of scope" in told
    assert "row 6: left out: 'No answer here', since it has no answer" in told
    assert "row 7: left out: the entry, since it has no question" in told


def test_rasa(small: KnowledgeFiles) -> None:
    """Examples without the marks of entities, with the first text of the response."""
    merged = imported(small, "rasa", cases.RASA_NLU, cases.RASA_DOMAIN, topic="prp")
    intent = load_knowledge(merged.files).by_id["ask_parking"]
    assert intent.phrasings == ("is there a car park near",) or intent.phrasings[0] == "where can i park?"
    assert intent.answer == "On the street. Free at night."
    told = "\n".join(report(merged))
    for part in (
        "row 7: cleaned: the marks of entities in 'where can i [park](place)?'",
        "left out: synonym, examples: only intents with examples are read",
        "left out: metadata 'sentiment'",
        "left out: 'intents': the chatbot has nothing like it",
        "of 'utter_faq/ask_parking' all texts but the first",
        "of 'utter_faq/ask_parking': image",
        "the response to 'unused', for which there are no examples",
        "'hello again there', since it has no answer",
    ):
        assert part in told


def test_qnamaker(small: KnowledgeFiles) -> None:
    """Rows that share a QnaId are one; prompts to entries with an id become related questions."""
    merged = imported(small, "qnamaker", cases.QNAMAKER, topic="prp")
    parking = load_knowledge(merged.files).by_id["prp_is_there_parking"]
    assert parking.answer == "On the street.\n\n* Free at night"
    assert parking.phrasings == ("where do i leave my car",)
    assert parking.related == ("the_door",)
    told = "\n".join(report(merged))
    for part in (
        "row 2: merged: with row 3, which have the same QnaId",
        "row 2: left out: the metadata 'colour:red'",
        "row 2: left out: suggested questions",
        "row 2: left out: its source 'faq.html'",
        "row 4: mapped: it was only for follow-ups",
    ):
        assert part in told


def test_qnabot(small: KnowledgeFiles) -> None:
    merged = imported(small, "qnabot", cases.QNABOT, topic="prp")
    parking = load_knowledge(merged.files).by_id["parking_001"]
    assert (parking.question, parking.phrasings) == ("Is there parking?", ("can i park",))
    assert parking.answer == "On the **street**."
    told = "\n".join(report(merged))
    assert "the id 'Parking.001' is now parking_001" in told
    assert "row 1: left out: 'alt.ssml'" in told
    assert "row 1: left out: 'r'" in told
    assert "row 3: left out: it is no question with an answer" in told


def test_dialogflow(small: KnowledgeFiles) -> None:
    """Questions with the same answer are one intent."""
    merged = imported(small, "dialogflow", cases.DIALOGFLOW, topic="prp")
    assert merged.added == ("prp_is_there_parking", "prp_where_is_the_door")
    assert load_knowledge(merged.files).by_id["prp_is_there_parking"].phrasings == ("can i park",)
    assert "row 1: merged: with row 2, which have the same answer" in report(merged)


def test_a_fact_of_the_clinic_answers_a_handoff() -> None:
    """Hours and prices in a table turn their handoffs into answers, with the clinic as their source."""
    files = KnowledgeFiles.of_folder(INTENTS)
    question = load_knowledge(files).by_id["opening_hours"].question
    merged = imported(
        files, "csv", f'Question,Answer\n"{question}","Weekdays, 9 to 5."\n'.replace("9 to 5.", "9 to 5.")
    )
    hours = load_knowledge(merged.files).by_id["opening_hours"]
    assert (hours.kind, hours.source, hours.answer) == ("answer", "clinic", "Weekdays, 9 to 5.")
    assert merged.changed == ("opening_hours",)
    assert any("was a handoff and is answered now" in line for line in report(merged))


def test_an_answer_that_is_there_stays_unless_it_is_named(small: KnowledgeFiles) -> None:
    """A question alone does not overwrite a curated answer; the intent's id does."""
    by_question = imported(small, "csv", "Question,Answer\nwhat is prp?,Blood.\n")
    assert load_knowledge(by_question.files).by_id["prp_definition"].answer.startswith("PRP is short")
    assert any("its answer, since prp_definition has one already" in line for line in report(by_question))
    by_id = imported(small, "csv", "id,Question,Answer\nprp_definition,What is PRP then?,Blood.\n")
    intent = load_knowledge(by_id.files).by_id["prp_definition"]
    assert (intent.question, intent.answer) == ("What is PRP then?", "Blood.")


def test_what_belongs_to_others_is_left_out(small: KnowledgeFiles) -> None:
    """Phrasings of other intents, sources and related questions that do not exist, kinds that are unknown."""
    table = (
        "Question,Answer,Phrasings,Source,Related,Kind\n"
        'New one?,Yes.,"prp meaning\nnew one please","nowhere: x","nobody, booking",advice\n'
    )
    merged = imported(small, "csv", table, topic="prp")
    intent = load_knowledge(merged.files).by_id["prp_new_one"]
    assert (intent.phrasings, intent.source, intent.related) == (("new one please",), "clinic", ("booking",))
    told = "\n".join(report(merged))
    assert "'prp meaning': it belongs to prp_definition" in told
    assert "the source 'nowhere: x': articles.yaml does not have it" in told
    assert "'nobody' as a related question" in told
    assert "the kind 'advice'" in told


def test_broken_knowledge_takes_no_import(small: KnowledgeFiles) -> None:
    with pytest.raises(EditError, match="errors already"):
        imported(small.put("prp.yaml", "x"), "csv", "Question,Answer\na,b\n")


def test_a_question_is_a_phrasing_of_its_intent_where_it_has_no_other(small: KnowledgeFiles) -> None:
    """So a later row cannot have it, too."""
    merged = imported(small, "csv", "question,answer,phrasings\nzebra?,a,\nlion?,b,zebra\n", topic="prp")
    assert [load_knowledge(merged.files).by_id[name].phrasings for name in merged.added] == [("zebra?",), ("lion?",)]
    assert "'zebra': it belongs to prp_zebra" in " ".join(note.message for note in merged.notes)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60), st.text(max_size=30)), max_size=4))
def test_whatever_a_table_holds_the_knowledge_stays_right(
    small: KnowledgeFiles, rows: list[tuple[str, str, str]]
) -> None:
    """Any texts are taken over or named in the report; the result has no error."""
    stream = StringIO(newline="")
    csv.writer(stream).writerows([("question", "answer", "phrasings"), *rows])
    merged = imported(small, "csv", stream.getvalue().replace("\0", ""), topic="prp")
    assert len(load_knowledge(merged.files).by_id) >= len(load_knowledge(small).by_id)


def test_the_commands(folder: Path, tmp_path: Path) -> None:
    """Export to a file, import it elsewhere; the report goes to standard error."""
    table = tmp_path / "questions.csv"
    run = CliRunner().invoke
    assert "Wrote 6 questions" in run(main, ["--intents", str(folder), "export", "--to", str(table)]).output
    table.write_text(table.read_text().replace("It is made from your own blood.", "It is made from blood."))
    result = run(main, ["--intents", str(folder), "import", str(table), "--try"])
    assert "0 new, 1 changed" in result.stderr
    assert result.stdout == ""
    result = run(main, ["--intents", str(folder), "import", str(table)])
    assert result.stdout == f"{folder / 'prp.yaml'}\n"
    assert "made from blood" in (folder / "prp.yaml").read_text()
    into = tmp_path / "new"
    assert run(main, ["--intents", str(folder), "import", str(table), "--into", str(into)]).exit_code == 0
    assert KnowledgeFiles.of_folder(into) == KnowledgeFiles.of_folder(folder)
    assert run(main, ["export", "--format", "csv"]).exit_code == 2
    refused = run(main, ["--intents", str(folder), "import", str(folder / "prp.yaml")])
    assert (refused.exit_code, "is no file of Rasa" in refused.stderr) == (2, True)


def test_the_commands_know_every_format() -> None:
    assert commands._FORMATS == FORMATS


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("a.csv", "Question,Answer\n", "csv"),
        ("a.csv", "What?,That.\n", "dialogflow"),
        ("a.XLSX", "", "excel"),
        ("a.yml", "", "rasa"),
        ("a.tsv", "", "qnamaker"),
        ("a.json", json.dumps({"qna": []}), "qnabot"),
    ],
)
def test_the_format_is_found(name: str, text: str, form: Format) -> None:
    assert format_of(name, text.encode()) == form
