"""`check`: what the lints find in files, and what they leave in peace."""

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from textwrap import indent

import pytest

from chatbot.bot import fit_matcher, make_reader
from chatbot.curation.check import check, render
from chatbot.curation.lint_phrasings import learnt
from chatbot.knowledge.files import read_knowledge
from chatbot.knowledge.problems import Problem
from chatbot.language.matcher import Match

TODAY = date(2026, 1, 15)
PHRASINGS = (
    "prp price",
    "how much is prp",
    "cost of the plasma jab",
    "what is the fee for plasma",
    "is prp expensive",
)
SOUND = """\
PRP is short for **platelet-rich plasma**. It is made from your own blood.

Please read [our article](https://small.example/post) about it:

- It has pictures.
- It is short.
"""

Check = Callable[..., list[Problem]]


@pytest.fixture
def find(folder: Path) -> Check:
    """Checks the small folder with one more intent; gives the problems of that intent's file."""

    def find_problems(
        answer: str = SOUND,
        *,
        kind: str = "answer",
        phrasings: tuple[str, ...] = PHRASINGS,
        articles: Path | None = None,
        more: str = "",
    ) -> list[Problem]:
        source = "source: [{article: hip_pain, section: Whole article}]" if kind == "answer" else "source: clinic"
        items = "".join(f'      - "{phrasing}"\n' for phrasing in phrasings)
        text = (
            "topic: prp\nintents:\n  - id: prp_cost\n    question: What does PRP cost?\n"
            f"    kind: {kind}\n    phrasings:\n{items}    answer: |\n{indent(answer, ' ' * 6)}\n"
            f"    {source}\n    safety_line: true\n    {more}\n"
        )
        (folder / "your_cost.yaml").write_text(text)
        problems = check(read_knowledge(folder), today=TODAY, articles=articles)
        return [problem for problem in problems if "your_cost" in problem.file]

    return find_problems


def codes(problems: list[Problem]) -> set[str]:
    """The codes, without those that every unreviewed file of a topic that is there twice has."""
    return {problem.code for problem in problems} - {"review-pending", "duplicate-topic"}


def test_a_sound_answer_has_no_findings(find: Check) -> None:
    """Paragraphs, bold, links and lists are what an answer is made of."""
    assert codes(find()) == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "PRP cures the tendon.",
        "We guarantee that you can run again.",
        "If you book now, PRP will cure your tendon.",
        "It works in 100% of patients.",
        "It works in 100 per cent of patients.",
        "The injection is safe.",
        "Ultrasound is harmless.",
        "A good result confirms the diagnosis.",
        "The injection is painless.",
        "The needle does not hurt.",
        "There are no side effects.",
        "The injection will help you.",
        "You will feel better.",
        "We are the best clinic in London.",
        "Stop taking your tablets before you come.",
        "Do not stop your blood thinners.",
        "Keep taking warfarin.",
        "You can take paracetamol for the pain.",
        "You probably have sciatica.",
        "It is nothing to worry about.",
        "You need an injection.",
        "Its effect is permanent.",
    ],
)
def test_banned_wording(find: Check, sentence: str) -> None:
    """Promises, claims of our own, advice on medicines, diagnoses and advertising are found."""
    assert "banned-wording" in codes(find(f"{SOUND}\n{sentence}\n"))


@pytest.mark.parametrize(
    "sentence",
    [
        "The clinic's article says that the procedure is safe and efficient.",
        "According to the article, it is harmless.",
        "The clinic's FAQ page says:\n\n- Ultrasound is harmless.",
        "The article says that a good result would confirm the diagnosis.",
        "The team can tell you whether it is safe for you.",
        "We cannot promise that it works.",
        "The article promises nothing.",
        "The team will help you.",
        "The team will confirm your appointment.",
        "It is best to phone the clinic.",
        "This chat is not an emergency service.",
        "Safety comes first, and an accurate scan secures it.",
    ],
)
def test_attributed_and_denied_wording_is_allowed(find: Check, sentence: str) -> None:
    """What the article says, what is denied and what the team does are no promises."""
    assert "banned-wording" not in codes(find(f"{SOUND}\n{sentence}\n"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Call 020 7946 0001.", "wrong-phone"),
        ("Call +44 20 7946 0001.", "wrong-phone"),
        ("Call 07700 900123.", "wrong-phone"),
        ("Call 020 7946 0000.", "phone-written-out"),
        ("Call +44 (0)20 7946 0000.", "phone-written-out"),
        ("Our number is {telephone}.", "placeholder"),
        ("# Price", "markdown"),
        ("![a scan](https://small.example/scan.png)", "markdown"),
        ("It is <b>bold</b>.", "markdown"),
        ("| a | b |\n|---|---|\n| c | d |", "markdown"),
        ("1. one\n2. two", "markdown"),
        ("- one\n  - two", "markdown"),
        ("It is *italic*.", "markdown"),
        ("It is ** not bold**.", "markdown"),
        ("Read [this](http://small.example).", "link"),
        ("Read [this](javascript:alert).", "link"),
        ("Read https://small.example/post now.", "link"),
        ("It is done by the {clinician}.", "doubled-word"),
        ("word " * 21 + ".", "long-sentence"),
        ("One. Two. Three. Four.", "long-paragraph"),
        ("Immunological characterisation necessitates interdisciplinary collaboration.", "readability"),
        ("Plain words. " * 40, "answer-length"),
    ],
)
def test_what_patients_could_not_read_or_use(find: Check, text: str, code: str) -> None:
    """Wrong numbers, marks that cannot be shown, and text that is hard to read are found."""
    assert code in codes(find(f"{SOUND}\n{text}\n"))


