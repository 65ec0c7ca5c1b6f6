"""The draft: what is in it, what it changes for patients, and publishing it."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, stream_template, stream_with_context, url_for
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response as AnyResponse

from chatbot.curation.changes import Changes, Limits, find_changes
from chatbot.curation.evaluation import Progress
from chatbot.curation.merging import merge
from chatbot.curation.questions import questions_of
from chatbot.curation.safety_evaluation import cases_of
from chatbot.errors import EditConflictError
from chatbot.storage import drafts, inbox, revisions, switches
from chatbot.storage.audit import note
from chatbot.storage.drafts import Draft
from web.services import services
from web.staff.area import may_publish, person, publishers_only, say
from web.staff.desk import Work, desk, knowledge_of, now
from web.staff.differences import differences
from web.staff.inbox import follow_live
from web.staff.jobs import Job

changes = Blueprint("changes", __name__)

_RECENT = 500
_STEP = 1.0


@changes.get("/draft")
def own() -> AnyResponse | str:
    """One's own draft, and those of others."""
    work = desk().work_of(person().email)
    if work.draft:
        return redirect(url_for("staff.changes.show", number=work.draft.id))
    return render_template("staff/drafts.html", others=_others(None))


@changes.get("/draft/<int:number>")
def show(number: int) -> str:
    """What a draft would make different in the files."""
    return _page(_work(number))


def _page(work: Work, **shown: Any) -> str:
    base = knowledge_of(work.base)
    return render_template(
        "staff/draft.html",
        work=work,
        draft=work.draft,
        mine=work.draft is not None and work.draft.author == person().email,
        differences=differences(base, knowledge_of(work.files)),
        published=differences(base, knowledge_of(desk().files(work.newest.number))) if work.behind else (),
        others=_others(work.draft),
        second_person=_second_person_needed(work),
        **shown,
    )


@changes.get("/draft/<int:number>/changes")
def effect(number: int) -> Response:
    """What patients would get instead of what; the page grows while the questions are asked."""
    work = _work(number)
    job = _job(work)
    page = stream_template(
        "staff/changes.html", work=work, draft=work.draft, progress=stream_with_context(_progress(job)), job=job
    )
    return Response(page, mimetype="text/html", headers={"X-Accel-Buffering": "no"})


@changes.get("/draft/<int:number>/publish")
def ready(number: int) -> str:
    """The form to publish with."""
    return _publish_page(_work(number))


@changes.post("/draft/<int:number>/publish")
@publishers_only
def publish(number: int) -> AnyResponse | tuple[str, int]:
    """Make the draft live, unless it would change a safety result, cost accuracy, or undo somebody's work."""
    work = _work(number)
    if _second_person_needed(work):
        raise Forbidden("Somebody other than the author of the draft must publish it.")
    comment = request.form.get("comment", "").strip()
    if not comment:
        return _publish_page(work, problem="Write in a few words why this is published."), 422
    found = _job(work).changes
    if found.blocking:
        return _publish_page(work, blocking=found.blocking), 409
    try:
        revision = _publish(work, comment)
    except EditConflictError:
        say("Somebody published in the meantime, so yours is not live yet. Nothing is lost: see below.")
        return redirect(url_for("staff.changes.show", number=number))
    services().live.look()
    follow_live()
    say(f"Revision {revision} is live.")
    return redirect(url_for("staff.history.show"))


@changes.post("/draft/<int:number>/update")
def update(number: int) -> str:
    """Bring the draft on top of what somebody else published."""
    work = _own(number)
    theirs = desk().files(work.newest.number)
    merged = merge(work.base, theirs, work.files)
    desk().move(_draft(work), theirs, merged.files, work.newest.number)
    say(f"Your draft now stands on revision {work.newest.number}.")
    return _page(_work(number), clashes=merged.clashes)


@changes.post("/draft/<int:number>/discard")
def discard(number: int) -> AnyResponse:
    """Throw one's own draft away."""
    work = _own(number)
    desk().discard(_draft(work))
    say("Your draft is thrown away. What patients get was not touched.")
    return redirect(url_for("staff.changes.own"))


def _work(number: int) -> Work:
    work = desk().work(number)
    if work is None:
        raise NotFound("This draft is not there any more: it was published or thrown away.")
    return work


def _own(number: int) -> Work:
    work = _work(number)
    if _draft(work).author != person().email:
        raise Forbidden("This is somebody else's draft.")
    return work


def _draft(work: Work) -> Draft:
    if work.draft is None:
        raise NotFound("There is no draft.")
    return work.draft


def _others(draft: Draft | None) -> tuple[Draft, ...]:
    with desk().reading() as transaction:
        return tuple(each for each in drafts.drafts(transaction) if draft is None or each.id != draft.id)


def _second_person_needed(work: Work) -> bool:
    with desk().reading() as transaction:
        wanted = switches.read(transaction).second_person
    return wanted and _draft(work).author == person().email


def _publish_page(work: Work, **shown: Any) -> str:
    return render_template(
        "staff/publish.html",
        work=work,
        draft=work.draft,
        second_person=_second_person_needed(work),
        allowed=may_publish(),
        comment=request.form.get("comment", ""),
        **shown,
    )


def _publish(work: Work, comment: str) -> int:
    """The draft as a new revision, in one transaction with the end of the draft."""
    who = person().email
    with desk().writing() as transaction:
        made = revisions.publish(transaction, work.files, work.parent, who, comment, now())
        drafts.discard(transaction, _draft(work))
        note(transaction, who, "published", now(), revision=made.number, author=_draft(work).author)
    return made.number


def _job(work: Work) -> Job:
    """The comparison of the draft with what is published, begun if it was not."""
    at_work = desk()  # asked for here, since the job's thread belongs to no request
    newest = at_work.files(work.newest.number)
    with at_work.reading() as transaction:
        loss = switches.read(transaction).accuracy_loss
        recent = [item.text for item in inbox.items(transaction, limit=_RECENT)]
    limits = Limits() if loss is None else Limits(loss / 100, loss / 100)
    key = f"{newest.content_hash} {work.files.content_hash} {limits}"

    def compare(progress: Progress) -> Changes:
        before, after = at_work.bot(newest), at_work.bot(work.files)
        questions, cases = questions_of(newest), cases_of(newest)
        return find_changes(before, after, questions, cases, recent, limits=limits, progress=progress)

    return at_work.jobs.start(key, compare)


def _progress(job: Job) -> Iterator[int]:
    """Per cent done, every second, until it is done."""
    while not job.wait(_STEP):
        yield job.percent
