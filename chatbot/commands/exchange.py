"""`import` and `export`: questions and answers from and for other programs, with a report on what became of them."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chatbot.commands import revisions

if TYPE_CHECKING:
    from chatbot.knowledge.exchange_model import Format, Note

#: The names of `chatbot.knowledge.exchange_model.FORMATS`, whose module `--help` need not load; a test compares them.
_FORMATS = ("csv", "excel", "rasa", "qnamaker", "qnabot", "dialogflow")
_FORMAT = click.option(
    "--format", "form", type=click.Choice(_FORMATS), help="The file's format, where its ending does not tell."
)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@_FORMAT
@click.option("--topic", default="", metavar="NAME", help="The topic of questions that name none.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the result to this folder (default: the folder with the intents).",
)
@click.option("--try", "only_try", is_flag=True, help="Only report what would happen; write nothing.")
@click.pass_obj
def import_(
    intents: Path, files: tuple[Path, ...], form: "Format | None", topic: str, into: Path | None, only_try: bool
) -> None:
    """Take over questions and answers from FILE: CSV, Excel, Rasa, QnA Maker, QnABot or Dialogflow.

    The report names every row that was mapped, merged, cleaned or left out. Nothing is published: answers wait for
    their review.
    """
    from chatbot.knowledge.exchange import read_exchange
    from chatbot.knowledge.exchange_guard import MAX_BYTES
    from chatbot.knowledge.exchange_merge import merge
    from chatbot.knowledge.folder import KnowledgeFiles

    texts = {}
    for file in files:
        with file.open("rb") as stream:
            texts[file.name] = stream.read(MAX_BYTES + 1)
    found = read_exchange(texts, form)
    merged = merge(KnowledgeFiles.of_folder(intents), found, topic)
    _report(merged.notes)
    click.echo(
        f"{len(found.entries)} questions read: {len(merged.added)} new, {len(merged.changed)} changed.", err=True
    )
    if only_try:
        return
    folder = into or intents
    for name in merged.files.write_to(folder):
        click.echo(f"{folder / name}")


@click.command()
@click.option(
    "--to", "file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="The file to write."
)
@_FORMAT
@click.pass_context
def export(context: click.Context, file: Path | None, form: "Format | None") -> None:
    """Write what is live back to the folder with the intents; with --to, write FILE for another program.

    FILE holds the questions and answers of the folder. Its ending tells the format: .csv and .xlsx are our own table,
    .yml Rasa's, .tsv QnA Maker's, .json QnABot's; give --format for Dialogflow's .csv.
    """
    if file is None:
        if form:
            raise click.UsageError("--format goes with --to FILE.")
        context.invoke(revisions.export)
        return
    from chatbot.knowledge.exchange import format_of, write_exchange
    from chatbot.knowledge.files import load_knowledge

    knowledge = load_knowledge(context.obj)
    written = write_exchange(knowledge, form or format_of(file.name))
    file.write_bytes(written.data)
    _report(written.notes)
    click.echo(f"Wrote {len(knowledge.by_id)} questions to {file}.", err=True)


def _report(notes: "Iterable[Note]") -> None:
    for note in notes:
        click.echo(str(note), err=True)
