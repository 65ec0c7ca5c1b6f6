"""Reading `intents/`: what is right is kept, and what is wrong is found at its line."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot.errors import KnowledgeError
from chatbot.knowledge.files import Reading, load_knowledge, read_knowledge
from chatbot.knowledge.folder import MAX_BYTES

TOPIC = """\
topic: prp
intents:
  - id: prp_cost
    question: What does PRP cost?
    kind: handoff
    phrasings:
      - prp price
      - how much is prp
    answer: |
      Our articles do not say.

      Please ask the team.
    reviewed: pending
"""


def with_topic(folder: Path, text: str | bytes) -> Reading:
    (folder / "your_cost.yaml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_knowledge(folder)


def found(reading: Reading, code: str) -> tuple[str, int]:
    """The one place where this code was found."""
    (problem,) = [problem for problem in reading.problems if problem.code == code]
    return problem.file, problem.line


def test_reads_everything(folder: Path) -> None:
    """The clinic, articles, lexicon, topics and out-of-scope examples are all there."""
    knowledge = load_knowledge(folder)
    assert knowledge.clinic.phone == "020 7946 0000"
    assert knowledge.topic_of["prp_procedure"] == "prp"
    assert knowledge.articles["hip_pain"].sections == ("Whole article", "Proximal hamstring tendinopathy")
    assert knowledge.out_of_scope


def test_the_clinics_own_knowledge_has_no_error() -> None:
    """What is checked in can be loaded."""
    assert read_knowledge(Path(__file__).parents[2] / "intents").errors == ()


def test_values_stay_what_was_typed(folder: Path) -> None:
    """YAML's truth values, numbers and times are texts here."""
    text = TOPIC.replace("- prp price", "- no\n      - on\n      - 12:30\n      - 0123\n      - 1e3")
    reading = with_topic(folder, text)
    assert reading.knowledge
    phrasings = reading.knowledge.by_id["prp_cost"].phrasings
    assert phrasings == ("no", "on", "12:30", "0123", "1e3", "how much is prp")


def test_texts_lose_the_space_around_them(folder: Path) -> None:
    """A block of text has no line break at its end."""
    reading = with_topic(folder, TOPIC)
    assert reading.knowledge
    assert reading.knowledge.by_id["prp_cost"].answer.endswith("ask the team.")