@pytest.mark.parametrize(
    "text",
    ["Call {phone}.", "Call 999 or 111.", "Samaritans: 116 123.", "Reviewed on 2026-01-15.", "Come at 10."],
)
def test_numbers_that_are_right(find: Check, text: str) -> None:
    """Placeholders, help lines and dates are no wrong phone numbers."""
    assert codes(find(f"{SOUND}\n{text}\n")) == set()


def test_length_counts_for_answers_alone(find: Check) -> None:
    """A handoff may be short."""
    assert "answer-length" in codes(find("Please ask."))
    assert codes(find("Please ask.", kind="handoff")) == set()


def test_the_clinics_texts_are_read_too(folder: Path) -> None:
    """A wrong number in the greeting is found at its line."""
    clinic = folder / "clinic.yaml"
    clinic.write_text(clinic.read_text().replace("greeting: Hello.", "greeting: Hello, 020 7946 0009."))
    problems = check(read_knowledge(folder), today=TODAY)
    assert ("intents/clinic.yaml", 6, "wrong-phone") in [(p.file, p.line, p.code) for p in problems]


def test_too_few_phrasings(find: Check) -> None:
    """Four phrasings are too few, five are enough."""
    (problem,) = [p for p in find(phrasings=PHRASINGS[:4]) if p.code == "few-phrasings"]
    assert (problem.line, problem.level) == (6, "warning")


@pytest.mark.parametrize(
    ("phrasing", "code", "level"),
    [
        ("how much is prpp", "near-duplicate", "notice"),
        ("is prp much how", "near-duplicate", "notice"),
        ("explain prp to mee", "near-duplicate", "warning"),
        ("what's in prp", "duplicate-phrasing", "error"),
        ("🤔", "no-words", "notice"),
    ],
)
def test_phrasings_that_teach_little_or_wrong(find: Check, phrasing: str, code: str, level: str) -> None:
    """Near duplicates in one intent are idle, between intents harmful."""
    problems = [p for p in find(phrasings=(*PHRASINGS, phrasing)) if p.code == code]
    assert [(p.line, p.level) for p in problems] == [(12, level)]


class Pretended:
    """A matcher that takes one text for another intent's."""

    def __init__(self, index: int, confidence: float) -> None:
        self.index = index
        self.confidence = confidence

    def rehearse(self, rows: Sequence[int]) -> list[tuple[Match, ...]]:
        elsewhere = (Match("booking", self.confidence, "book me in"),)
        return [elsewhere if row == self.index else (Match("none", 0.0, ""),) for row in rows]


def test_phrasings_that_look_like_another_intent(folder: Path) -> None:
    """A phrasing that the matcher is sure to place elsewhere is reported; below the threshold it is not."""
    reading = read_knowledge(folder)
    assert reading.knowledge
    texts = learnt(reading.knowledge)
    index = next(n for n, text in enumerate(texts) if text.text == "prp meaning")
    sure = check(reading, today=TODAY, matcher=Pretended(index, 0.9))
    (problem,) = [p for p in sure if p.code == "misplaced-phrasing"]
    assert (problem.file, problem.line) == reading.lines.of("prp_definition", "phrasings", 1)
    assert "booking" in problem.message
    unsure = check(reading, today=TODAY, matcher=Pretended(index, 0.4))
    assert "misplaced-phrasing" not in {p.code for p in unsure}


def test_texts_are_numbered_as_the_matcher_learns_them(folder: Path) -> None:
    """Text and label of every number are those of the fitted matcher."""
    knowledge = read_knowledge(folder).knowledge
    assert knowledge
    matcher = fit_matcher(knowledge, make_reader(knowledge))
    texts = learnt(knowledge)
    assert list(matcher.texts_[: len(texts)]) == [text.text for text in texts]
    assert [matcher.labels_[n] for n in matcher.intents_[: len(texts)]] == [text.intent.id for text in texts]


@pytest.mark.parametrize(
    ("review", "code", "level"),
    [
        ("{by: Dr A, on: 2025-01-01, due: 2026-01-14}", "review-overdue", "error"),
        ("{by: Dr A, on: 2025-01-01, due: 2026-02-01}", "review-soon", "notice"),
        ("{by: Dr A, on: 2026-01-16, due: 2027-01-16}", "review-dates", "error"),
    ],
)
def test_reviews_by_date(find: Check, review: str, code: str, level: str) -> None:
    """Overdue, soon due and post-dated reviews are found."""
    (problem,) = [p for p in find(more=f"reviewed: {review}") if p.code == code]
    assert problem.level == level


