"""The chat in a terminal, as a person sees it."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pytest
from rich.console import Console

from chatbot import Chatbot
from chatbot.console import COMMANDS, Conversation
from chatbot.dialogue.reply import Block, Call, Choice, Choices, Reply, SafetyCard, SafetyLine, SourceLink
from chatbot.dialogue.session import Session
from chatbot.terminal import show

COLOUR = re.compile(r"\x1b\[[\d;]*\b(?:3[0-7]|4[0-7]|9[0-7])[\d;]*m")
CARD = SafetyCard(
    "emergency", "Call 999 now", ("Do not wait.",), (Call("Call 999", "999", "tel:999", "nine nine nine"),)
)


class Screen:
    """A conversation with everything that it printed since it was last looked at."""

    def __init__(self, bot: Chatbot, *, terminal: bool) -> None:
        self.out = io.StringIO()
        console = Console(file=self.out, force_terminal=terminal, width=80, markup=False, emoji=False, highlight=False)
        self.conversation = Conversation(bot, console)
        self.conversation.start()

    def after(self, *lines: str) -> str:
        """What is printed in answer to the lines."""
        self.out.seek(0)
        self.out.truncate()
        for line in lines:
            self.conversation.hear(line)
        return self.out.getvalue()


@pytest.fixture
def screen(small_bot: Chatbot) -> Screen:
    return Screen(small_bot, terminal=False)


def rendered(*blocks: Block, terminal: bool = True) -> str:
    out = io.StringIO()
    show(Console(file=out, force_terminal=terminal, width=80, markup=False, emoji=False), Reply(blocks))
    return out.getvalue()


def test_the_chat_greets_and_offers_starters(screen: Screen) -> None:
    """The first screen says what it is talking, and numbers the questions to start with."""
    greeting = screen.out.getvalue()
    assert "automated assistant, not a clinician" in greeting
    assert "1. What is PRP?" in greeting


def test_a_starter_is_chosen_by_its_number(screen: Screen) -> None:
    """Typing 2 asks the second starter."""
    assert "Some of your blood is taken." in screen.after("2")


def test_a_follow_up_leans_on_the_answer_before(screen: Screen) -> None:
    """The conversation is carried from line to line."""
    assert "The plasma is separated." in screen.after("what is PRP?", "how is it done?")


def test_empty_lines_are_ignored(screen: Screen) -> None:
    """Nothing is said to nothing."""
    assert screen.after("") == ""


def test_why_shows_how_the_message_was_read_and_decided(screen: Screen) -> None:
    """Mended words, synonyms, matches, evidence, threshold and margin are all there."""
    screen.after("my bum hurtts when sittting")
    told = screen.after("/why")
    for wanted in (
        "sittting → sitting",
        "bum → buttock",
        "answer: hip_pain_sitting",
        "threshold",
        "margin",
        "fuzzy",
    ):
        assert wanted in told


def test_why_explains_every_kind_of_turn(screen: Screen) -> None:
    """A pick, a refusal, a fault, a fallback and several questions at once each have their reasons."""
    assert "Nothing was asked yet." in screen.after("/why")
    assert "names one of the choices" in screen.after("1", "/why")
    screen.conversation.session = Session(choices=("prp_definition", "prp_procedure"), clarifying=True)
    assert "it refuses the choices on offer" in screen.after("none of these", "/why")
    assert "is under the threshold" in screen.after("who won the cup", "/why")
    several = screen.after("what is PRP? how much does it cost?", "/why")
    assert several.count("question  ") == 2


def test_why_after_a_fault(screen: Screen, small_bot: Chatbot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where matching failed, /why says that there was none."""
    monkeypatch.setattr(small_bot.matcher, "rank_many", None)
    assert "nothing was compared" in screen.after("what does prp mean", "/why")


def test_restart_forgets_the_conversation(screen: Screen) -> None:
    """After /restart there is nothing left to explain."""
    assert "automated assistant" in screen.after("what is PRP?", "/restart")
    assert "Nothing was asked yet." in screen.after("/why")


@pytest.mark.parametrize("line", ["/help", "/HELP please", "/nonsense"])
def test_the_commands_are_listed(screen: Screen, line: str) -> None:
    """/help, and any command that does not exist, list those that do."""
    told = screen.after(line)
    assert all(command in told for command in COMMANDS)
    assert ("There is no command /nonsense." in told) == (line == "/nonsense")


def test_markup_in_a_message_is_not_obeyed(screen: Screen) -> None:
    """What a person types is shown as typed, without control characters."""
    screen.after("[bold red]what is PRP?[/] \x1b[31m:smile:")
    told = screen.after("/why")
    assert "[bold red]what is PRP?[/]" in told
    assert ":smile:" in told
    assert "\x1b" not in told