def test_lines_of_an_intent(folder: Path) -> None:
    """The index leads to the line of any value, and to the nearest one around it where there is none."""
    lines = with_topic(folder, TOPIC).lines
    assert lines.of("prp_cost") == ("intents/your_cost.yaml", 3)
    assert lines.of("prp_cost", "phrasings", 1) == ("intents/your_cost.yaml", 8)
    assert lines.of("prp_cost", "answer") == ("intents/your_cost.yaml", 9)
    assert lines.of("prp_cost", "source", 0, "article") == ("intents/your_cost.yaml", 3)
    assert lines.of("nobody", "answer") == ("intents", 0)
    assert lines.at("intents/clinic.yaml", "phone") == 2


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("topic: prp\nintents:\n\t- id: a\n", "tab", 3),
        (b"topic: prp\nintents: \xff\n", "encoding", 2),
        (TOPIC.encode("utf-16"), "encoding", 1),
        ("topic: prp\nintents: a\x07b\n", "unseen-character", 2),
        ("topic: prp\n\x00", "unseen-character", 2),
        ("topic: prp\ntopic: x\nintents: []\n", "duplicate-field", 2),
        ("topic: &prp prp\nintents: []\n", "alias", 1),
        ("topic: prp\nintents:\n  - *prp\n", "alias", 3),
        ("topic: !!python/object:os.system x\n", "tag", 1),
        ("topic: prp\n---\ntopic: x\n", "second-document", 2),
        ("? [a, b]\n: c\n", "bad-name", 1),
        ("[" * 5000, "too-deep", 1),
        ("- " * 5000 + "a", "too-deep", 1),
        ("", "empty-file", 0),
        ("# nothing yet\n", "empty-file", 0),
        ("topic: prp\nanswer: Note: this\n", "yaml", 2),
        ("topic: prp\nanswer: 'never closed\nintents: []\n", "yaml", 2),
        ("topic: prp\nintents\n  - id: a\n", "yaml", 2),
        ("topic: prp\nintents:\n  - id: a\n   question: b\n", "yaml", 4),
        ("topic: prp\nintents: [a, b\nkind: c\n", "yaml", 3),
        ("topic: **bold**\n", "yaml", 1),
        ("topic: @home\n", "yaml", 1),
        ('topic: "\\q"\n', "yaml", 1),
        ("topic: |text\n", "yaml", 1),
        ("topic: ]\n", "yaml", 1),
        ("- just\n- a list\n", "wrong-type", 1),
        ("only text\n", "wrong-type", 1),
    ],
)
def test_broken_yaml_is_found_at_its_line(folder: Path, text: str | bytes, code: str, line: int) -> None:
    """Every kind of broken file gives a finding with its file and line."""
    assert ("intents/your_cost.yaml", line) in [
        (problem.file, problem.line) for problem in with_topic(folder, text).errors if problem.code == code
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "mend"),
    [
        ("id: prp_cost", "id: PRP cost", "bad-id", 3, "small letters"),
        ("question: What does PRP cost?", "question:", "empty", 4, "write its text"),
        ("question: What does PRP cost?", 'question: "  "', "empty", 4, "write its text"),
        ("question: What does PRP cost?", "question: [a, b]", "wrong-type", 4, "must be one text"),
        ("question: What does PRP cost?", "qestion: What?", "unknown-field", 4, "write question instead"),
        ("question: What does PRP cost?", "mood: good", "unknown-field", 4, "Known here: id, question"),
        ("    question: What does PRP cost?\n", "", "missing-field", 3, "'question' is missing"),
        ("kind: handoff", "kind: hand over", "bad-value", 5, "'answer', 'handoff' or 'smalltalk'"),
        (
            "    phrasings:\n      - prp price\n      - how",
            "    phrasings: how",
            "wrong-type",
            6,
            "after a dash",
        ),
        ("- how much is prp", "- so: how much", "wrong-type", 8, "double quotes"),
        ("- how much is prp", "-", "empty", 8, "phrasing 2 is empty"),
        ("reviewed: pending", "reviewed: done", "bad-value", 13, "must be the word pending"),
        ("reviewed: pending", "reviewed: [a]", "bad-value", 13, "must be the word pending"),
        ("reviewed: pending", "reviewed: {by: A, on: soon, due: 2027-01-01}", "bad-date", 13, "2026-01-31"),
        ("reviewed: pending", "reviewed: {by: A, on: 2026-01-01}", "missing-field", 13, "'due' is missing"),
        ("reviewed: pending", "source: hip_pain", "bad-value", 13, "must be the word clinic"),
        ("reviewed: pending", "source: {article: hip_pain}", "bad-value", 13, "must be the word clinic"),
        ("reviewed: pending", "source: [{article: hip_pain}]", "missing-field", 13, "'section' is missing"),
        ("reviewed: pending", "source: [{articel: x}]", "unknown-field", 13, "write article instead"),
        ("reviewed: pending", "safety_line: maybe", "bad-value", 13, "true or false"),
        ("reviewed: pending", "related: booking", "wrong-type", 13, "each intent id on its own line"),
        ("reviewed: pending", "tier: urgent", "bad-value", 13, "must be 'clinic'"),
        ("- id: prp_cost", "- prp_cost\n  - id: prp_cost", "wrong-type", 3, "intent 1 must have fields"),
    ],
)
def test_wrong_values_are_found_at_their_line(
    folder: Path, old: str, new: str, code: str, line: int, mend: str
) -> None:
    """A value of the wrong shape is reported once, where it stands, with the mend."""
    assert old in TOPIC
    reading = with_topic(folder, TOPIC.replace(old, new))
    problems = [problem for problem in reading.errors if problem.code == code]
    assert [(problem.file, problem.line) for problem in problems] == [("intents/your_cost.yaml", line)]
    assert mend in problems[0].message
    assert reading.knowledge is None


