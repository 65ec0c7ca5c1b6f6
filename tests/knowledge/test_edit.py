"""Staff edits: only the lines that must change do, and what would be wrong is refused in words."""

from collections.abc import Callable
from datetime import date
from difflib import ndiff
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot.errors import EditError
from chatbot.knowledge.edit import (
    add_intents,
    add_phrasings,
    find_intent,
    remove_phrasing,
    replace_intents,
    replace_phrasing,
    retire_intent,
    update_intent,
)
from chatbot.knowledge.edit_scope import add_out_of_scope, add_topic, remove_out_of_scope
from chatbot.knowledge.files import load_knowledge
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.knowledge.model import Intent
from chatbot.knowledge.yaml_places import YamlLines

INTENTS = Path(__file__).parents[2] / "intents"
CLINIC = KnowledgeFiles.of_folder(INTENTS)

#: A file as somebody with habits of their own wrote it: comments everywhere, other indents, Windows line ends.
ODD = """\
# Prices, by Jo
topic: prp
intents:
# the first
- question: What does PRP cost?   # asked daily
  id: prp_cost
  kind: handoff  # until the price list is out
  phrasings:
  # short ones
  - prp price   # e.g. by phone

  # long ones
  - 'how much is prp, then?'
  answer: >-
    We do not say.

    # this line is text
  # about the review
  reviewed: pending  # ask Dr A

# the second
- id: prp_deal
  question: Is there a deal?
  kind: handoff
  phrasings: [deals, offers]
  answer: |
    No.
# the end
"""


@pytest.fixture
def odd(folder: Path) -> KnowledgeFiles:
    (folder / "odd.yaml").write_bytes(ODD.replace("\n", "\r\n").encode())
    return KnowledgeFiles.of_folder(folder)


@pytest.fixture
def small(folder: Path) -> KnowledgeFiles:
    return KnowledgeFiles.of_folder(folder)


def difference(before: KnowledgeFiles, after: KnowledgeFiles) -> list[str]:
    """The lines that an edit took out and put in, over all files, without their line ends."""
    found = []
    for name in sorted({*before, *after}):
        old, new = (files.get(name, "").splitlines() for files in (before, after))
        found += [f"{line[0]}{line[2:]}" for line in ndiff(old, new) if line[0] in "+-"]
    return found


@pytest.mark.parametrize("name", [name for name in CLINIC if name.endswith(".yaml")])
def test_a_file_that_is_only_read_stays_byte_for_byte(name: str) -> None:
    """Taking a text to pieces and putting it together changes nothing, with any line ends."""
    for text in (CLINIC[name], "\ufeff" + CLINIC[name].replace("\n", "\r\n")):
        assert str(YamlLines(text)) == text


def test_writing_what_is_there_changes_nothing() -> None:
    """Every intent of the clinic can be handed back as it is."""
    assert replace_intents(CLINIC, load_knowledge(CLINIC).intents()) == CLINIC


def test_add_a_phrasing() -> None:
    """One line more, behind the last phrasing."""
    edited = add_phrasings(CLINIC, "prp_definition", ["  what on earth:\tis prp  "])
    assert difference(CLINIC, edited) == ['+      - "what on earth: is prp"']
    assert load_knowledge(edited).by_id["prp_definition"].phrasings[-1] == "what on earth: is prp"


def test_add_known_phrasings(small: KnowledgeFiles) -> None:
    """What the intent has already is left out; nothing new at all is an error, and so is another intent's."""
    edited = add_phrasings(small, "prp_definition", ["PRP meaning?", "prp in a nutshell", "prp, in a nutshell", " "])
    assert difference(small, edited) == ["+      - prp in a nutshell"]
    with pytest.raises(EditError, match="already has this phrasing"):
        add_phrasings(small, "prp_definition", ["PRP meaning?", "!"])
    with pytest.raises(EditError, match=r"to prp_definition (here|in).*prp_procedure|to prp_procedure here"):
        add_phrasings(small, "prp_definition", ["how is PRP done?"])
    with pytest.raises(EditError, match="There is no intent 'prp_nonsense'"):
        add_phrasings(small, "prp_nonsense", ["x"])


def test_remove_and_replace_a_phrasing(small: KnowledgeFiles) -> None:
    assert difference(small, remove_phrasing(small, "prp_definition", "prp meaning")) == ["-      - prp meaning"]
    edited = replace_phrasing(small, "prp_definition", "prp meaning", "meaning of prp")
    assert difference(small, edited) == ["-      - prp meaning", "+      - meaning of prp"]
    with pytest.raises(EditError, match="has no phrasing 'x'"):
        remove_phrasing(small, "prp_definition", "x")
    with pytest.raises(EditError, match="has no phrasing 'x'"):
        replace_phrasing(small, "prp_definition", "x", "y")


