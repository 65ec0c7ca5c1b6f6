"""`changes`: what patients would get otherwise if one knowledge base took the place of another."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chatbot.commands.common import progress_bar, waiting

if TYPE_CHECKING:
    from chatbot.curation.changes import Changes, Said, Verdict
    from chatbot.knowledge.folder import KnowledgeFiles

_MOST_SHOWN = 30
_TITLES: "dict[Verdict, str]" = {
    "worse": "Worse replies",
    "better": "Better replies",
    "other": "Other replies, neither better nor worse as far as is known",
}


@click.command()
@click.option("--from", "old", metavar="REV|DIR", help="The older one (default: the revision that is live).")
@click.option("--to", "new", metavar="REV|DIR", help="The newer one (default: the folder with the intents).")
@click.option(
    "--recent",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Messages to ask besides, a line each.",
)
@click.pass_context
def changes(context: click.Context, old: str | None, new: str | None, recent: Path | None) -> None:
    """Show what changes for patients between two states of the knowledge.

    Each is a folder or the number of a revision. Exit code 1: something forbids publishing.
    """
    from chatbot.bot import Chatbot
    from chatbot.curation.changes import find_changes
    from chatbot.curation.questions import questions_of
    from chatbot.curation.safety_evaluation import cases_of
    from chatbot.kept import ModelShelf
    from chatbot.knowledge.files import load_knowledge

    files = knowledge_files(old), knowledge_files(new or str(context.obj))
    with waiting("Reading both …"):
        before = Chatbot(load_knowledge(files[0]), ModelShelf.of_environment())
        after = before.with_knowledge(load_knowledge(files[1]))
    asked = recent.read_text(encoding="utf-8", errors="replace").split("\n") if recent else []
    messages = [line.strip() for line in asked if line.strip()]
    with progress_bar("Asking") as progress:
        questions, cases = questions_of(files[0]), cases_of(files[0])
        found = find_changes(before, after, questions, cases, messages, progress=progress)
    for line in render_changes(found):
        click.echo(line)
    context.exit(1 if found.blocking else 0)


def knowledge_files(source: str | None) -> "KnowledgeFiles":
    """The files of a folder or of a revision, by its path or number; without one, those that are live.

    Raises:
        ChatbotError: there is no such folder or revision, or the database cannot be reached.
    """
    from chatbot.knowledge.folder import KnowledgeFiles

    if source is not None and not source.isdecimal():
        return KnowledgeFiles.of_folder(Path(source))
    from chatbot.settings import Settings
    from chatbot.storage import revisions
    from chatbot.storage.database import Database

    with Database.open(Settings.of_environment(os.environ).database).reading() as transaction:
        number = revisions.newest_number(transaction) if source is None else int(source)
        return revisions.files(transaction, number)


def render_changes(changes: "Changes") -> Iterator[str]:
    """The changes as lines for people: what forbids publishing first."""
    yield from (f"Not to be published: {reason}" for reason in changes.blocking)
    for name, accuracy in (("labelled questions", changes.evaluation), ("phrasings as if unknown", changes.rehearsal)):
        yield f"Right on {accuracy.count} {name}: {accuracy.before:.1%}, then {accuracy.after:.1%}."
    if changes.left_out:
        yield f"{changes.left_out} labelled questions are about intents that only one of them has."
    for verdict, title in _TITLES.items():
        found = changes.of(verdict)
        if found:
            yield f"\n{title} ({len(found)}):"
            yield from (f"  {c.text}\n    {_said(c.before)}  →  {_said(c.after)}" for c in found[:_MOST_SHOWN])
    if changes.safety:
        yield f"\nOther safety results ({len(changes.safety)}):"
        yield from (f"  {c.text}\n    {c.before}  →  {c.after}" for c in changes.safety)
    if changes.reworded:
        yield "\nOther words, the same decision:"
        yield from (f"  {intent}: {count}" for intent, count in changes.reworded.items())
    if not (changes.replies or changes.safety or changes.reworded):
        yield "No reply changes."


def _said(said: "Said") -> str:
    kind, intents, tier = said.decided
    return f"{kind} {', '.join(intents)}".strip() + (f" [{tier}]" if tier != "none" else "")
