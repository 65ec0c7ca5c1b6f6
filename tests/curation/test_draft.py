"""Drafting from articles: what is proposed, from which sentences, and which answers are stale."""

from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot.__main__ import main
from chatbot.bot import Chatbot
from chatbot.curation.check import check
from chatbot.curation.draft import MOST_PROPOSALS, propose
from chatbot.curation.draft_article import ArticleText, Section, read_article, sentences
from chatbot.curation.draft_proposal import SURE, Proposal
from chatbot.curation.draft_stale import find_stale, record
from chatbot.errors import EditError, ExchangeError
from chatbot.knowledge.edit import update_intent
from chatbot.knowledge.files import load_knowledge, read_knowledge
from chatbot.knowledge.folder import KnowledgeFiles

SHARED = Path(__file__).parents[3] / "shared"
ARTICLE = SHARED / "articles" / "pain-at-the-back-of-the-hip.txt"

#: An article of ours, about other things than the clinic's.
PARAGRAPHS = {
    "Pain at the outside of the elbow": (
        "Pain at the outside of the elbow has a few causes. This article describes the treatment.",
    ),
    "Lateral epicondylitis": (
        "Lateral epicondylitis is a common condition of the forearm tendons. It is caused by repeated strain at work.",
        (
            "Patients present with an ache over the bone that is worse when gripping or lifting. "
            "An ultrasound scan is useful for assessing the tendons. The condition is treated with physiotherapy."
        ),
        "The radial nerve is located near the elbow. It supplies the back of the forearm.",
    ),
    "Shockwave therapy": (
        "Shockwave therapy is a treatment without needles. It helps the tendon to heal by stimulating the blood flow.",
        "Soreness is a side effect. Most people recover within three days.",
    ),
    "To book:": ("Call 020 7946 0000. Our consultant has long experience. We are at 1 Small Street, London W1A 1AA.",),
}
TITLE = "Pain at the outside of the elbow, what can be done?"

TXT = f"{TITLE}\n\n" + "\n\n".join(f"{heading}\n\n" + "\n\n".join(texts) for heading, texts in PARAGRAPHS.items())
MARKDOWN = f"# {TITLE}\n\n" + "\n\n".join(
    f"## {heading}\n\n" + "\n\n".join(texts) for heading, texts in PARAGRAPHS.items()
)
HTML = (
    f"<html><head><title>Elbow | Clinic</title><style>p {{}}</style></head><body><nav>Home</nav><h1>{TITLE}</h1>"
    + "".join(
        f"<h2>{heading}</h2>" + "".join(f"<p>{text}</p>" for text in texts) for heading, texts in PARAGRAPHS.items()
    )
    + "<script>alert(1)</script><footer>Cookies</footer></body></html>"
)