def test_empty_lists(folder: Path) -> None:
    """A list without items is no list: phrasings, sections and starters have at least one."""
    text = TOPIC.replace("    phrasings:\n      - prp price\n      - how much is prp\n", "    phrasings: []\n")
    assert found(with_topic(folder, text), "empty") == ("intents/your_cost.yaml", 6)
    assert found(with_topic(folder, "topic: prp\nintents: []\n"), "empty") == ("intents/your_cost.yaml", 2)


def test_all_problems_of_all_files_at_once(folder: Path) -> None:
    """One broken file does not hide what is wrong in another."""
    (folder / "clinic.yaml").write_text("name: Small\nphone: 1\nbooking_url: nowhere\n")
    (folder / "articles.yaml").unlink()
    (folder / "lexicon.yaml").write_text("keep_apart: [[a], [a, b, c]]\ntopics: {Hip pain: {name: x}}\n")
    reading = with_topic(folder, "topic: *x\n")
    files = {problem.file for problem in reading.errors}
    assert files == {f"intents/{name}.yaml" for name in ("clinic", "articles", "lexicon", "your_cost")}
    assert {"bad-link", "missing-field", "missing-file", "wrong-type", "bad-id", "alias"} <= {
        problem.code for problem in reading.errors
    }
    with pytest.raises(KnowledgeError) as raised:
        load_knowledge(folder)
    assert raised.value.problems == reading.errors
    assert "intents/clinic.yaml:3: error: 'booking_url' must be a web address" in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("id: prp_cost", "id: prp_definition", "duplicate-id", 3),
        ("- prp price", "- PRP meaning!", "duplicate-phrasing", 7),
        ("- prp price", "- How much, is PRP?", "repeated-phrasing", 8),
        ("topic: prp", "topic: pricing", "unknown-topic", 1),
        ("reviewed: pending", "related: [prp_definition, prp_nonsense]", "unknown-related", 13),
        ("reviewed: pending", "related: [prp_cost]", "related-to-itself", 13),
        ("kind: handoff", "kind: answer", "missing-source", 3),
        (
            "reviewed: pending",
            "source: [{article: hip_pain, section: Whole article}]",
            "misplaced-source",
            13,
        ),
        ("kind: handoff", "kind: answer\n    source: [{article: x, section: y}]", "unknown-article", 6),
        (
            "kind: handoff",
            "kind: answer\n    source: [{article: hip_pain, section: y}]",
            "unknown-section",
            6,
        ),
        ("kind: handoff", "kind: smalltalk\n    tier: clinic", "misplaced-tier", 6),
        ("reviewed: pending", "reviewed: {by: A, on: 2026-02-01, due: 2026-01-01}", "review-dates", 13),
    ],
)
def test_cross_checks(folder: Path, old: str, new: str, code: str, line: int) -> None:
    """What does not fit the other files is found where it stands."""
    assert found(with_topic(folder, TOPIC.replace(old, new)), code) == ("intents/your_cost.yaml", line)


def test_both_places_of_a_duplicate_id(folder: Path) -> None:
    """The message names the other place."""
    reading = with_topic(folder, TOPIC.replace("id: prp_cost", "id: prp_definition"))
    assert "intents/prp.yaml line 3" in next(p.message for p in reading.errors if p.code == "duplicate-id")


def test_the_clinic_may_be_the_source_of_a_handoff(folder: Path) -> None:
    """A fact that the clinic itself supplied can stand in a handoff."""
    assert with_topic(folder, TOPIC.replace("reviewed: pending", "source: clinic")).errors == ()


def test_a_phrasing_that_is_out_of_scope(folder: Path) -> None:
    """The same message cannot belong to an intent and to none."""
    (folder / "out_of_scope.yaml").write_text("groups:\n  general:\n    - prp price\n")
    reading = with_topic(folder, TOPIC)
    assert found(reading, "duplicate-phrasing") == ("intents/out_of_scope.yaml", 3)


def test_unknown_starters(folder: Path) -> None:
    """The questions offered at the start must exist."""
    clinic = folder / "clinic.yaml"
    clinic.write_text(clinic.read_text().replace("starters: [", "starters: [nonsense, "))
    assert found(read_knowledge(folder), "unknown-starters") == ("intents/clinic.yaml", 7)