def test_the_last_phrasing_stays(odd: KnowledgeFiles) -> None:
    odd = remove_phrasing(odd, "prp_deal", "deals")
    with pytest.raises(EditError, match="phrasings"):
        remove_phrasing(odd, "prp_deal", "offers")


def test_change_an_answer(small: KnowledgeFiles) -> None:
    edited = update_intent(small, "prp_definition", answer="From your *blood*.\n\n- one:\n- #two\n")
    assert difference(small, edited) == [
        "-      PRP is short for **platelet-rich plasma**. It is made from your own blood.",
        "+      From your blood.",
        "+",
        "+      - one:",
        "+      - #two",
    ]
    assert load_knowledge(edited).by_id["prp_definition"].answer == "From your blood.\n\n- one:\n- #two"


def test_fields_come_and_go(small: KnowledgeFiles) -> None:
    """A field that is new stands where the others of its kind do; one that is emptied goes."""
    edited = update_intent(small, "prp_definition", related=[], safety_line=True, source="clinic")
    assert difference(small, edited) == [
        "-    source: [{article: hip_pain, section: Proximal hamstring tendinopathy}]",
        "-    related: [prp_procedure]",
        "+    source: clinic",
        "+    safety_line: true",
    ]
    back = update_intent(
        edited,
        "prp_definition",
        related=["prp_procedure"],
        safety_line=False,
        source=[{"article": "hip_pain", "section": "Proximal hamstring tendinopathy"}],
    )
    assert load_knowledge(back) == load_knowledge(small)


def test_a_fact_of_the_clinic_turns_a_handoff_into_an_answer() -> None:
    """The price comes from the clinic: kind, source and answer change, and nothing else."""
    edited = update_intent(CLINIC, "price", kind="answer", source="clinic", answer="It costs £5.")
    changed = difference(CLINIC, edited)
    assert {"-    kind: handoff", "+    kind: answer", "+    source: clinic", "+      It costs £5."} <= set(changed)
    assert sum(line.startswith("+") for line in changed) == 3
    with pytest.raises(EditError, match="an answer needs a source"):
        update_intent(CLINIC, "price", kind="answer")


def test_a_review_ends_with_the_answer_that_was_reviewed(small: KnowledgeFiles) -> None:
    """Nobody's signature stays under a text that they did not read."""
    signature = {"by": "Dr A, radiology", "on": date(2026, 1, 31), "due": date(2027, 1, 31)}
    signed = update_intent(small, "prp_definition", reviewed=signature)
    assert difference(small, signed) == ['+    reviewed: {by: "Dr A, radiology", on: 2026-01-31, due: 2027-01-31}']
    other_phrasing = add_phrasings(signed, "prp_definition", ["prp in a nutshell"])
    assert find_intent(other_phrasing, "prp_definition").reviewed != "pending"
    assert find_intent(update_intent(signed, "prp_definition", answer="New."), "prp_definition").reviewed == "pending"
    assert find_intent(update_intent(signed, "prp_definition", source="clinic"), "prp_definition").reviewed == "pending"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "advice"}, "'kind' must be"),
        ({"answer": "<!-- -->"}, "the answer is empty"),
        ({"answer": "word " * 2000}, "at most 5000"),
        ({"phrasings": ["a" * 501]}, "at most 500"),
        ({"phrasings": ["?!"]}, "no word"),
        ({"related": ["nonsense"]}, "is no intent that exists"),
        ({"source": [{"article": "hip_pain", "section": "x"}]}, "is no section of"),
        ({"reviewed": {"by": "A", "on": "2026-31-31", "due": "2027-01-01"}}, "must be a date"),
        ({"colour": "red"}, "is no field that is known"),
    ],
)
def test_what_would_be_wrong_is_refused(small: KnowledgeFiles, fields: dict[str, object], said: str) -> None:
    with pytest.raises(EditError, match=said):
        update_intent(small, "prp_definition", **fields)


