"""The command line as people and programs use it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chatbot.__main__ import find_intents, main
from chatbot.commands.ask import read_line

KEYS = ["text", "kind", "intents", "confidence", "tier", "reply", "parts"]


def run(folder: Path, *arguments: str, typed: str | bytes = "") -> Result:
    return CliRunner().invoke(main, ["--intents", str(folder), *arguments], input=typed)


def run_process(folder: Path, *arguments: str, typed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "chatbot", *arguments]
    environment = os.environ | {"CHATBOT_INTENTS": str(folder), "COLUMNS": "40"}
    return subprocess.run(command, input=typed, capture_output=True, env=environment, timeout=120, check=False)


def ask_lines(folder: Path, *lines: str) -> list[dict[str, Any]]:
    result = run(folder, "ask", "--jsonl", typed="\n".join(lines))
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def copy(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to / "intents"))


def test_ask_prints_plain_text_in_a_pipe(small_knowledge: Path) -> None:
    """A question on the command line is answered without colour, cut lines or anything on standard error."""
    done = run_process(small_knowledge, "ask", "what is PRP?")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"PRP is short for platelet-rich plasma. It is made from your own blood.\n")
    assert b"longer-than-a-line-of-a-terminal" in done.stdout
    assert b"\x1b" not in done.stdout


def test_ask_takes_a_question_without_quotation_marks(small_knowledge: Path) -> None:
    """Several words are one question."""
    assert "platelet-rich" in run(small_knowledge, "ask", "what", "is", "prp").stdout


def test_ask_json_prints_the_contract(small_knowledge: Path) -> None:
    """`--json` prints one object with exactly the promised keys, in their order."""
    answer = json.loads(run(small_knowledge, "ask", "--json", "what is PRP?").stdout)
    assert list(answer) == KEYS
    assert (answer["kind"], answer["intents"], answer["tier"]) == ("answer", ["prp_definition"], None)
    assert answer["parts"] == [{key: answer[key] for key in ("kind", "intents", "confidence")}]
    assert 0 < answer["confidence"] <= 1


def test_ask_json_lists_each_question_of_a_message(small_knowledge: Path) -> None:
    """With several questions `kind` is the first one's and `confidence` the lowest."""
    answer = json.loads(run(small_knowledge, "ask", "--json", "what is PRP? how much does it cost?").stdout)
    assert answer["intents"] == ["prp_definition", "price"]
    assert [part["kind"] for part in answer["parts"]] == ["answer", "handoff"]
    assert answer["kind"] == "answer"
    assert answer["confidence"] == min(part["confidence"] for part in answer["parts"])


def test_jsonl_answers_line_by_line_and_carries_on_after_a_bad_line(small_knowledge: Path) -> None:
    """Each line gets one object; a malformed one gets an error that names its line."""
    lines = ["what is PRP?", "{oops", '{"text": 3}', '{"text": "prp", "session": 1}', "", "how much is it"]
    answers = ask_lines(small_knowledge, *lines)
    assert [answer.get("kind") for answer in answers] == ["answer", None, None, None, "fallback", "handoff"]
    assert [answer["error"][:7] for answer in answers[1:4]] == ["Line 2:", "Line 3:", "Line 4:"]


def test_jsonl_keeps_conversations_apart(small_knowledge: Path) -> None:
    """A follow-up is understood in its own session and in no other."""
    first = {"session": "a", "text": "what is PRP?"}
    follow_up = {"session": "a", "text": "1"}
    stranger = {"session": "b", "text": "1"}
    answers = ask_lines(small_knowledge, *map(json.dumps, (first, stranger, follow_up)))
    assert [answer["intents"] for answer in answers] == [["prp_definition"], [], ["prp_procedure"]]


