"""`check`, `evaluate`, `tune`, `schema`: the tools for those who write the questions and answers."""

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chatbot.commands.common import load, progress_bar, waiting

if TYPE_CHECKING:
    from chatbot.curation.check import Format
    from chatbot.curation.evaluation import Evaluation

_FILE = click.Path(path_type=Path)


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

    with waiting("Checking the questions and answers …"):
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
    bot = load(intents)
    with progress_bar("Asking") as progress:
        evaluation = evaluate_safety(bot, cases, progress)
    open_console().print(render_safety(evaluation))
    return 1 if evaluation.failures() else 0


def _evaluate(intents: Path, file: Path | None) -> "Evaluation":
    from chatbot.curation.evaluation import cross_validate
    from chatbot.curation.evaluation import evaluate as ask_all
    from chatbot.curation.questions import read_questions

    questions = read_questions(file) if file else ()
    bot = load(intents)
    if not questions:
        return cross_validate(bot)
    with progress_bar("Asking") as progress:
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
    bot = load(intents)
    with waiting("Choosing the threshold and the margin …"):
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


@click.command("safety-ordinary")
@click.pass_obj
def safety_ordinary(intents: Path) -> None:
    """Copy today's phrasings to safety_ordinary.jsonl: from it the second safety net learns what is harmless.

    For a release in which the phrasings have grown a lot; afterwards measure with `evaluate --safety`.
    """
    from chatbot.knowledge.files import load_knowledge

    knowledge = load_knowledge(intents)
    phrasings = [text for intent in knowledge.intents() for text in (intent.question, *intent.phrasings)]
    messages = [
        {"text": text, "tier": "none", "category": "ordinary"}
        for text in dict.fromkeys([*phrasings, *knowledge.out_of_scope])
    ]
    path = intents / "safety_ordinary.jsonl"
    lines = (json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in messages)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    click.echo(f"Wrote {path} with {len(messages)} questions.", err=True)