def word(*, document: str = "") -> bytes:
    """A Word file with the article, or with other contents."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    lines = [f"<w:p>{style}<w:r><w:t>{TITLE}</w:t></w:r></w:p>"]
    for heading, texts in PARAGRAPHS.items():
        lines.append(f"<w:p>{style}<w:r><w:t>{heading}</w:t></w:r></w:p>")
        lines += [f"<w:p><w:r><w:t>{text[:9]}</w:t></w:r><w:r><w:t>{text[9:]}</w:t></w:r></w:p>" for text in texts]
    stream = BytesIO()
    with ZipFile(stream, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "word/document.xml", document or f"<w:document {space}><w:body>{''.join(lines)}</w:body></w:document>"
        )
    return stream.getvalue()


FILES = {"a.txt": TXT.encode(), "a.md": MARKDOWN.encode(), "a.html": HTML.encode(), "a.docx": word()}


def drafted(bot: Chatbot, article: ArticleText) -> dict[str, Proposal]:
    return {proposal.question: proposal for proposal in propose(article, bot.reader, bot.matcher)}


@pytest.mark.parametrize("name", FILES)
def test_every_format_reads_the_same(name: str) -> None:
    """Title, headings and paragraphs come out alike from text, Markdown, HTML and Word."""
    article = read_article(name, FILES[name])
    assert article.title == TITLE
    found = {section.heading.rstrip(":"): section.paragraphs for section in article.sections if section.paragraphs}
    assert found == {heading.rstrip(":"): texts for heading, texts in PARAGRAPHS.items()}


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("What causes pain at the outside of the elbow?", "a few causes"),
        ("What is lateral epicondylitis?", "a common condition of the forearm tendons"),
        ("What causes lateral epicondylitis?", "repeated strain"),
        ("What are the symptoms of lateral epicondylitis?", "an ache over the bone"),
        ("How is lateral epicondylitis diagnosed?", "An ultrasound scan is useful"),
        ("How is lateral epicondylitis treated?", "with physiotherapy"),
        ("Why is pain at the outside of the elbow worse after gripping or lifting?", "gripping or lifting"),
        ("What and where is the radial nerve?", "near the elbow"),
        ("What is shockwave therapy?", "a treatment without needles"),
        ("How does shockwave therapy help?", "stimulating the blood flow"),
        ("What is ultrasound used for?", "is useful for assessing"),
        ("What is the clinic's phone number?", "020 7946 0000"),
        ("Where is the clinic?", "W1A 1AA"),
    ],
)
def test_what_an_article_answers(small_bot: Chatbot, question: str, says: str) -> None:
    """Each question comes with the sentences that answer it."""
    proposal = drafted(small_bot, read_article("a.txt", TXT.encode()))[question]
    assert says in " ".join(proposal.passage)
    assert len(set(proposal.phrasings)) == len(proposal.phrasings) > 1


@pytest.mark.parametrize("name", FILES)
def test_every_passage_is_the_articles_own(small_bot: Chatbot, name: str) -> None:
    """Not a word in a passage is made up."""
    article = read_article(name, FILES[name])
    own = [article.title, *(text for section in article.sections for text in (section.heading, *section.paragraphs))]
    for proposal in drafted(small_bot, article).values():
        assert proposal.passage
        assert all(any(sentence in text for text in own) for sentence in proposal.passage)


@pytest.mark.skipif(not ARTICLE.exists(), reason="the clinic's article lies beside the project where it is developed")
def test_the_clinics_article(clinic_bot: Chatbot) -> None:
    """At least 80 % of the article's own intents are among at most 80 proposals, each with the article's sentences."""
    article = read_article(ARTICLE.name, ARTICLE.read_bytes())
    proposals = drafted(clinic_bot, article)
    catalogue = yaml.safe_load((SHARED / "catalogue.yaml").read_text())["intents"]
    wanted = [i["id"] for i in catalogue if i["kind"] == "answer" and "section" in i and "source" not in i]
    matches = {proposal.exists: proposal.question for proposal in proposals.values() if proposal.exists in wanted}
    for intent in wanted:
        print(f"{intent}: {matches.get(intent, '-')}")  # noqa: T201 - the list of matches, shown by `pytest -s`
    assert len(proposals) <= MOST_PROPOSALS
    assert len(matches) >= 0.8 * len(wanted)
    text = " ".join(ARTICLE.read_text().split())
    assert all(sentence in text for proposal in proposals.values() for sentence in proposal.passage)


def test_overlap_with_what_exists(small_bot: Chatbot) -> None:
    """An intent that asks the same is named; what is new has only neighbours."""
    article = ArticleText("PRP", (Section("PRP", ("PRP is a treatment made from blood. It helps healing.",)),))
    proposals = drafted(small_bot, article)
    assert proposals["What is PRP?"].exists == "prp_definition"
    elbow = drafted(small_bot, read_article("a.txt", TXT.encode()))["What and where is the radial nerve?"]
    assert elbow.exists == ""
    assert all(match.confidence < SURE for match in elbow.overlap)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", b"%PDF", "articles are read from .txt, .md, .html, .htm, .docx files"),
        ("a.txt", "Café".encode("cp1252"), "is not in UTF-8"),
        ("a.html", b"<script>only()</script>", "there is no text in it"),
        ("a.docx", b"PK", "is damaged or no Office file"),
        ("a.docx", word(document="<w:document"), "is damaged or no Word file"),
        ("a.docx", word(document='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "defines XML entities"),
    ],
)
def test_refused_articles(name: str, data: bytes, said: str) -> None:
    with pytest.raises(ExchangeError, match=said):
        read_article(name, data)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["a.txt", "a.md", "a.html"]), st.text(max_size=300))
def test_any_text_is_read_or_refused(small_bot: Chatbot, name: str, text: str) -> None:
    """Whatever an article holds, its proposals quote it."""
    try:
        article = read_article(name, text.encode("utf-8", "replace"))
    except ExchangeError:
        return
    own = [article.title, *(t for section in article.sections for t in (section.heading, *section.paragraphs))]
    for proposal in drafted(small_bot, article).values():
        assert all(any(sentence in text for text in own) for sentence in proposal.passage)


def test_sentences() -> None:
    """Quotation marks stay with their sentence, and an abbreviation ends none."""
    said = ['He said "stop."', "Then 2 came.", "Dr. No left at 3.5 p.m."]
    assert sentences(" ".join(said)) == said


@pytest.fixture
def recorded(folder: Path) -> KnowledgeFiles:
    """The small knowledge after its article was read and one of its answers reviewed."""
    signature = {"by": "A", "on": "2026-01-01", "due": "2027-01-01"}
    files = record(KnowledgeFiles.of_folder(folder), "hip_pain", _hip("It is sore."))
    return update_intent(files, "prp_definition", reviewed=signature)


def _hip(text: str, other: str = "Nothing else.") -> ArticleText:
    return ArticleText("Hip", (Section("Proximal hamstring tendinopathy", (text,)), Section("More", (other,))))


def test_answers_are_stale_when_their_section_changes(recorded: KnowledgeFiles) -> None:
    """The section that changed, and the name that stands for the whole article; other sections do not matter."""
    knowledge = load_knowledge(recorded)
    assert find_stale(knowledge, "hip_pain", _hip("It is sore.")) == ()
    stale = {each.intent.id: each.sections for each in find_stale(knowledge, "hip_pain", _hip("It is very sore."))}
    assert stale["prp_definition"] == ("Proximal hamstring tendinopathy",)
    elsewhere = find_stale(knowledge, "hip_pain", _hip("It is sore.", "Something else."))
    assert "prp_definition" not in {each.intent.id for each in elsewhere}
    assert "booking" not in stale


def test_check_flags_stale_answers(recorded: KnowledgeFiles, tmp_path: Path) -> None:
    """With the folder of articles at hand, `check` points at the source of each answer whose section changed."""
    articles = recorded["articles.yaml"].replace("title:", "file: hip.md\n    title:", 1)
    (tmp_path / "hip.md").write_text("# Hip\n\n## Proximal hamstring tendinopathy\n\nIt is very sore.\n")
    reading = read_knowledge(recorded.put("articles.yaml", articles))
    found = [p for p in check(reading, today=date(2026, 6, 1), articles=tmp_path) if p.code == "stale"]
    assert "intents/prp.yaml" in {problem.file for problem in found}
    assert all("the article changed since the answer was written" in problem.message for problem in found)


def test_recording_a_change_ends_the_reviews(recorded: KnowledgeFiles) -> None:
    """What was signed for the old text waits again; then nothing is stale."""
    changed = _hip("It is very sore.")
    files = record(recorded, "hip_pain", changed)
    assert load_knowledge(files).by_id["prp_definition"].reviewed == "pending"
    assert find_stale(load_knowledge(files), "hip_pain", changed) == ()
    with pytest.raises(EditError, match="There is no article 'elbow'"):
        record(recorded, "elbow", changed)


def test_the_command(folder: Path, tmp_path: Path) -> None:
    """The file has every proposal as a draft without an answer, and cannot be put among the intents."""
    article = tmp_path / "elbow.md"
    article.write_text(MARKDOWN)
    target = tmp_path / "elbow.yaml"
    run = CliRunner().invoke
    result = run(main, ["--intents", str(folder), "draft", str(article), "--to", str(target)])
    assert result.exit_code == 0, result.output
    proposals = yaml.safe_load(target.read_text())["proposals"]
    assert {(each["status"], each["answer"]) for each in proposals} == {("draft", "")}
    assert f"{len(proposals)} proposals" in result.stderr
    (folder / "elbow.yaml").write_text(target.read_text())
    assert read_knowledge(folder).knowledge is None


def test_the_command_tells_what_is_stale(folder: Path, tmp_path: Path) -> None:
    article = tmp_path / "hip.md"
    article.write_text("# Hip\n\n## Proximal hamstring tendinopathy\n\nIt is sore.\n")
    run = CliRunner().invoke
    options = ["--intents", str(folder), "draft", str(article), "--name", "hip_pain"]
    assert "stale" not in run(main, [*options, "--record"]).stderr
    article.write_text(article.read_text().replace("sore", "very sore"))
    assert "stale: prp_definition: changed in the article" in run(main, options).stderr
    assert run(main, ["draft", str(article), "--record"]).exit_code == 2
