"""The files of a knowledge base as texts: read, compared and written back without a change that nobody made."""

import os
from pathlib import Path

import pytest

from chatbot.errors import KnowledgeError
from chatbot.knowledge.files import load_knowledge, read_knowledge
from chatbot.knowledge.folder import MAX_BYTES, KnowledgeFiles

INTENTS = Path(__file__).parents[2] / "intents"


def test_the_clinics_folder_is_read_whole() -> None:
    """Topics, safety messages and the evaluation set are all part of a revision."""
    files = KnowledgeFiles.of_folder(INTENTS)
    assert {"clinic.yaml", "prp.yaml", "safety_messages.jsonl", "evaluation/safety.jsonl"} <= set(files)
    assert files["prp.yaml"] == (INTENTS / "prp.yaml").read_text()


def test_texts_read_like_the_folder() -> None:
    """The knowledge, the problems and their lines are the same from texts as from the folder."""
    from_texts, from_folder = read_knowledge(KnowledgeFiles.of_folder(INTENTS)), read_knowledge(INTENTS)
    assert from_texts == from_folder
    assert from_texts.knowledge


@pytest.mark.parametrize(
    "broken",
    ["topic: *x\n", "topic: prp\n\tintents: x\n", "topic: prp\nintents: []\n", "", "\ufefftopic: {\r\n", "a: \x07"],
)
def test_problems_of_texts_are_those_of_the_folder(folder: Path, broken: str) -> None:
    """Whatever is wrong with a file is found in its text, at the same line and in the same words."""
    (folder / "prp.yaml").write_bytes(broken.encode())
    (folder / "more.yml").write_text("topic: x")
    (folder / "safety_messages.jsonl").write_text('{"text": 1}\n')
    reading = read_knowledge(KnowledgeFiles.of_folder(folder))
    assert reading.problems == read_knowledge(folder).problems
    assert {problem.file for problem in reading.problems} >= {"intents/prp.yaml", "intents/more.yml"}


def test_half_a_character_is_a_problem_and_no_traceback(folder: Path) -> None:
    """A text from a database or a form may hold what no file can."""
    files = KnowledgeFiles.of_folder(folder).put("prp.yaml", "topic: \ud800\n")
    assert [problem.code for problem in read_knowledge(files).problems] == ["encoding"]


def test_required_files_are_missed_in_texts(folder: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"intents/clinic\.yaml: error: This file is missing"):
        load_knowledge(KnowledgeFiles.of_folder(folder).without("clinic.yaml"))


def test_writing_back_touches_only_what_changed(folder: Path) -> None:
    """Unchanged files keep their time of change; a file that the knowledge no longer has goes."""
    files = KnowledgeFiles.of_folder(folder)
    assert files.write_to(folder) == ()
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    edited = files.put("prp.yaml", files["prp.yaml"] + "# note\r\n").without("visiting.yaml")
    assert edited.write_to(folder) == ("prp.yaml", "visiting.yaml")
    after = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert {name for name in before if before[name] != after.get(name)} == {"prp.yaml", "visiting.yaml"}
    assert KnowledgeFiles.of_folder(folder) == edited


def test_writing_to_a_new_folder(folder: Path, tmp_path: Path) -> None:
    """Byte for byte, with line ends and byte order marks."""
    (folder / "prp.yaml").write_bytes(b"\xef\xbb\xbf" + (folder / "prp.yaml").read_bytes().replace(b"\n", b"\r\n"))
    files = KnowledgeFiles.of_folder(folder)
    files.write_to(tmp_path / "copy")
    for name in files:
        assert (tmp_path / "copy" / name).read_bytes() == (folder / name).read_bytes()


def test_a_folder_with_other_things_is_not_cleared(folder: Path, tmp_path: Path) -> None:
    """A folder named by mistake keeps its files."""
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    with pytest.raises(KnowledgeError, match="holds other files"):
        KnowledgeFiles.of_folder(folder).write_to(tmp_path)
    assert (tmp_path / "compose.yaml").exists()


def test_other_things_in_the_folder_stay(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    files = KnowledgeFiles.of_folder(folder)
    assert "notes.txt" not in files
    files.without("visiting.yaml").write_to(folder)
    assert (folder / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    "name",
    [
        "../x.yaml",
        "/x.yaml",
        "a/b.yaml",
        "evaluation/../x.yaml",
        ".x.yaml",
        "x.py",
        "",
        "a\\b.yaml",
        "./x.yaml",
        "a\0.yaml",
    ],
)
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    """A revision can never write outside its folder."""
    with pytest.raises(ValueError, match="cannot be the name"):
        KnowledgeFiles({name: ""})


def test_the_hash_knows_names_and_texts() -> None:
    """Equal content has an equal hash in whatever order it came; a text that moves to another file has not."""
    one = KnowledgeFiles({"a.yaml": "x", "b.yaml": "y"})
    assert one.content_hash == KnowledgeFiles({"b.yaml": "y", "a.yaml": "x"}, "elsewhere").content_hash
    assert one.content_hash != KnowledgeFiles({"a.yaml": "y", "b.yaml": "x"}).content_hash
    assert one.content_hash != KnowledgeFiles({"a.yaml": "xb.yaml", "b.yaml": ""}).content_hash
    assert one == KnowledgeFiles(dict(one))


def test_files_that_cannot_be_read_are_named(folder: Path) -> None:
    (folder / "huge.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    (folder / "latin.yaml").write_bytes(b"topic: x\nintents: caf\xe9\n")
    os.mkfifo(folder / "pipe.yaml")
    with pytest.raises(KnowledgeError) as raised:
        KnowledgeFiles.of_folder(folder)
    assert [(p.file, p.line, p.code) for p in raised.value.problems] == [
        ("intents/huge.yaml", 0, "too-large"),
        ("intents/latin.yaml", 2, "encoding"),
    ]


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="There is no folder"):
        KnowledgeFiles.of_folder(tmp_path / "nowhere")
