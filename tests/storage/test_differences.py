"""What differs between two revisions, as staff read it."""

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.storage.differences import Difference, differences

TOPIC = """\
topic: prp
intents:
  - id: prp_price
    question: How much?
    phrasings: [how much, what cost]
    answer: |
      Ask us.
  - id: prp_definition
    question: What is PRP?
    phrasings: []
"""


def of(old: str, new: str, name: str = "prp.yaml") -> tuple[Difference, ...]:
    return differences(KnowledgeFiles({name: old}), KnowledgeFiles({name: new}))


def test_equal_revisions_do_not_differ() -> None:
    assert of(TOPIC, TOPIC) == ()


def test_a_phrasing_more_and_one_less() -> None:
    new = TOPIC.replace("what cost", "what does it cost")
    assert of(TOPIC, new) == (
        Difference("prp.yaml", "prp_price", "phrasings", "changed", ("what cost",), ("what does it cost",)),
    )


def test_an_answer_that_changed() -> None:
    (found,) = of(TOPIC, TOPIC.replace("Ask us.", "Call us."))
    assert str(found) == "prp.yaml · prp_price · answer (changed)\n  - Ask us.\n  + Call us."


def test_an_intent_that_is_new_and_one_that_is_gone() -> None:
    found = of(TOPIC, TOPIC.replace("id: prp_definition", "id: prp_meaning"))
    assert {(each.intent, each.how) for each in found} == {("prp_definition", "removed"), ("prp_meaning", "added")}


def test_intents_in_another_order_are_no_difference_in_any_of_them() -> None:
    head, price, definition = (
        TOPIC.partition("  - id: prp_price")[0],
        *TOPIC.split("intents:\n")[1].split("  - id: ")[1:],
    )
    found = of(TOPIC, f"{head}  - id: {definition}  - id: {price}")
    assert [(each.field, each.how) for each in found] == [("comments or layout", "rewritten")]


def test_phrasings_in_another_order() -> None:
    (found,) = of(TOPIC, TOPIC.replace("how much, what cost", "what cost, how much"))
    assert (found.field, found.how) == ("phrasings", "reordered")


def test_a_comment_is_said_to_be_one() -> None:
    (found,) = of(TOPIC, TOPIC + "# checked\n")
    assert (found.field, found.how) == ("comments or layout", "rewritten")


def test_a_field_of_the_clinic() -> None:
    (found,) = of("phone: '1'\nhours: {monday: nine}\n", "phone: '1'\nhours: {monday: ten}\n", "clinic.yaml")
    assert (found.intent, found.field, found.lost, found.gained) == (None, "hours.monday", ("nine",), ("ten",))


def test_labelled_questions_differ_by_line() -> None:
    (found,) = of("one\ntwo\n", "two\nthree\n", "evaluation/questions.jsonl")
    assert (found.field, found.lost, found.gained) == ("lines", ("one",), ("three",))


def test_a_file_that_is_gone() -> None:
    found = differences(KnowledgeFiles({"prp.yaml": "topic: prp\n"}), KnowledgeFiles({}))
    assert found == (Difference("prp.yaml", None, "topic", "removed", ("prp",)),)


def test_a_file_that_cannot_be_read_is_said_to_differ() -> None:
    assert of(TOPIC, "a: [")[0].how == "rewritten"


@given(st.text(max_size=60), st.text(max_size=60))
@example("", "[]")
def test_whatever_differs_is_said(old: str, new: str) -> None:
    assert bool(of(old, new)) == (old != new)


def test_the_clinics_own_files_are_read_as_fields() -> None:
    """A phrasing taken from each topic shows as that phrasing, and nothing else differs."""
    files = KnowledgeFiles.of_folder(Path(__file__).parents[2] / "intents")
    for name, text in files.items():
        lines = text.splitlines(keepends=True)
        start = next((n for n, line in enumerate(lines) if line.strip() == "phrasings:"), None)
        if start is not None and name.endswith(".yaml") and "/" not in name:
            (found,) = differences(files, files.put(name, "".join(lines[: start + 1] + lines[start + 2 :])))
            assert (found.field, found.how, len(found.lost), found.gained) == ("phrasings", "changed", 1, ())
