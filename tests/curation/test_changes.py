"""What changes: replies, safety results and accuracy between two knowledge bases, and what forbids publishing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from chatbot.__main__ import main
from chatbot.bot import Chatbot
from chatbot.curation.changes import Accuracy, Changes, Limits, SafetyChange, find_changes
from chatbot.curation.questions import Question
from chatbot.curation.rehearsal import rehearse
from chatbot.curation.replay import replay
from chatbot.curation.safety_evaluation import SafetyCase
from chatbot.knowledge.edit import add_phrasings, retire_intent, update_intent
from chatbot.knowledge.files import load_knowledge
from chatbot.knowledge.folder import KnowledgeFiles

QUESTIONS = (
    Question("what does prp mean", "prp_definition", frozenset({"prp_definition"})),
    Question("how is prp done", "prp_procedure", frozenset({"prp_procedure"})),
    Question("where do i park my zeppelin", "booking", frozenset({"booking"})),
    Question("will it rain tomorrow", "fallback", frozenset({"fallback"})),
)
ALARMING = "i cannot feel my private parts and i wet myself"


@pytest.fixture(scope="module")
def small(small_knowledge: Path) -> KnowledgeFiles:
    return KnowledgeFiles.of_folder(small_knowledge)


def changed(bot: Chatbot, files: KnowledgeFiles) -> Chatbot:
    return bot.with_knowledge(load_knowledge(files))


def test_nothing_changes_without_a_change(small_bot: Chatbot, small: KnowledgeFiles) -> None:
    """The same knowledge gives the same replies, tiers and shares, and may be published."""
    cases = (SafetyCase(text=ALARMING, tier="emergency"),)
    found = find_changes(small_bot, changed(small_bot, small), QUESTIONS, cases, ["hello", "what is prp"])
    assert (found.replies, found.reworded, found.safety, found.blocking) == ((), {}, (), ())
    assert found.evaluation.fall == found.rehearsal.fall == 0.0
    assert found.evaluation.count == len(QUESTIONS)


def test_an_edit_of_an_answer_moves_no_card(clinic_bot: Chatbot) -> None:
    """Five more phrasings leave both safety nets as they are, and hardly any confidence changes."""
    files = KnowledgeFiles.of_folder(Path(__file__).parents[2] / "intents")
    phrasings = [f"{start} the plasma treatment" for start in ("explain", "describe", "tell me about", "define", "so")]
    after = changed(clinic_bot, add_phrasings(files, "prp_definition", phrasings))
    assert after.alarm is clinic_bot.alarm
    texts = [text for intent in clinic_bot.knowledge.intents() for text in intent.phrasings[::9]]
    moved = [abs(surest(clinic_bot, text) - surest(after, text)) for text in texts]
    assert sum(moved) / len(moved) < 0.0005


def surest(bot: Chatbot, text: str) -> float:
    """How sure the matcher is of its best match for a text."""
    return bot.matcher.rank(bot.reader.read(text).text)[0].confidence


def test_a_phrasing_makes_a_question_better(small_bot: Chatbot, small: KnowledgeFiles) -> None:
    """The question that was not understood is answered, and says so."""
    phrasings = [f"where do i {verb} my zeppelin" for verb in ("park", "leave", "moor", "land", "put")]
    after = changed(small_bot, add_phrasings(small, "booking", phrasings))
    found = find_changes(small_bot, after, QUESTIONS, (), ["may i moor my zeppelin"])
    (better,) = found.of("better")
    assert (better.text, better.expected) == ("where do i park my zeppelin", "booking")
    assert better.before.kind != "answer"
    assert (better.after.kind, better.after.intents) == ("answer", ("booking",))
    assert found.evaluation.after > found.evaluation.before
    (recent,) = [change for change in found.replies if change.group == "recent"]
    assert recent.verdict == "other"
    assert recent.after.intents == ("booking",)


def test_what_gets_worse_blocks(small_bot: Chatbot, small: KnowledgeFiles) -> None:
    """A phrasing in the wrong place costs accuracy; the reason has the figures."""
    after = changed(small_bot, update_intent(small, "booking", phrasings=["do you mean prp", "prp then", "prp jab"]))
    questions = (*QUESTIONS[:2], Question("i want an appointment", "booking", frozenset({"booking"})))
    found = find_changes(small_bot, after, questions)
    assert [change.text for change in found.of("worse")] == ["i want an appointment"]
    assert any("labelled questions; at most 1.0% is allowed" in reason for reason in found.blocking)
    assert find_changes(small_bot, after, questions, limits=Limits(1, 1)).blocking == ()


def test_a_new_answer_is_the_same_decision(small_bot: Chatbot, small: KnowledgeFiles) -> None:
    """Other words of an answer are counted by intent, apart from other decisions."""
    after = changed(small_bot, update_intent(small, "prp_definition", answer="PRP is made from your own blood."))
    found = find_changes(small_bot, after, QUESTIONS, (), ["what is prp"])
    assert found.reworded == {"prp_definition": 2}
    assert found.replies == ()


def test_questions_about_a_retired_intent_are_left_out(small_bot: Chatbot, small: KnowledgeFiles) -> None:
    """They cannot be right any more, and that is meant; their number is told."""
    found = find_changes(small_bot, changed(small_bot, retire_intent(small, "prp_procedure")), QUESTIONS)
    assert (found.left_out, found.evaluation.count) == (1, len(QUESTIONS) - 1)


def test_a_card_that_goes_blocks(small_bot: Chatbot, small: KnowledgeFiles) -> None:
    """Whoever asked, and whatever else is better: a safety result is not for staff to change."""
    case = SafetyCase(text=ALARMING, tier="emergency")
    knowledge = small_bot.knowledge
    harmless = {name: rule for name, rule in knowledge.safety.rules.items() if rule.tier == "clinic"}
    safety = knowledge.safety.model_copy(update={"rules": harmless})
    after = small_bot.with_knowledge(knowledge.model_copy(update={"safety": safety}))
    found = find_changes(small_bot, after, QUESTIONS, [case], [ALARMING + " today"])
    assert {(c.before, c.after, c.label) for c in found.safety} == {
        ("emergency", "none", "emergency"),
        ("emergency", "none", ""),
    }
    assert found.blocking[0].startswith("2 messages get another safety result, such as")


@pytest.mark.parametrize(
    ("before", "after", "label", "blocks"),
    [
        ("none", "emergency", "emergency", True),
        ("urgent", "none", "", True),
        ("emergency", "urgent", "urgent", True),
        ("none", "clinic", "clinic", False),
        ("clinic", "none", "clinic", True),
        ("none", "clinic", "none", True),
        ("clinic", "none", "", False),
    ],
)
def test_which_safety_changes_block(before: str, after: str, label: str, blocks: bool) -> None:
    """Every card does, in either direction; the team's handoff only where it moves away from its label."""
    assert SafetyChange("x", before, after, label).blocks is blocks