def test_names_are_not_unknown_while_their_file_is_broken(folder: Path) -> None:
    """A broken topic file does not make every mention of its intents an error."""
    (folder / "prp.yaml").write_text("topic: *x\n")
    codes = {problem.code for problem in read_knowledge(folder).problems}
    assert codes == {"alias"}


def test_contradictory_lexicon(folder: Path) -> None:
    """Words that must stay apart are no synonyms, and a word is in one group."""
    (folder / "lexicon.yaml").write_text(
        "synonyms:\n  - [jab, Shot]\n  - [shot, photo]\nkeep_apart:\n  - [jab, shot]\n"
        "topics: {prp: {name: P}, hip_pain: {name: H}, clinic: {name: C}, smalltalk: {name: S}}\n"
    )
    reading = read_knowledge(folder)
    assert found(reading, "contradictory-words") == ("intents/lexicon.yaml", 5)
    assert found(reading, "ambiguous-synonym") == ("intents/lexicon.yaml", 3)


def test_missing_folder(tmp_path: Path) -> None:
    """A folder that is not there is one problem and no traceback."""
    with pytest.raises(KnowledgeError, match="There is no folder"):
        load_knowledge(tmp_path / "nowhere")


def test_a_file_instead_of_the_folder(folder: Path) -> None:
    """A file where the folder should be is one problem."""
    assert [problem.code for problem in read_knowledge(folder / "prp.yaml").problems] == ["no-folder"]


def test_empty_folder(tmp_path: Path) -> None:
    """Every file that must be there is named."""
    codes = [problem.code for problem in read_knowledge(tmp_path).problems]
    assert sorted(codes) == ["missing-file"] * 4 + ["no-topics"]


def test_odd_things_in_the_folder(folder: Path) -> None:
    """Folders, pipes, dangling links and other endings are named; what is no knowledge is left alone."""
    (folder / "a.yaml").mkdir()
    os.mkfifo(folder / "b.yaml")
    (folder / "c.yaml").symlink_to(folder / "nowhere.yaml")
    (folder / "d.yml").write_text(TOPIC)
    (folder / ".#prp.yaml").write_text("an editor's own file")
    (folder / "evaluation").mkdir()
    found_here = {(problem.file, problem.code) for problem in read_knowledge(folder).problems}
    assert found_here == {
        ("intents/a.yaml", "folder"),
        ("intents/b.yaml", "unreadable"),
        ("intents/c.yaml", "unreadable"),
        ("intents/d.yml", "ending"),
    }


def test_huge_files_are_refused(folder: Path) -> None:
    """A file that nobody writes by hand is not even read."""
    assert found(with_topic(folder, b"#" * (MAX_BYTES + 1)), "too-large") == ("intents/your_cost.yaml", 0)


def test_an_alias_bomb_is_refused(folder: Path) -> None:
    """Aliases that would expand to gigabytes are refused before they expand."""
    pairs = zip("abcdefgh", "bcdefghi")
    bomb = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [{', '.join([f'*{p}'] * 9)}]\n" for p, n in pairs)
    assert found(with_topic(folder, bomb), "alias") == ("intents/your_cost.yaml", 1)


def test_windows_line_ends_and_byte_order_marks_are_fine(folder: Path) -> None:
    """What Windows editors add does no harm."""
    reading = with_topic(folder, b"\xef\xbb\xbf" + TOPIC.replace("\n", "\r\n").encode())
    assert reading.errors == ()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_arbitrary_bytes_give_problems_and_never_a_traceback(folder: Path, data: bytes) -> None:
    """Whatever a file holds, reading it ends in findings."""
    reading = with_topic(folder, data)
    assert reading.knowledge is None
    assert reading.errors


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, len(TOPIC)), st.integers(0, 20), st.text("-: \n\t'\"|>{}[]&*!#%@`,?ab", max_size=8))
def test_any_edit_of_a_topic_file_is_read(folder: Path, start: int, length: int, new: str) -> None:
    """A slip of the keyboard leaves knowledge, or problems in that file with a line inside it."""
    text = TOPIC[:start] + new + TOPIC[start + length :]
    reading = with_topic(folder, text)
    assert reading.knowledge or reading.errors
    assert all(problem.line <= text.count("\n") + 1 for problem in reading.problems if "cost" in problem.file)
