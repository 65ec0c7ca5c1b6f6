"""What the staff pages work with: the database, drafts and the chatbots made of them."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import cast

from flask import Flask, current_app

from chatbot.bot import Chatbot
from chatbot.errors import KnowledgeError
from chatbot.knowledge.files import read_knowledge
from chatbot.knowledge.folder import KnowledgeFiles
from chatbot.knowledge.model import Knowledge
from chatbot.storage import baseline, drafts, revisions
from chatbot.storage.database import Database, Transaction
from chatbot.storage.drafts import Draft
from chatbot.storage.revisions import Revision
from web.live import Live
from web.services import services_of
from web.staff.jobs import Jobs

_NAME = "clinic-chatbot-staff"

#: Chatbots of drafts that are kept; each shares with the live one what is the same.
_MOST_BOTS = 4

Edit = Callable[[KnowledgeFiles], KnowledgeFiles]


@dataclass(frozen=True)
class Work:
    """A draft with what it stands on: the revision that it was made from, and the knowledge as it will be."""

    draft: Draft | None
    parent: int
    base: KnowledgeFiles
    files: KnowledgeFiles
    newest: Revision

    @property
    def changed(self) -> bool:
        """Whether there is anything to publish."""
        return self.base != self.files

    @property
    def behind(self) -> bool:
        """Whether somebody published since."""
        return self.newest.number > self.parent


class Desk:
    """The staff area's own services, one for an app."""

    def __init__(self, database: Database, live: Live) -> None:
        self.database = database
        self.live = live
        self.jobs = Jobs()
        self._bots: OrderedDict[str, Chatbot] = OrderedDict()
        self._fitting = Lock()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that reads."""
        with self.database.reading() as transaction:
            yield transaction

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction that writes."""
        with self.database.writing() as transaction:
            yield transaction

    def newest(self) -> Revision:
        """The revision in force; the folder becomes the first one where nothing was published yet."""
        with self.reading() as transaction:
            found = revisions.newest(transaction)
        if found:
            return found
        folder = KnowledgeFiles.of_folder(self.live.state.settings.intents)
        with self.writing() as transaction:
            return baseline.publish_baseline(transaction, folder, "the server", now()).revision

    def files(self, number: int) -> KnowledgeFiles:
        """The files of a revision."""
        with self.reading() as transaction:
            return revisions.files(transaction, number)

    def work_of(self, author: str) -> Work:
        """The author's own draft, or the newest revision where they have none."""
        newest = self.newest()
        with self.reading() as transaction:
            own = drafts.drafts(transaction, author)
            return self._work(transaction, own[0] if own else None, newest)

    def work(self, number: int) -> Work | None:
        """The draft of that number, whoever's it is."""
        newest = self.newest()
        with self.reading() as transaction:
            draft = drafts.get(transaction, number)
            return self._work(transaction, draft, newest) if draft else None

    def _work(self, transaction: Transaction, draft: Draft | None, newest: Revision) -> Work:
        parent = draft.parent if draft else newest.number
        base = revisions.files(transaction, parent)
        return Work(draft, parent, base, draft.on(base) if draft else base, newest)

    def edit(self, author: str, change: Edit) -> Work:
        """Make a change to the author's draft, which begins with the first one.

        Raises:
            EditError: the change cannot be made.
            DraftConflictError: another window saved the draft at the same moment.
        """
        work = self.work_of(author)
        edited = change(work.files)
        with self.writing() as transaction:
            draft = work.draft or drafts.create(transaction, author, work.parent, now())
            drafts.save(transaction, draft, drafts.differing(work.base, edited), now())
        return self.work_of(author)

    def discard(self, draft: Draft) -> None:
        """Throw a draft away.

        Raises:
            DraftConflictError: it was changed since it was read.
        """
        with self.writing() as transaction:
            drafts.discard(transaction, draft)

    def move(self, draft: Draft, base: KnowledgeFiles, files: KnowledgeFiles, parent: int) -> None:
        """Put a draft on top of another revision."""
        with self.writing() as transaction:
            drafts.save(transaction, draft, drafts.differing(base, files), now(), parent=parent)

    def bot(self, files: KnowledgeFiles) -> Chatbot:
        """The chatbot for these files; the first time takes a second."""
        key = files.content_hash
        with self._fitting:
            if key not in self._bots:
                self._bots[key] = self.live.bot.with_knowledge(knowledge_of(files))
            self._bots.move_to_end(key)
            while len(self._bots) > _MOST_BOTS:
                self._bots.popitem(last=False)
            return self._bots[key]


def install(app: Flask, database: Database) -> None:
    """Give the app its desk."""
    app.extensions[_NAME] = Desk(database, services_of(app).live)


def desk() -> Desk:
    """The desk of the app that answers this request."""
    return cast("Desk", current_app.extensions[_NAME])


def now() -> datetime:
    """The time of what staff do."""
    return datetime.now(UTC)


def knowledge_of(files: KnowledgeFiles) -> Knowledge:
    """The knowledge in the files.

    Raises:
        KnowledgeError: there are errors in it.
    """
    reading = read_knowledge(files)
    if reading.knowledge is None or reading.errors:
        raise KnowledgeError(reading.errors)
    return reading.knowledge