def test_an_odd_file_keeps_its_ways(odd: KnowledgeFiles) -> None:
    """Comments, indents, line ends and the values beside the changed one stay as they are."""
    edited = add_phrasings(odd, "prp_cost", ["price of prp"])
    edited = remove_phrasing(edited, "prp_cost", "prp price")
    edited = update_intent(edited, "prp_cost", kind="answer", source="clinic", answer="£5.", safety_line=True)
    edited = update_intent(edited, "prp_cost", question="PRP: what does it cost?")
    assert sorted(difference(odd, edited)) == sorted(
        [
            "-- question: What does PRP cost?   # asked daily",
            '+- question: "PRP: what does it cost?"   # asked daily',
            "-  kind: handoff  # until the price list is out",
            "+  kind: answer  # until the price list is out",
            "-  - prp price   # e.g. by phone",
            "+  - price of prp",
            "-  answer: >-",
            "-    We do not say.",
            "-",
            "-    # this line is text",
            "+  answer: |",
            "+    £5.",
            "+  source: clinic",
            "+  safety_line: true",
        ]
    )
    assert edited["odd.yaml"].count("\r\n") == edited["odd.yaml"].count("\n")


def test_a_list_in_brackets_is_written_on_lines(odd: KnowledgeFiles) -> None:
    assert difference(odd, add_phrasings(odd, "prp_deal", ["rebate"])) == [
        "-  phrasings: [deals, offers]",
        "+  phrasings:",
        "+    - deals",
        "+    - offers",
        "+    - rebate",
    ]


NEW = Intent.model_validate(
    {
        "id": "prp_cost",
        "question": "What does PRP cost?",
        "kind": "handoff",
        "phrasings": ["prp price", "- yes", "no", "{phone}", "it's 5: ok"],
        "answer": "We do not say.\n\n- Ask us.",
        "related": ["prp_definition"],
    }
)


def test_add_an_intent(small: KnowledgeFiles) -> None:
    """It stands at the end of its topic's file, as staff would write it."""
    edited = add_intents(small, "prp", [NEW])
    assert load_knowledge(edited).by_id["prp_cost"] == NEW
    assert edited["prp.yaml"] == small["prp.yaml"] + (
        "\n  - id: prp_cost\n    question: What does PRP cost?\n    kind: handoff\n    phrasings:\n      - prp price\n"
        '      - "- yes"\n      - "no"\n      - "{phone}"\n      - "it\'s 5: ok"\n'
        "    answer: |\n      We do not say.\n\n      - Ask us.\n    related: [prp_definition]\n    reviewed: pending\n"
    )
    with pytest.raises(EditError, match="The id 'prp_cost' is also in"):
        add_intents(edited, "prp", [NEW])


def test_add_an_intent_to_an_odd_file(odd: KnowledgeFiles) -> None:
    """It takes the indents of the file, and stands before the closing comment's line or after; nothing is lost."""
    odd = retire_intent(retire_intent(odd, "prp_definition"), "prp_procedure")
    edited = add_intents(odd, "prp", [NEW.model_copy(update={"id": "prp_more", "related": (), "phrasings": ("more",)})])
    assert all(line.startswith("+") for line in difference(odd, edited))
    assert load_knowledge(edited).by_id["prp_more"].phrasings == ("more",)


def test_add_an_intent_of_a_new_topic(small: KnowledgeFiles) -> None:
    """A topic needs its name for patients first; its file does not overwrite another's."""
    with pytest.raises(EditError, match="has no name for patients"):
        add_intents(small, "visiting", [NEW])
    named = add_topic(small, "visiting", "a visit, or two")
    assert difference(small, named) == ['+  visiting: {name: "a visit, or two"}']
    edited = add_intents(named, "visiting", [NEW])
    assert {*edited} - {*small} == {"visiting1.yaml"}
    assert load_knowledge(edited).topic_of["prp_cost"] == "visiting"


def test_a_file_without_a_last_line_end(small: KnowledgeFiles) -> None:
    small = small.put("prp.yaml", small["prp.yaml"].rstrip("\n"))
    assert load_knowledge(add_intents(small, "prp", [NEW])).by_id["prp_cost"] == NEW
    edited = update_intent(
        small, "prp_procedure", related=[], reviewed={"by": "A", "on": "2026-01-01", "due": "2027-01-01"}
    )
    assert load_knowledge(edited).by_id["prp_procedure"].related == ()


def test_retire_an_intent(small: KnowledgeFiles) -> None:
    """It goes, and so do the mentions of it; everything else stays."""
    edited = retire_intent(add_intents(small, "prp", [NEW]), "prp_procedure")
    changed = difference(small, edited)
    assert "-    related: [prp_procedure]" in changed
    assert "+starters: [prp_definition, hip_pain_sitting, booking]" in changed
    assert "prp_procedure" not in load_knowledge(edited).by_id
    assert load_knowledge(edited).by_id["prp_cost"] == NEW
    assert "    reviewed: pending\n\n" not in edited["prp.yaml"]