def test_a_card_says_its_action_in_words_within_a_border() -> None:
    """The heading and the numbers are words as well as colour."""
    card = rendered(CARD)
    assert "Call 999 now" in card
    assert "┏" in card
    assert COLOUR.search(card)


def test_a_call_without_a_number_in_its_label_shows_it() -> None:
    """A terminal has no buttons, so the number must be read."""
    helpline = Call("Call the helpline", "0808 2000 247", "tel:08082000247", "oh eight oh eight")
    assert "Call the helpline: 0808 2000 247" in rendered(SafetyCard("urgent", "Help", (), (helpline,)))


def test_every_block_keeps_its_words_in_plain_text() -> None:
    """Outside a terminal the same words come without any style."""
    offered = Choices("Which?", (Choice("a", "Question a"),), "None of these")
    plain = rendered(CARD, SafetyLine("If it's urgent call 111."), offered, terminal=False)
    for words in (
        "Call 999 now",
        "- Do not wait.",
        "\nCall 999\n",
        "call 111",
        "1. Question a",
        "2. None of these",
    ):
        assert words in plain
    assert "\x1b" not in plain


def test_a_long_address_stays_whole() -> None:
    """An address is neither cut nor folded, so that it can be clicked and copied."""
    address = f"https://clinic.example/{'long-' * 30}"
    assert f"{address}\x1b" in rendered(SourceLink("Title", "Section", address))


def test_a_pipe_is_answered_line_by_line_without_prompt_or_colour(small_knowledge: Path) -> None:
    """Lines from another program, bytes that are no text among them, are all answered; then it ends."""
    command = [sys.executable, "-m", "chatbot", "--intents", str(small_knowledge)]
    typed = b"what is PRP?\n\n\xff\xfe\nhow much is it"
    done = subprocess.run(command, input=typed, capture_output=True, timeout=120, check=False)
    said = done.stdout.decode("utf-8")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "platelet-rich plasma" in said
    assert "Our articles do not say what it costs." in said
    assert "> " not in said
    assert "\x1b" not in said


@pytest.fixture
def open_chat(small_knowledge: Path, tmp_path: Path) -> Iterator[Callable[..., "pexpect.spawn[str]"]]:
    """Starts the chat in a pseudo-terminal and waits for its prompt."""
    opened = []

    def start(**variables: str) -> "pexpect.spawn[str]":
        environment = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR"}}
        environment |= {
            "HOME": str(tmp_path),
            "TERM": "xterm-256color",
            "CHATBOT_INTENTS": str(small_knowledge),
        }
        child = pexpect.spawn(
            sys.executable, ["-m", "chatbot"], env=environment | variables, encoding="utf-8", timeout=60
        )
        opened.append(child)
        child.logfile_read = io.StringIO()
        child.expect_exact("/help.")
        child.expect_exact("> ")
        return child

    yield start
    for child in opened:
        child.close(force=True)


def transcript(child: "pexpect.spawn[str]") -> str:
    assert isinstance(child.logfile_read, io.StringIO)
    return child.logfile_read.getvalue()


def ended(child: "pexpect.spawn[str]") -> int | None:
    """The exit code, once the goodbye was said."""
    child.expect_exact("Goodbye.")
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus


@pytest.mark.parametrize("leave", ["\x03", "\x04", "half a question\x03", "/quit\r"])
def test_the_chat_is_left_cleanly(open_chat: Callable[..., "pexpect.spawn[str]"], leave: str) -> None:
    """Ctrl-C, Ctrl-D and /quit say goodbye, with exit code 0 and no traceback."""
    child = open_chat()
    child.send(leave)
    assert ended(child) == 0
    assert "Traceback" not in transcript(child)


def test_the_arrow_keys_bring_back_what_was_typed(
    open_chat: Callable[..., "pexpect.spawn[str]"], tmp_path: Path
) -> None:
    """Up repeats the last question, and no trace of it is left on disk."""
    child = open_chat()
    for keys in ("what is PRP?\r", "\x1b[A\r"):
        child.send(keys)
        child.expect_exact("platelet-rich plasma")
        child.expect_exact("> ")
    child.send("\x04")
    assert ended(child) == 0
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("variables", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_is_left_out_on_request(
    open_chat: Callable[..., "pexpect.spawn[str]"], variables: dict[str, str], *, coloured: bool
) -> None:
    """NO_COLOR keeps colour out; without it there is some."""
    child = open_chat(**variables)
    child.send("how much is it\r")
    child.expect_exact("Book online")
    child.expect_exact("> ")
    assert bool(COLOUR.search(transcript(child))) == coloured
