"""What staff do, without a browser: every page works without JavaScript."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from chatbot.knowledge.edit import add_phrasings
from chatbot.storage import audit, drafts, inbox, revisions
from chatbot.storage.database import Database
from tests.web.staff.conftest import ANNA, BEN, CORA, Colleague, Hire
from web.services import services_of
from web.staff.controls import harmless

Ask = Callable[..., list[int]]


def _says(app: Flask, text: str) -> list[str]:
    """The intents with which the live chat answers."""
    reply: Any = app.test_client().post("/api/chat", json={"message": text}).json
    return list(reply["intents"]) if reply["kind"] in {"answer", "handoff"} else []


def _assign(who: Colleague, number: int, intent: str, text: str) -> None:
    fields = {f"text-{number}": text, f"use-{number}": "1"}
    assert who.post(f"/staff/questions/{number}/phrasings", intent=intent, **fields).status_code == 302


def _state(database: Database, number: int) -> str:
    with database.reading() as transaction:
        return inbox.get(transaction, [number])[0].state


def _form(question: str, answer: str, phrasings: str, **others: str) -> dict[str, str]:
    return {"question": question, "kind": "answer", "answer": answer, "phrasings": phrasings, **others}


def test_an_unanswered_question_becomes_an_answer_and_goes_again(
    anna: Colleague, app: Flask, ask: Ask, database: Database
) -> None:
    """The whole loop: inbox, rewriting, draft, what changes, publish, and back."""
    (number,) = ask("is there a wheelchair lift for my aunt")
    rewritten = "wheelchair lift in the building"
    assert _says(app, rewritten) == []
    _assign(anna, number, "booking", rewritten)
    assert _state(database, number) == "pending"
    assert _says(app, rewritten) == []  # nothing is live before it is published
    assert "may be published" in anna.page(f"{anna.draft()}/changes")
    assert anna.publish("Asked about a lift").status_code == 302
    assert _says(app, rewritten) == ["booking"]
    page = anna.page("/staff/history")
    assert "Asked about a lift" in page
    assert "aunt" not in anna.page("/staff/history/2")
    assert anna.post("/staff/history/1/rollback", comment="not right").status_code == 302
    assert _says(app, rewritten) == []
    with database.reading() as transaction:
        assert [each.number for each in revisions.history(transaction)] == [3, 2, 1]
        acts = [entry.act for entry in audit.entries(transaction, who=ANNA)]
    assert {"logged in", "questions pending", "published", "rolled back"} <= set(acts)


def test_a_question_is_done_once_it_is_answered(anna: Colleague, ask: Ask, database: Database) -> None:
    (number,) = ask("wheelchair lift in the building")
    _assign(anna, number, "booking", "wheelchair lift in the building")
    anna.publish()
    assert _state(database, number) == "done"
    anna.post("/staff/history/1/rollback", comment="not right")
    assert _state(database, number) == "new"


def test_publishing_needs_a_comment(anna: Colleague, ask: Ask) -> None:
    (number,) = ask("wheelchair lift")
    _assign(anna, number, "booking", "wheelchair lift")
    response = anna.publish(comment="  ")
    assert response.status_code == 422
    assert "Write in a few words" in response.get_data(as_text=True)


def test_a_curator_prepares_and_a_publisher_publishes(hire: Hire, ask: Ask, app: Flask) -> None:
    ben = hire(BEN)
    (number,) = ask("wheelchair lift")
    _assign(ben, number, "booking", "wheelchair lift")
    address = ben.draft()
    assert ben.publish().status_code == 403
    assert "Only a publisher" in ben.page(f"{address}/publish")
    anna = hire(ANNA)
    assert BEN in anna.page("/staff/draft")
    assert anna.post(f"{address}/publish", comment="Ben's work").status_code == 302
    assert _says(app, "wheelchair lift") == ["booking"]


def test_where_a_second_person_is_asked_for_nobody_publishes_alone(hire: Hire, ask: Ask) -> None:
    anna, cora = hire(ANNA), hire(CORA)
    anna.post("/staff/controls/switch", name="second_person", value="on")
    (number,) = ask("wheelchair lift")
    _assign(anna, number, "booking", "wheelchair lift")
    address = anna.draft()
    assert anna.publish().status_code == 403
    assert cora.post(f"{address}/publish", comment="looked at it").status_code == 302


def test_the_second_of_two_is_told_what_the_first_changed_and_loses_nothing(hire: Hire, ask: Ask, app: Flask) -> None:
    anna, cora = hire(ANNA), hire(CORA)
    first, second = ask("wheelchair lift", "blue badge spaces")
    _assign(anna, first, "booking", "wheelchair lift")
    _assign(cora, second, "booking", "blue badge spaces")
    assert anna.publish("The lift").status_code == 302
    told = cora.publish("Blue badges")
    assert told.status_code == 302
    page = cora.page(cora.draft())
    assert "Revision 2 was published in the meantime" in page
    assert f"By {ANNA}: “The lift”" in page
    assert "<ins>wheelchair lift</ins>" in page
    assert "<ins>blue badge spaces</ins>" in page
    assert "now stands on revision 2" in cora.post(f"{cora.draft()}/update").get_data(as_text=True)
    assert cora.publish("Blue badges").status_code == 302
    assert _says(app, "wheelchair lift") == _says(app, "blue badge spaces") == ["booking"]


def test_where_two_wrote_the_same_answer_both_texts_are_shown(hire: Hire) -> None:
    anna, cora = hire(ANNA), hire(CORA)
    for who, text in ((anna, "Anna's words about PRP."), (cora, "Cora's words about PRP.")):
        seen = _hidden(who.page("/staff/answers/prp_definition"), "seen")
        form = _form("What is PRP?", text, "what is prp\nprp meaning", seen=seen, source="clinic")
        assert who.post("/staff/answers/prp_definition", **form).status_code == 302
    anna.publish("mine")
    page = cora.post(f"{cora.draft()}/update").get_data(as_text=True)
    assert "both of you changed the answer" in page
    assert "Anna" in page
    assert "Cora" in page


def _hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="', 1)[1].split('"', 1)[0]


def test_two_windows_on_one_answer_lose_nothing(anna: Colleague) -> None:
    """The second save is not made, and its text stays in the form."""
    seen = _hidden(anna.page("/staff/answers/prp_definition"), "seen")
    form = _form("What is PRP?", "The first text.", "what is prp", seen=seen, source="clinic")
    assert anna.post("/staff/answers/prp_definition", **form).status_code == 302
    second = anna.post("/staff/answers/prp_definition", **(form | {"answer": "The second text."}))
    page = second.get_data(as_text=True)
    assert second.status_code == 409
    assert "The first text." in page
    assert "The second text." in page
    again = form | {"answer": "The second text.", "seen": _hidden(page, "seen")}
    assert anna.post("/staff/answers/prp_definition", **again).status_code == 302


def test_undoing_an_assignment_restores_question_and_draft(anna: Colleague, ask: Ask, database: Database) -> None:
    (number,) = ask("wheelchair lift")
    _assign(anna, number, "booking", "wheelchair lift")
    page = anna.page(anna.draft())
    back = {name: _hidden(page, name) for name in ("act", "intent", "mark")}
    assert anna.post("/staff/inbox/undo", **back).status_code == 302
    assert _state(database, number) == "new"
    assert "wheelchair lift" not in anna.page(anna.draft())


def test_similar_questions_are_one_group_and_assigned_at_once(anna: Colleague, ask: Ask) -> None:
    ids = ask("can i book by email", "book by email please", "is booking by email possible")
    page = anna.page("/staff/inbox")
    assert re.search(r"Open 3\s+questions", page)
    fields = {f"text-{number}": f"book by email {place}" for place, number in enumerate(ids)}
    fields |= {f"use-{number}": "1" for number in ids}
    joined = ",".join(map(str, ids))
    assert anna.post(f"/staff/questions/{joined}/phrasings", intent="booking", **fields).status_code == 302
    assert "book by email 2" in anna.page(anna.draft())


@pytest.mark.parametrize("state", ["urgent", "ignored", "done", "pending"])
def test_filters_stand_in_the_address(anna: Colleague, ask: Ask, state: str) -> None:
    (number,) = ask("wheelchair lift")
    anna.post("/staff/inbox", id=str(number), state=state)
    assert "wheelchair lift" in anna.page(f"/staff/inbox?state={state}")
    assert ("wheelchair lift" in anna.page("/staff/inbox?state=new")) is False
    assert "wheelchair lift" not in anna.page(f"/staff/inbox?state={state}&words=nothing")


def test_out_of_scope_questions_teach_the_draft(anna: Colleague, ask: Ask) -> None:
    (number,) = ask("how tall is the shard")
    fields = {f"text-{number}": "how tall is the shard", f"use-{number}": "1"}
    assert anna.post(f"/staff/questions/{number}/out-of-scope", **fields).status_code == 302
    assert "<ins>how tall is the shard</ins>" in anna.page(anna.draft())


def test_a_question_becomes_a_new_answer(anna: Colleague, ask: Ask, app: Flask, database: Database) -> None:
    (number,) = ask("do you have a lift for wheelchairs")
    page = anna.page(f"/staff/answers/new?questions={number}")
    assert "do you have a lift for wheelchairs" in page
    phrasings = "do you have a lift for wheelchairs\nis there a lift\nstep free access"
    form = _form("Is there a lift?", "Yes, there is a lift.", phrasings, source="clinic", questions=str(number))
    assert anna.post("/staff/answers/new", id="lift", topic="clinic", **form).status_code == 302
    assert _state(database, number) == "pending"
    assert anna.publish("Lift").status_code == 302
    assert _says(app, "is there a lift") == ["lift"]


def test_what_the_editor_refuses_stays_in_the_form(anna: Colleague) -> None:
    form = _form("Is there a lift?", "Yes, there is a lift.", "is there a lift", source="clinic")
    response = anna.post("/staff/answers/new", id="prp_definition", topic="clinic", **form)
    assert response.status_code == 422
    assert "Yes, there is a lift." in response.get_data(as_text=True)


def test_the_editor_advises_without_saving(anna: Colleague) -> None:
    long = "Notwithstanding considerable physiological heterogeneity, " * 5
    page = anna.post("/staff/answers/prp_definition", advise="1", **_form("What?", long, "what")).get_data(as_text=True)
    assert "years old" in page
    assert "1 phrasings" in page
    assert anna.get("/staff/draft").status_code == 200  # no draft came into being


def test_only_a_person_signs_and_a_change_takes_the_signature_away(anna: Colleague) -> None:
    page = anna.page("/staff/answers/prp_definition")
    form = _form(
        "What is PRP?", "PRP comes from blood.", "what is prp\nprp", seen=_hidden(page, "seen"), source="clinic"
    )
    anna.post("/staff/answers/prp_definition", reviewer="Dr Grey", **form)
    page = anna.page("/staff/answers/prp_definition")
    assert "Signed by Dr Grey" in page
    changed = form | {"seen": _hidden(page, "seen"), "answer": "PRP comes from your blood."}
    anna.post("/staff/answers/prp_definition", **changed)
    assert "Not signed yet" in anna.page("/staff/answers/prp_definition")


def test_the_off_switch_works_at_once(anna: Colleague, app: Flask) -> None:
    anna.post("/staff/controls/switch", name="chat", value="off")
    refused = app.test_client().post("/api/chat", json={"message": "what is prp"})
    assert refused.status_code == 503
    anna.post("/staff/controls/switch", name="chat", value="on")
    assert _says(app, "what is prp") == ["prp_definition"]


def test_controls_take_numbers_and_refuse_others(anna: Colleague, app: Flask) -> None:
    anna.post("/staff/controls/switch", name="retention_days", value="7")
    assert services_of(app).settings.retention_days == 7
    assert anna.post("/staff/controls/switch", name="retention_days", value="many").status_code == 400
    assert anna.post("/staff/controls/switch", name="retention_days", value="-1").status_code == 409
    anna.post("/staff/controls/switch", name="retention_days", value="")
    assert services_of(app).settings.retention_days == 30


def test_people_are_added_with_a_link_that_is_shown_once(anna: Colleague, hire: Hire) -> None:
    page = anna.post("/staff/controls/people", email="dora@clinic.example", role="curator").get_data(as_text=True)
    link = page.split("<code>", 1)[1].split("</code>", 1)[0]
    dora = hire(logged_in=False)
    assert "dora@clinic.example" in dora.page(link.removeprefix("http://localhost"))
    assert anna.post("/staff/controls/people", email="no address", role="curator").status_code == 409


def test_the_last_publisher_stays_one(hire: Hire) -> None:
    anna = hire(ANNA)
    page = anna.page("/staff/controls")
    numbers = [each.split('"', 1)[0] for each in page.split("/staff/controls/people/")[1:]]
    answers = [anna.post(f"/staff/controls/people/{number}", act="curator").status_code for number in numbers]
    assert 409 in answers or 403 in answers


def test_the_test_page_says_what_the_chat_says(anna: Colleague, app: Flask) -> None:
    page = anna.page("/staff/test?q=what is prp")
    assert "What is PRP?" in page
    bot = services_of(app).live.bot
    match = bot.reply("what is prp").parts[0].matches[0]
    assert f"{round(match.confidence * 100)} %" in page
    assert "Call 999" in anna.page("/staff/test?q=chest pain and cannot breathe")


def test_a_draft_can_be_tested_before_it_is_live(anna: Colleague, ask: Ask) -> None:
    (number,) = ask("wheelchair lift")
    _assign(anna, number, "booking", "wheelchair lift")
    assert "How do I book?" in anna.page("/staff/test?q=wheelchair lift&on=draft")


def test_a_draft_is_thrown_away_only_by_its_author(hire: Hire, ask: Ask) -> None:
    anna, ben = hire(ANNA), hire(BEN)
    (number,) = ask("wheelchair lift")
    _assign(anna, number, "booking", "wheelchair lift")
    address = anna.draft()
    assert ben.post(f"{address}/discard").status_code == 403
    assert anna.post(f"{address}/discard").status_code == 302
    assert anna.get(address).status_code == 404


def test_analytics_hides_small_numbers_and_tells_the_worth_of_a_fix(anna: Colleague, ask: Ask) -> None:
    for _ in range(6):
        ask("wheelchair lift in the building", intent="booking")
    ask("how tall is the shard")
    page = anna.page("/staff/analytics")
    assert "1 phrasing for “How do I book?”" in page
    assert "would have answered 6 questions" in page
    assert "few" in page


@pytest.mark.parametrize("form", ["csv", "excel", "rasa", "qnamaker", "qnabot", "dialogflow"])
def test_the_published_answers_can_be_taken_along(anna: Colleague, form: str) -> None:
    response = anna.get(f"/staff/exchange/answers/{form}")
    assert response.status_code == 200
    assert response.data
    assert response.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "  =1", "\u00a0=1", "%x", "|x"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_a_database_that_is_down_is_said_in_words(
    anna: Colleague, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.writing() as transaction:
        transaction.exec_driver_sql("DROP TABLE inbox_acts")
        transaction.exec_driver_sql("ALTER TABLE questions RENAME TO elsewhere")
    response = anna.get("/staff/inbox")
    assert response.status_code in {409, 503}
    assert "SELECT" not in response.get_data(as_text=True)


def test_publishing_waits_for_what_the_safety_set_says(anna: Colleague, database: Database, app: Flask) -> None:
    """A draft that changes a safety result is refused, with the reason."""
    anna.get("/staff/draft")
    with database.writing() as transaction:
        base = revisions.files(transaction, 1)
        line = '{"text": "i saw a purple elephant", "tier": "none", "category": "none", "phenomenon": "plain"}\n'
        safe = base.put("evaluation/safety.jsonl", line)
        revisions.publish(transaction, safe, 1, "the tests", "with a safety set", datetime.now(UTC))
        wording = "      - (chest|breast) (is|has)? pain\n"
        assert wording in safe["safety.yaml"]
        rules = safe["safety.yaml"].replace(wording, f"{wording}      - purple elephant\n")
        scared = add_phrasings(safe.put("safety.yaml", rules), "booking", ["lift"])
        draft = drafts.create(transaction, ANNA, 2, datetime.now(UTC))
        drafts.save(transaction, draft, drafts.differing(safe, scared), datetime.now(UTC))
    refused = anna.publish("scared")
    assert refused.status_code == 409
    assert "another safety result" in refused.get_data(as_text=True)
    with database.reading() as transaction:
        assert revisions.newest_number(transaction) == 2


def test_an_article_is_read_for_questions_that_staff_then_answer(anna: Colleague) -> None:
    """The passages are the article's own, and the answer stays empty until a person writes it."""
    text = (
        b"What is cupping?\n\nCupping therapy\n\nCupping therapy is a treatment with warm glass cups.\n"
        b"Cupping therapy is used for stiff shoulders.\n"
    )
    page = anna.post("/staff/articles", file=(io.BytesIO(text), "cupping.txt")).get_data(as_text=True)
    assert "Cupping therapy is a treatment with warm glass cups." in page
    begun = anna.post("/staff/answers/begin", question="What is cupping?", passage="Warm cups.", phrasings="cupping")
    page = begun.get_data(as_text=True)
    assert "Write it from this passage" in page
    assert 'id="answer" name="answer" rows="10" required aria-describedby="answer-hint"></textarea>' in page
    assert anna.get("/staff/draft").status_code == 200  # no draft came into being


@pytest.mark.parametrize("name", ["article.exe", "article.docx", "", "../../x.html"])
def test_articles_that_cannot_be_read_are_refused_in_words(anna: Colleague, name: str) -> None:
    response = anna.post("/staff/articles", file=(io.BytesIO(b"PK\x03\x04\x00"), name))
    assert response.status_code in {200, 422}
    assert "Traceback" not in response.get_data(as_text=True)