def test_retiring_keeps_comments(odd: KnowledgeFiles) -> None:
    changed = difference(odd, retire_intent(odd, "prp_cost"))
    assert not [line for line in changed if line.startswith("+")]
    assert {"# the first", "# the second", "# about the review"} <= set(
        retire_intent(odd, "prp_cost")["odd.yaml"].splitlines()
    ) | {"# about the review"}


def test_retiring_the_only_intent_removes_its_file(small: KnowledgeFiles) -> None:
    named = add_topic(small, "fees", "fees")
    added = add_intents(named, "fees", [NEW])
    assert retire_intent(added, "prp_cost") == named


def test_what_safety_needs_cannot_be_retired() -> None:
    """A rule that hands over to an intent would else point at nothing."""
    with pytest.raises(EditError, match=r"the safety rule .* hands over to it"):
        retire_intent(CLINIC, "blood_thinners")


def test_equal_intents_are_told(small: KnowledgeFiles) -> None:
    files = small.put("lexicon.yaml", small["lexicon.yaml"] + "equal:\n  - [prp_definition, prp_procedure]\n")
    assert "equal" not in retire_intent(files, "prp_procedure")["lexicon.yaml"]


def test_out_of_scope(small: KnowledgeFiles) -> None:
    """Staff's own messages stand in a group of their own, and can be taken back."""
    once = add_out_of_scope(small, ["do you sell cakes", "What is the weather like today?"])
    twice = add_out_of_scope(once, ["do you sell: bread"])
    assert difference(small, twice) == ["+  staff:", "+    - do you sell cakes", '+    - "do you sell: bread"']
    with pytest.raises(EditError, match="out of scope already"):
        add_out_of_scope(twice, ["Do you sell cakes?"])
    with pytest.raises(EditError, match="prp meaning"):
        add_out_of_scope(small, ["prp meaning"])
    back = remove_out_of_scope(remove_out_of_scope(twice, "do you sell cakes"), "do you sell: bread")
    assert back == small
    with pytest.raises(EditError, match="not among"):
        remove_out_of_scope(small, "do you sell cakes")


def test_out_of_scope_from_nothing(small: KnowledgeFiles) -> None:
    """The file is made with the first message and goes with the last; a list in brackets is written on lines."""
    bare = small.without("out_of_scope.yaml")
    assert remove_out_of_scope(add_out_of_scope(bare, ["cakes"]), "cakes") == bare
    flow = small.put("out_of_scope.yaml", "groups: {}\n")
    assert load_knowledge(add_out_of_scope(flow, ["cakes"])).out_of_scope == ("cakes",)
    flow = small.put("out_of_scope.yaml", "groups:\n  staff: [pies, tarts]\n")
    assert load_knowledge(add_out_of_scope(flow, ["cakes"])).out_of_scope == ("pies", "tarts", "cakes")
    assert load_knowledge(remove_out_of_scope(flow, "pies")).out_of_scope == ("tarts",)


def test_broken_knowledge_is_not_edited(small: KnowledgeFiles) -> None:
    broken = small.put("prp.yaml", "topic: *x\n")
    with pytest.raises(EditError, match="errors already"):
        add_phrasings(broken, "booking", ["x"])


EDITS: tuple[Callable[[KnowledgeFiles, str], KnowledgeFiles], ...] = (
    lambda files, text: add_phrasings(files, "prp_cost", [text]),
    lambda files, text: replace_phrasing(files, "prp_cost", "prp price", text),
    lambda files, text: update_intent(files, "prp_cost", answer=text),
    lambda files, text: update_intent(files, "prp_cost", question=text),
    lambda files, text: update_intent(
        files, "prp_deal", reviewed={"by": text, "on": "2026-01-01", "due": "2027-01-01"}
    ),
    lambda files, text: add_out_of_scope(files, [text]),
    lambda files, text: add_topic(files, "fees", text),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(EDITS), st.text(max_size=60) | st.text("-: \n\t'\"|>{}[]&*!#%@`,?ab\\\u2028\ufeff", max_size=20))
def test_whatever_is_typed_the_file_stays_right(
    odd: KnowledgeFiles, edit: Callable[[KnowledgeFiles, str], KnowledgeFiles], text: str
) -> None:
    """Any text is stored as it is, or refused in words; comments are never lost."""
    try:
        edited = edit(odd, text)
    except EditError:
        return
    before, after = load_knowledge(odd), load_knowledge(edited)
    assert [intent.id for intent in before.intents()] == [intent.id for intent in after.intents()]
    kept = set(ODD.splitlines())
    assert [line for line in edited["odd.yaml"].splitlines() if line.startswith("#")] == [
        line for line in ODD.splitlines() if line.startswith("#") and line in kept
    ]
