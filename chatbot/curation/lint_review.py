"""Whether a clinician has read the answers, and in time."""

from collections.abc import Iterator
from datetime import timedelta

from chatbot.curation.lint_base import Desk
from chatbot.knowledge.model import Intent, Review
from chatbot.knowledge.problems import Problem

_SOON = timedelta(days=30)


def lint_review(desk: Desk) -> Iterator[Problem]:
    """Pending reviews counted by file, reviews past due, and those due soon."""
    yield from _pending(desk)
    for intent in desk.knowledge.intents():
        if isinstance(intent.reviewed, Review):
            yield from _dates(desk, intent, intent.reviewed)


def _pending(desk: Desk) -> Iterator[Problem]:
    for topic in desk.knowledge.topics:
        waiting = [intent.id for intent in topic.intents if intent.reviewed == "pending"]
        if waiting:
            file, _ = desk.lines.of(waiting[0])
            count = f"{len(waiting)} of {len(topic.intents)} answers"
            message = f"{count} wait for a clinician's review. Ask for it; 'reviewed' then names who and when."
            yield Problem(file, desk.lines.at(file, "topic"), "review-pending", message, "warning")


def _dates(desk: Desk, intent: Intent, review: Review) -> Iterator[Problem]:
    if review.on > desk.today:
        message = f"the review is dated {review.on}, which is still to come. Correct the date."
        yield desk.problem(intent, "review-dates", message, "reviewed", level="error")
    if review.due < desk.today:
        message = f"the review was due on {review.due}. Have the answer read again."
        yield desk.problem(intent, "review-overdue", message, "reviewed", level="error")
    elif review.due - desk.today <= _SOON:
        message = f"the review is due on {review.due}. Have the answer read again before."
        yield desk.problem(intent, "review-soon", message, "reviewed", level="notice")
