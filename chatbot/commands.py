"""The commands behind the command line.

Imports stand inside the functions: scikit-learn and pydantic take one to two seconds, which `--help` and a
mistyped option need not pay.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from chatbot.bot import Chatbot, Turn
    from chatbot.curation.check import Format
    from chatbot.curation.evaluation import Evaluation, Progress

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("text", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as a JSON object.")
@click.option(
    "--jsonl",
    is_flag=True,
    help="Read questions from standard input, a line each: plain text, or an object "
    '{"session": "a", "text": "…"} to carry on a conversation. Print a JSON object a line.',
)
@click.pass_obj
def ask(intents: Path, text: tuple[str, ...], as_json: bool, jsonl: bool) -> None:
    """Answer TEXT once, or each line of standard input with --jsonl."""
    if jsonl == bool(text):
        raise click.UsageError("Give a question, as in: ask 'what is PRP?', or else --jsonl.")
    bot = _load(intents)
    if jsonl:
        for answer in answer_lines(bot, sys.stdin.buffer):
            _echo_json(answer)
        return
    turn = bot.reply(" ".join(text))
    if as_json:
        _echo_json(as_object(turn))
        return
    from chatbot.terminal import open_console, show

    show(open_console(), turn.reply)


def answer_lines(bot: "Chatbot", lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """An object for each line, one with an `error` where the line cannot be read."""
    from chatbot.dialogue.session import Session

    sessions: dict[str, Session] = {}
    for number, line in enumerate(lines, start=1):
        try:
            text, name = read_line(line)
        except ValueError as error:
            yield {"error": f"Line {number}: {error}"}
            continue
        turn = bot.reply(text, sessions.get(name) if name else None)
        if name:
            sessions[name] = turn.session
        yield as_object(turn)


def read_line(line: bytes) -> tuple[str, str | None]:
    """The text of an input line and the name of its conversation, if it has one.

    Raises:
        ValueError: the line begins like an object and is none with a `text`.
    """
    plain = line.decode("utf-8", errors="replace").strip("\ufeff\r\n")
    if not plain.lstrip().startswith("{"):
        return plain, None
    try:
        row = json.loads(plain)
    except (ValueError, RecursionError):
        raise ValueError("this begins like a JSON object but is not one.") from None
    text, session = row.get("text"), row.get("session")
    if not isinstance(text, str):
        raise ValueError('the object needs a "text" that is a string.')
    if not isinstance(session, str | None):
        raise ValueError('"session" must be a string.')
    return text, session


def as_object(turn: "Turn") -> dict[str, Any]:
    """A turn as the object that `ask` prints."""
    return {
        "text": turn.text,
        "kind": turn.kind,
        "intents": turn.intents,
        "confidence": round(turn.confidence, 6),
        "tier": turn.tier,
        "reply": turn.reply.text,
        "parts": [
            {
                "kind": part.decision.kind,
                "intents": part.decision.intents,
                "confidence": round(part.decision.confidence, 6),
            }
            for part in turn.parts
        ],
    }


@click.command()
@click.option("--articles", type=_FILE, metavar="DIR", help="Compare answers with the articles' texts in DIR.")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text")
@click.pass_context
def check(context: click.Context, articles: Path | None, form: "Format") -> None:
    """Look for mistakes in the questions and answers.

    Exit code 1: errors were found; 2: the files cannot be used at all.
    """
    from chatbot.bot import fit_matcher, make_reader
    from chatbot.curation.check import check as find_problems
    from chatbot.curation.check import render
    from chatbot.knowledge.files import read_knowledge

    with _waiting("Checking the questions and answers …"):
        reading = read_knowledge(context.obj)
        knowledge = reading.knowledge
        matcher = fit_matcher(knowledge, make_reader(knowledge)) if knowledge else None
        problems = find_problems(reading, today=date.today(), articles=articles, matcher=matcher)
    click.echo(render(problems, form))
    if knowledge is None:
        context.exit(2)
    context.exit(1 if any(problem.level == "error" for problem in problems) else 0)


@click.command()
@click.argument("file", type=_FILE, required=False)
@click.option("--report", type=_FILE, metavar="HTML", help="Also write a page with plots.")
@click.option("--safety", type=_FILE, metavar="JSONL", help="Measure the safety gate on labelled messages instead.")
@click.pass_context
def evaluate(context: click.Context, file: Path | None, report: Path | None, safety: Path | None) -> None:
    """Measure how well questions are answered.

    FILE has labelled questions (JSONL or CSV, or a folder of them). Without it every phrasing is asked as
    if it were not known. With --safety: exit code 1 where a limit is not kept.
    """
    intents: Path = context.obj
    if safety:
        context.exit(_evaluate_safety(intents, safety))
    from chatbot.curation.report import render_text, write_report
    from chatbot.terminal import open_console

    open_console().print(render_text(evaluation := _evaluate(intents, file)))
    if report:
        write_report(evaluation, report)
        click.echo(f"Wrote {report}.", err=True)


def _evaluate_safety(intents: Path, file: Path) -> int:
    from chatbot.curation.safety_evaluation import evaluate_safety, read_cases, render_safety
    from chatbot.terminal import open_console

    cases = read_cases(file)
    bot = _load(intents)
    with _progress("Asking") as progress:
        evaluation = evaluate_safety(bot, cases, progress)
    open_console().print(render_safety(evaluation))
    return 1 if evaluation.failures() else 0


def _evaluate(intents: Path, file: Path | None) -> "Evaluation":
    from chatbot.curation.evaluation import cross_validate
    from chatbot.curation.evaluation import evaluate as ask_all
    from chatbot.curation.questions import read_questions

    questions = read_questions(file) if file else ()
    bot = _load(intents)
    if not questions:
        return cross_validate(bot)
    with _progress("Asking") as progress:
        return ask_all(bot, questions, progress)


@click.command()
@click.argument("file", type=_FILE, required=False)
@click.option(
    "--wrong-rate",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="The share of messages that may get a wrong answer.",
)
@click.pass_obj
def tune(intents: Path, file: Path | None, wrong_rate: float) -> None:
    """Choose from data when to answer and when to ask back; write it to decision.yaml.

    FILE has labelled questions (JSONL or CSV, or a folder of them; default: evaluation/ among the intents).
    """
    from chatbot.curation.questions import read_questions
    from chatbot.curation.tune import tune as choose
    from chatbot.curation.tune import write_decision

    questions = read_questions(file or intents / "evaluation")
    bot = _load(intents)
    with _waiting("Choosing the threshold and the margin …"):
        rule = choose(bot, questions, wrong_rate)
    path = intents / "decision.yaml"
    write_decision(rule, path)
    click.echo(f"Wrote {path}.", err=True)


@click.command()
@click.pass_obj
def schema(intents: Path) -> None:
    """Write schema.json among the intents: it lets editors complete and check the files."""
    from chatbot.knowledge.schema import topic_schema

    path = intents / "schema.json"
    path.write_text(topic_schema(), encoding="utf-8")
    click.echo(f"Wrote {path}.", err=True)


def _load(intents: Path) -> "Chatbot":
    with _waiting("Reading the clinic's questions and answers …"):
        from chatbot.bot import Chatbot

        return Chatbot.load(intents)


@contextmanager
def _waiting(message: str) -> Iterator[None]:
    from chatbot.terminal import waiting

    with waiting(message):
        yield


@contextmanager
def _progress(label: str) -> "Iterator[Progress]":
    """A bar that is told how many are done and of how many; nothing where errors do not go to a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _echo_json(value: dict[str, Any]) -> None:
    """A line of JSON, always in UTF-8 and flushed; half of a surrogate pair comes out as its escape."""
    click.echo(json.dumps(value, ensure_ascii=False).encode("utf-8", errors="backslashreplace"))