def test_the_rehearsals_fall_blocks() -> None:
    """Phrasings that get in each other's way are noticed though no labelled question is."""
    fallen = Changes((), {}, (), Accuracy(0.9, 0.9, 100), Accuracy(0.9, 0.85, 1000), 0, Limits())
    (reason,) = fallen.blocking
    assert reason.startswith("Right replies fall from 90.0% to 85.0% on the 1000 phrasings, each asked as if")


def test_progress_reaches_its_end(small_bot: Chatbot, small: KnowledgeFiles) -> None:
    """The steps go up and end at the total."""
    steps: list[tuple[int, int]] = []
    find_changes(small_bot, small_bot, QUESTIONS, progress=lambda done, total: steps.append((done, total)))
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == steps[-1][1]


def test_replayed_turns_are_those_of_the_bot(small_bot: Chatbot) -> None:
    """Ranking beforehand is only a matter of speed: turn by turn, conversations and alarms, too."""
    texts = [
        "what is prp",
        "how is it done",
        "hello, where are you? what is prp",
        ALARMING,
        "",
        "zeppelin",
        "what is prp",
    ]
    questions = [Question(text, "", frozenset()) for text in texts]
    questions.append(Question("how is it done", "", frozenset(), before=("what is prp",)))
    for question, turn in zip(questions, replay(small_bot, questions, lambda: None)):
        session = None
        for text in question.before:
            session = small_bot.reply(text, session).session
        plain = small_bot.reply(question.text, session)
        assert (turn.kind, turn.intents, turn.tier, turn.reply) == (plain.kind, plain.intents, plain.tier, plain.reply)
        assert turn.confidence == pytest.approx(plain.confidence, abs=1e-4)


def test_the_rehearsal_is_kept(small_knowledge: Path) -> None:
    """The second time it is read from the shelf, with the same result; an edit leaves most texts comparable."""
    bot = Chatbot.load(small_knowledge)
    assert rehearse(bot) == rehearse(bot)
    edited = changed(bot, add_phrasings(KnowledgeFiles.of_folder(small_knowledge), "booking", ["book me in then"]))
    common = rehearse(bot).right.keys() & rehearse(edited).right.keys()
    assert common == rehearse(bot).right.keys() != set()


def test_the_command_compares_folders(small_knowledge: Path, folder: Path) -> None:
    """What is worse is shown with both replies, and the exit code forbids publishing."""
    files = KnowledgeFiles.of_folder(folder)
    files = files.put("evaluation/questions.jsonl", '{"text": "i want an appointment", "intent": "booking"}\n')
    files.write_to(folder)
    worse = folder.parent / "worse"
    update_intent(files, "booking", phrasings=["do you mean prp", "prp then", "prp jab"]).write_to(worse)
    result = CliRunner().invoke(main, ["--intents", str(worse), "changes", "--from", str(folder)])
    assert result.exit_code == 1, result.output
    assert "Not to be published: Right replies fall from 100.0% to 0.0% on the 1 labelled questions" in result.output
    assert "  i want an appointment\n    answer booking  →  " in result.output
    same = CliRunner().invoke(main, ["changes", "--from", str(folder), "--to", str(folder)])
    assert same.exit_code == 0
    assert "No reply changes." in same.output