def test_pending_reviews_are_one_line_a_file(folder: Path) -> None:
    """Many pending answers do not drown the rest."""
    pending = [p for p in check(read_knowledge(folder), today=TODAY) if p.code == "review-pending"]
    assert len(pending) == len({p.file for p in pending})
    assert any("2 of 2" in p.message for p in pending)
    assert {p.level for p in pending} == {"warning"}


def test_a_signed_and_timely_review_has_no_finding(find: Check) -> None:
    """What a clinician has read in time is in order."""
    problems = find(more="reviewed: {by: Dr A, on: 2025-06-01, due: 2026-06-01}")
    assert not any(p.code.startswith("review") for p in problems)


def test_missing_safety_line(folder: Path) -> None:
    """An answer about an injection without its safety line is found."""
    assert "no-safety-line" in {p.code for p in check(read_knowledge(folder), today=TODAY)}


@pytest.fixture
def articles(folder: Path, tmp_path: Path) -> Path:
    """A folder with the text of the small clinic's article."""
    path = folder / "articles.yaml"
    path.write_text(path.read_text() + "    file: hip.txt\n")
    texts = tmp_path / "articles"
    texts.mkdir()
    (texts / "hip.txt").write_text(
        "Platelet-rich plasma (PRP) is made from blood in a centrifuge. It takes 15 minutes. A bursa "
        "is a small sac. Tendinopathies hurt. It lasts six weeks. The S1 nerve is felt in the buttock."
    )
    return texts


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("It takes 20 minutes.", "number-not-in-article"),
        ("The L5 nerve is felt there.", "number-not-in-article"),
        ("It lasts eight weeks.", "number-not-in-article"),
        ("It treats arthritis.", "term-not-in-article"),
        ("It contains lidocaine.", "term-not-in-article"),
        ("It treats the fascia.", "term-not-in-article"),
    ],
)
def test_facts_that_the_article_does_not_have(find: Check, articles: Path, sentence: str, code: str) -> None:
    """Numbers, amounts and medical terms of our own invention are found."""
    assert codes(find(f"{SOUND}\n{sentence}\n", articles=articles)) == {code}


@pytest.mark.parametrize(
    "sentence",
    [
        "It takes 15 minutes, and lasts six weeks.",
        "It is centrifuged.",
        "It is for tendinopathy and the bursae.",
        "The S1 nerve is felt in the bum.",
        "Call {phone}, or 999.",
        "There are two ways to book.",
    ],
)
def test_facts_that_the_article_has(find: Check, articles: Path, sentence: str) -> None:
    """The article's facts in other forms, and words that the lexicon calls the same, are in order."""
    assert codes(find(f"{SOUND}\n{sentence}\n", articles=articles)) == set()


def test_articles_without_text_are_named(folder: Path, tmp_path: Path) -> None:
    """Answers that cannot be compared are counted, not judged."""
    problems = check(read_knowledge(folder), today=TODAY, articles=tmp_path)
    assert ("intents/articles.yaml", 2, "article-not-read", "notice") in [
        (p.file, p.line, p.code, p.level) for p in problems
    ]
    assert not any("not-in-article" in p.code for p in problems)


def test_no_folder_of_articles(folder: Path, tmp_path: Path) -> None:
    """A wrong folder is an error, lest nothing is compared unnoticed."""
    problems = check(read_knowledge(folder), today=TODAY, articles=tmp_path / "nowhere")
    assert ("no-articles", "error") in [(p.code, p.level) for p in problems]


def test_unusable_knowledge_gives_its_problems_alone(folder: Path) -> None:
    """Where a file is broken, the lints wait until it is mended."""
    (folder / "prp.yaml").write_text("topic: *x\n")
    reading = read_knowledge(folder)
    assert check(reading, today=TODAY) == reading.problems


PROBLEMS = (
    Problem("intents/a,b.yaml", 3, "code", "50% of\nit"),
    Problem("intents", 0, "other", "Whole folder.", "warning"),
)


def test_text_for_people() -> None:
    """A line for each problem, and how many there are."""
    assert render(PROBLEMS).splitlines()[-2:] == [
        "intents: warning: Whole folder. [other]",
        "1 error, 1 warning, 0 notices",
    ]
    assert render(()) == "Nothing to mend."


def test_json_for_programs() -> None:
    """Every field of a problem, and the counts."""
    shown = json.loads(render(PROBLEMS, "json"))
    assert shown["problems"][0] == {
        "file": "intents/a,b.yaml", "line": 3, "code": "code", "message": "50% of\nit", "level": "error"
    }  # fmt: skip
    assert shown["counts"] == {"error": 1, "warning": 1, "notice": 0}


def test_annotations_for_github() -> None:
    """Workflow commands, with what would end them escaped."""
    assert render(PROBLEMS, "github").splitlines() == [
        "::error file=intents/a%2Cb.yaml,line=3,title=code::50%25 of%0Ait",
        "::warning file=intents,title=other::Whole folder.",
    ]