def test_jsonl_answers_before_the_input_ends(small_knowledge: Path) -> None:
    """Another program can put a question, read the answer, and only then put the next one."""
    command = [sys.executable, "-m", "chatbot", "--intents", str(small_knowledge), "ask", "--jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for question, intent in ((b"what is PRP?\n", "prp_definition"), (b"how do i book\n", "booking")):
            process.stdin.write(question)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["intents"] == [intent]
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_jsonl_survives_any_bytes(small_knowledge: Path) -> None:
    """Bytes that are no UTF-8, half a surrogate pair and deep nesting give an object each, in UTF-8."""
    typed = b'\xff\xfe what is prp\n{"text": "\\ud800 prp"}\n' + b'{"a":' * 100_000 + b"\n\x00\n"
    result = run(small_knowledge, "ask", "--jsonl", typed=typed)
    answers = [json.loads(line) for line in result.stdout_bytes.decode("utf-8").splitlines()]
    assert result.exit_code == 0
    assert ["error" in answer for answer in answers] == [False, False, True, False]


def test_a_line_is_text_or_an_object() -> None:
    """A byte order mark and line ends are no part of the question, and other JSON is plain text."""
    assert read_line(b"\xef\xbb\xbfwhat is PRP?\r\n") == ("what is PRP?", None)
    assert read_line(b'  {"text": "hello"}\n') == ("hello", None)
    assert read_line(b"[1]\n") == ("[1]", None)


@pytest.mark.parametrize(
    "arguments", [["ask"], ["ask", "--jsonl", "what is PRP?"], ["nonsense"], ["ask", "--nonsense"]]
)
def test_wrong_usage_is_explained(small_knowledge: Path, arguments: list[str]) -> None:
    """A mistyped command says what is wrong, with exit code 2."""
    result = run(small_knowledge, *arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr


def test_help_imports_nothing_heavy() -> None:
    """`--help` does not wait for scikit-learn, pydantic or rich."""
    code = (
        "import sys\nfrom chatbot.__main__ import main\nmain(['--help'], standalone_mode=False)\n"
        "assert not {'numpy', 'sklearn', 'pydantic', 'rich'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "evaluate" in done.stdout


@pytest.mark.parametrize("command", [["ask", "hello"], ["evaluate"], ["tune"], []])
def test_a_missing_folder_is_one_message(tmp_path: Path, command: list[str]) -> None:
    """Every command says that the folder is missing, with exit code 2."""
    result = run(tmp_path / "nowhere", *command)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "nowhere" in result.stderr


def test_every_mistake_has_its_file_and_line(small_knowledge: Path, tmp_path: Path) -> None:
    """Broken YAML and a wrong type are reported together, without a traceback."""
    folder = copy(small_knowledge, tmp_path)
    (folder / "prp.yaml").write_text("topic: prp\nintents:\n  - id: [\n")
    clinic = (folder / "clinic.yaml").read_text().replace("starters: [", "starters: 5 #")
    (folder / "clinic.yaml").write_text(clinic)
    done = run_process(folder, "ask", "what is PRP?")
    messages = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b"")
    assert "intents/prp.yaml:" in messages
    assert "intents/clinic.yaml:7:" in messages
    assert "Traceback" not in messages


def test_a_file_that_cannot_be_read_is_one_message(small_knowledge: Path, tmp_path: Path) -> None:
    """A file of questions that is missing, or a folder where a page should go, ends with exit code 2."""
    missing = run(small_knowledge, "evaluate", str(tmp_path / "none.jsonl"))
    folder = run(small_knowledge, "evaluate", "--report", str(tmp_path))
    for result in (missing, folder):
        assert result.exit_code == 2
        assert str(tmp_path) in result.stderr
        assert isinstance(result.exception, SystemExit)


def test_the_folder_here_comes_before_the_one_beside_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --intents the current folder's `intents/` is used, else the program's own."""
    monkeypatch.chdir(tmp_path)
    assert find_intents() == Path(__file__).parent.parent / "intents"
    (tmp_path / "intents").mkdir()
    assert find_intents() == Path("intents")


def test_check_finds_no_error_in_sound_knowledge(small_knowledge: Path) -> None:
    """Pending reviews are warnings: exit code 0, and the JSON can be read."""
    result = run(small_knowledge, "check", "--format", "json")
    assert result.exit_code == 0, result.output
    json.loads(result.stdout)


def test_check_fails_on_an_error(small_knowledge: Path, tmp_path: Path) -> None:
    """An unknown intent among the related ones gives exit code 1 and its line."""
    folder = copy(small_knowledge, tmp_path)
    (folder / "prp.yaml").write_text((folder / "prp.yaml").read_text().replace("[prp_definition]", "[nonsense]"))
    result = run(folder, "check")
    assert result.exit_code == 1
    assert "nonsense" in result.stdout


def test_check_says_when_nothing_can_be_checked(tmp_path: Path) -> None:
    """A folder that cannot be used gives exit code 2 and the reason in the format asked for."""
    (tmp_path / "clinic.yaml").write_text("name: [")
    result = run(tmp_path, "check", "--format", "github")
    assert result.exit_code == 2
    assert "::error" in result.stdout


def test_evaluate_measures_questions_and_writes_a_page(small_knowledge: Path, tmp_path: Path) -> None:
    """Labelled questions are counted, and the page is written."""
    questions = [
        {"text": "what is prp then", "intent": "prp_definition"},
        {"text": "any football on", "intent": "fallback"},
    ]
    file, page = tmp_path / "questions.jsonl", tmp_path / "report.html"
    file.write_text("\n".join(map(json.dumps, questions)))
    result = run(small_knowledge, "evaluate", str(file), "--report", str(page))
    assert result.exit_code == 0, result.output
    assert "right" in result.stdout.lower()
    assert "<html" in page.read_text()


def test_evaluate_alone_cross_validates(small_knowledge: Path) -> None:
    """Without a file the knowledge's own phrasings are the questions."""
    result = run(small_knowledge, "evaluate")
    assert result.exit_code == 0, result.output
    assert "right" in result.stdout.lower()


def test_tune_writes_a_rule_that_is_then_used(small_knowledge: Path, tmp_path: Path) -> None:
    """`tune` writes decision.yaml with the numbers behind it, and the next start reads it."""
    folder = copy(small_knowledge, tmp_path)
    file = tmp_path / "questions.jsonl"
    file.write_text(
        '{"text": "what is prp then", "intent": "prp_definition"}\n{"text": "football", "intent": "fallback"}'
    )
    result = run(folder, "tune", str(file), "--wrong-rate", "0.1")
    assert result.exit_code == 0, result.output
    assert "wrong_rate: 0.1" in (folder / "decision.yaml").read_text()
    assert run(folder, "ask", "what is PRP?").exit_code == 0


def test_schema_writes_what_editors_read(small_knowledge: Path, tmp_path: Path) -> None:
    """`schema` writes a JSON Schema of topic files among the intents."""
    folder = copy(small_knowledge, tmp_path)
    assert run(folder, "schema").exit_code == 0
    assert "topic" in json.loads((folder / "schema.json").read_text())["properties"]
