"""`draft`: the questions that an article answers, with the passages from which their answers must be written."""

from pathlib import Path

import click

from chatbot.commands.common import load

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("article", type=_FILE)
@click.option("--to", "target", type=_FILE, metavar="FILE", help="Write the proposals to FILE and not to the screen.")
@click.option("--name", metavar="NAME", help="The article's name in articles.yaml: tells which answers are stale.")
@click.option(
    "--record",
    "recorded",
    is_flag=True,
    help="With --name: note what the article says now; reviews of stale answers become pending.",
)
@click.pass_obj
def draft(intents: Path, article: Path, target: Path | None, name: str | None, recorded: bool) -> None:
    """Propose questions and answers from ARTICLE (.txt, .md, .html or .docx).

    A proposal has no answer and cannot be published: somebody writes it from the passage, and somebody reviews it.
    """
    if recorded and not name:
        raise click.UsageError("--record needs --name.")
    from chatbot.curation.draft import propose
    from chatbot.curation.draft_article import read_article
    from chatbot.curation.draft_file import draft_lines
    from chatbot.curation.draft_stale import find_stale, record
    from chatbot.knowledge.exchange_guard import MAX_BYTES
    from chatbot.knowledge.folder import KnowledgeFiles

    with article.open("rb") as stream:
        text = read_article(article.name, stream.read(MAX_BYTES + 1))
    bot = load(intents)
    if name:
        for stale in find_stale(bot.knowledge, name, text):
            click.echo(f"stale: {stale}", err=True)
    if recorded and name:
        changed = record(KnowledgeFiles.of_folder(intents), name, text).write_to(intents)
        click.echo(f"Recorded {name}; {len(changed)} files changed.", err=True)
        return
    proposals = propose(text, bot.reader, bot.matcher)
    lines = "\n".join(draft_lines(text, proposals)) + "\n"
    if target:
        target.write_text(lines, encoding="utf-8")
    else:
        click.echo(lines, nl=False)
    new = sum(not proposal.exists for proposal in proposals)
    click.echo(f"{len(proposals)} proposals; for {new} of them there is no intent yet.", err=True)
