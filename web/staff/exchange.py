"""Files of other programs: taking answers over into the draft, with a report, and giving the published ones out."""

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.utils import secure_filename

from chatbot.errors import EditError, ExchangeError
from chatbot.knowledge.exchange import FORMATS, Format, read_exchange, write_exchange
from chatbot.knowledge.exchange_merge import Merged, merge
from chatbot.knowledge.folder import KnowledgeFiles
from web.staff.area import person
from web.staff.desk import desk, knowledge_of
from web.staff.question import topics

exchange = Blueprint("exchange", __name__)

_NAMES: dict[Format, str] = {
    "csv": "CSV",
    "excel": "Excel",
    "rasa": "Rasa (nlu.yml)",
    "qnamaker": "QnA Maker or Azure CQA (TSV)",
    "qnabot": "QnABot (JSON)",
    "dialogflow": "Dialogflow FAQ (CSV)",
}
_ENDINGS: dict[Format, str] = {
    "csv": "csv",
    "excel": "xlsx",
    "rasa": "yml",
    "qnamaker": "tsv",
    "qnabot": "json",
    "dialogflow": "csv",
}
_MOST_FILES = 4


@exchange.get("/exchange")
def show() -> str:
    """The forms."""
    return _page()


@exchange.post("/exchange/import")
def take() -> str | tuple[str, int]:
    """Take the answers of a file over into the draft, and tell what became of each row."""
    files = {secure_filename(each.filename or ""): each.read() for each in request.files.getlist("file")[:_MOST_FILES]}
    files.pop("", None)
    if not files:
        return _page(problem="Choose a file first."), 422
    done: list[Merged] = []

    def put(knowledge: KnowledgeFiles) -> KnowledgeFiles:
        done.append(merge(knowledge, found, request.form.get("topic", "")))
        return done[-1].files

    try:
        found = read_exchange(files, _format(request.form.get("format", "")))
        desk().edit(person().email, put)
    except (ExchangeError, EditError) as error:
        return _page(problem=str(error)), 422
    return render_template(
        "staff/imported.html", names=list(files), merged=done[-1], notes=(*found.notes, *done[-1].notes)
    )


@exchange.get("/exchange/answers/<form>")
def give(form: str) -> Response:
    """The published answers as a file of another program."""
    wanted = _format(form)
    if wanted is None:
        raise NotFound("There is no such format.")
    knowledge = knowledge_of(desk().files(desk().newest().number))
    headers = {"Content-Disposition": f'attachment; filename="answers.{_ENDINGS[wanted]}"'}
    data = write_exchange(knowledge, wanted).data
    return Response(data, content_type="application/octet-stream", headers=headers)


def _format(name: str) -> Format | None:
    return next((form for form in FORMATS if form == name), None)


def _page(problem: str = "") -> str:
    knowledge = knowledge_of(desk().work_of(person().email).files)
    names = [(topic.topic, name) for topic, (name, _) in zip(knowledge.topics, topics(knowledge))]
    return render_template("staff/exchange.html", formats=_NAMES, topic_names=names, problem=problem)
