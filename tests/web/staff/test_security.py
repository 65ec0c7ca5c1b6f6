"""What the staff area withstands."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from chatbot import Chatbot
from chatbot.settings import Settings
from chatbot.storage import accounts, audit
from chatbot.storage.database import Database
from tests.web.staff.conftest import ANNA, BEN, KEY, PASSWORD, Colleague, Hire
from web.app import create_app

_SCRIPT = "<script>alert(1)</script>"
_OPEN = {"/staff/login", "/staff/reset/<token>"}
_BY_LEAVE = "/staff/preview/<leave>/"


@pytest.fixture
def kind() -> str:
    """Each route is tried, and none of it depends on the kind of database: one is enough."""
    return "sqlite"


def _staff_routes(app: Flask) -> list[tuple[str, str]]:
    """Every method and address of the staff area, with something in the place of each variable."""
    found = []
    for rule in app.url_map.iter_rules():
        if str(rule).startswith("/staff") and str(rule) not in _OPEN:
            address = re.sub(r"<int:\w+>", "1", str(rule))
            address = re.sub(r"<(?:path:)?\w+>", "x", address)
            found += [(method, address) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def test_every_staff_page_asks_for_a_login(app: Flask) -> None:
    """Forced browsing: no address of the area gives anything away."""
    client = app.test_client()
    routes = _staff_routes(app)
    assert len(routes) > 40
    for method, address in routes:
        response = client.open(address, method=method)
        if address.startswith(_BY_LEAVE.replace("<leave>", "x")):
            assert response.status_code == 403, address
        elif method == "POST":
            assert response.status_code == 400, address  # no form of ours
        else:
            assert response.status_code == 302, address
            assert response.headers["Location"].startswith("/staff/login"), address


def test_a_form_of_ours_without_a_login_changes_nothing(hire: Hire, database: Database) -> None:
    stranger = hire(logged_in=False)
    response = stranger.post("/staff/controls/switch", name="chat", value="off")
    assert response.headers["Location"].startswith("/staff/login")
    with database.reading() as transaction:
        assert not audit.entries(transaction, act="switch turned")


def test_without_an_account_there_is_no_staff_area(tmp_path: Path, small_bot: Chatbot, small_knowledge: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'nobody.db'}")
    database.migrate()
    client = create_app(Settings(secret_key=KEY, intents=small_knowledge), small_bot, database).test_client()
    assert {client.get(address).status_code for address in ("/staff/", "/staff/login", "/staff/inbox")} == {404}
    database.close()


@pytest.mark.parametrize(
    "address",
    ["/staff/controls/people", "/staff/controls/switch", "/staff/history/1/rollback", "/staff/controls/people/1"],
)
def test_a_curator_may_not_do_what_publishers_do(hire: Hire, address: str) -> None:
    assert hire(BEN).post(address, name="chat", value="off", email="x@y.example").status_code == 403


def test_every_form_needs_its_token(app: Flask, anna: Colleague) -> None:
    """CSRF: a form on another website, sent by a browser that is logged in, does nothing."""
    for method, address in _staff_routes(app):
        if method == "POST" and not address.startswith("/staff/preview/"):
            assert anna.client.post(address).status_code == 400, address
            assert anna.client.post(address, data={"csrf_token": "forged"}).status_code == 400, address


def test_a_token_of_another_session_does_not_serve(hire: Hire) -> None:
    theirs = hire(BEN).token()
    response = hire(ANNA).client.post("/staff/controls/switch", data={"csrf_token": theirs, "name": "chat"})
    assert response.status_code == 400


def test_logging_in_needs_a_form_of_ours_too(app: Flask) -> None:
    response = app.test_client().post("/staff/login", data={"email": ANNA, "password": PASSWORD})
    assert response.status_code == 400


def test_scripts_in_questions_stay_text(anna: Colleague, ask: Callable[..., list[int]]) -> None:
    """What a patient typed runs neither in the inbox, nor on its page, nor in a new answer."""
    (number,) = ask(f"where is {_SCRIPT} please")
    for address in ("/staff/inbox", f"/staff/questions/{number}", f"/staff/answers/new?questions={number}"):
        page = anna.get(address).get_data(as_text=True)
        assert _SCRIPT not in page
        assert "&lt;script&gt;" in page


def test_scripts_in_answers_run_nowhere(anna: Colleague) -> None:
    """Staff can write markup into an answer; neither the editor, the draft nor the preview makes markup of it."""
    form = {"question": f"What is it? {_SCRIPT}", "kind": "answer", "answer": f"Read {_SCRIPT} **this** now.",
            "phrasings": f"what is it {_SCRIPT}\nwhat is this", "source": "clinic"}  # fmt: skip
    saved = anna.post("/staff/answers/new", id="script_test", topic="prp", **form)
    assert saved.status_code == 302
    for address in ("/staff/answers", "/staff/answers/script_test", anna.draft()):
        page = anna.get(address).get_data(as_text=True)
        assert "script_test" in page or "What is it?" in page
        assert "<script" not in page


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
def test_links_that_run_something_are_no_links(anna: Colleague, link: str) -> None:
    page = anna.post(
        "/staff/answers/prp_definition", advise="1", question="What?", answer=f"[press]({link})", phrasings="what"
    ).get_data(as_text=True)
    assert f'href="{link[:6]}' not in page


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/staff/",
        "//evil.example/staff/inbox",
        "/\\evil.example/staff/",
        "/staff/\\..\\..//evil.example",
        "javascript:alert(1)",
        "/staff/inbox\r\nX-Evil: 1",
        "/elsewhere",
        "///evil.example/staff/x",
    ],
)
def test_logging_in_leads_nowhere_else(hire: Hire, address: str) -> None:
    """Open redirects: `next` is followed inside the staff area only."""
    stranger = hire(logged_in=False)
    token = stranger.token()
    response = stranger.client.post(
        "/staff/login",
        query_string={"next": address},
        data={"csrf_token": token, "email": ANNA, "password": PASSWORD},
    )
    assert response.status_code == 302
    assert response.headers["Location"] == "/staff/inbox"
    assert "X-Evil" not in response.headers


def test_logging_in_leads_back_to_where_one_wanted_to_go(hire: Hire) -> None:
    stranger = hire(logged_in=False)
    wanted = stranger.get("/staff/history?words=prp").headers["Location"]
    token = stranger.token()
    response = stranger.client.post(wanted, data={"csrf_token": token, "email": ANNA, "password": PASSWORD})
    assert response.headers["Location"] == "/staff/history?words=prp"


def _cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("clinic_staff", path="/staff")
    assert cookie is not None
    return cookie.value


def test_a_session_that_was_planted_is_not_the_one_that_logs_in(hire: Hire, app: Flask) -> None:
    """Session fixation: the cookie from before the login opens nothing after it, nor does its token."""
    victim = hire(logged_in=False)
    token = victim.token()
    planted = _cookie(victim.client)
    victim.client.post("/staff/login", data={"csrf_token": token, "email": ANNA, "password": PASSWORD})
    assert _cookie(victim.client) != planted
    assert victim.client.post("/staff/controls/switch", data={"csrf_token": token}).status_code == 400
    attacker = app.test_client()
    attacker.set_cookie("clinic_staff", planted, path="/staff")
    assert attacker.get("/staff/inbox").headers["Location"].startswith("/staff/login")


def test_a_cookie_that_was_changed_opens_nothing(anna: Colleague, app: Flask) -> None:
    cookie = _cookie(anna.client)
    forger = app.test_client()
    forger.set_cookie("clinic_staff", f"{cookie[:8]}{'b' if cookie[8] == 'a' else 'a'}{cookie[9:]}", path="/staff")
    assert forger.get("/staff/inbox").status_code == 302


def test_a_new_password_ends_every_other_login(hire: Hire) -> None:
    here, elsewhere = hire(ANNA), hire(ANNA)
    new = "another horse battery"
    assert here.post("/staff/password", old=PASSWORD, new=new, again=new).status_code == 302
    assert here.get("/staff/inbox").status_code == 200
    assert elsewhere.get("/staff/inbox").status_code == 302


def test_whoever_is_kept_out_is_out_at_once(hire: Hire, database: Database) -> None:
    ben = hire(BEN)
    assert ben.get("/staff/inbox").status_code == 200
    with database.writing() as transaction:
        accounts.set_active(transaction, accounts.by_email(transaction, BEN), False, datetime.now(UTC), "the tests")
    assert ben.get("/staff/inbox").status_code == 302
    assert ben.log_in(BEN).status_code == 401


def test_guessing_a_password_is_slowed_down(hire: Hire) -> None:
    """After a few wrong ones even the right password has to wait, and the answer says how long."""
    guesser = hire(logged_in=False)
    statuses = [guesser.log_in(password=f"wrong password {number}").status_code for number in range(8)]
    assert statuses[:5] == [401] * 5
    assert statuses[-1] == 429
    refused = guesser.log_in()
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_a_wrong_address_and_a_wrong_password_look_the_same(hire: Hire) -> None:
    stranger = hire(logged_in=False)
    pages = [
        stranger.log_in(email, "wrong password!").get_data(as_text=True) for email in (ANNA, "nobody@clinic.example")
    ]
    plain = [re.sub(r'value="[^"]*"', "", page) for page in pages]
    assert plain[0] == plain[1]


def test_a_reset_link_works_once(hire: Hire, database: Database) -> None:
    with database.writing() as transaction:
        person = accounts.by_email(transaction, BEN)
        token = accounts.make_reset_link(transaction, person, datetime.now(UTC), "the tests")
    stranger = hire(logged_in=False)
    new = "another horse battery"
    assert stranger.post(f"/staff/reset/{token}", new="short", again="short").status_code == 422
    assert stranger.post(f"/staff/reset/{token}", new=new, again=new).status_code == 302
    assert stranger.get(f"/staff/reset/{token}").status_code == 404
    assert stranger.log_in(BEN).status_code == 401
    assert stranger.log_in(BEN, new).status_code == 302


def test_the_cookie_is_for_the_staff_area_and_for_https_alone(hire: Hire) -> None:
    stranger = hire(logged_in=False)
    local = stranger.client.get("/staff/login").headers["Set-Cookie"]
    assert "Path=/staff" in local
    assert "HttpOnly" in local
    assert "SameSite=Lax" in local
    assert "Secure" not in local
    away = stranger.client.get("/staff/login", base_url="http://chat.example")
    assert "Secure" in away.headers["Set-Cookie"]


def test_patients_get_no_cookie(app: Flask) -> None:
    client = app.test_client()
    for address in ("/faq", "/faq?q=prp", "/privacy", "/embed", "/api/config", "/widget.js"):
        assert "Set-Cookie" not in client.get(address).headers


def test_staff_pages_are_not_stored(anna: Colleague) -> None:
    response = anna.get("/staff/inbox")
    assert response.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("answers.csv", b"question,answer\n\xff\xfe\x00,\x00"),
        ("../../etc/passwd.csv", b"question,answer\na,b\n" * 3),
        ("answers.exe", b"MZ"),
        ("answers.xlsx", b"PK\x03\x04 no archive"),
        ("answers.xlsm", b"PK\x03\x04"),
        ("answers.yml", b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n!!python/object/apply:os.system [ls]"),
        ("answers.json", b"[" * 100_000),
        ("", b"question,answer\na,b\n"),
    ],
)
def test_uploads_that_are_a_trick_change_nothing(anna: Colleague, name: str, data: bytes) -> None:
    response = anna.post("/staff/exchange/import", file=(io.BytesIO(data), name), format="")
    assert response.status_code in {200, 422}
    assert "Traceback" not in response.get_data(as_text=True)
    if response.status_code == 422:
        assert anna.get("/staff/draft").status_code == 200  # no draft came into being


def test_an_upload_that_is_too_large_is_refused(anna: Colleague) -> None:
    form = {"headers": {"X-CSRFToken": anna.token()}, "content_type": "multipart/form-data; boundary=x"}
    assert anna.client.post("/staff/exchange/import", data=b"x" * 9_000_000, **form).status_code == 413


def test_the_preview_opens_with_its_own_leave_alone(anna: Colleague, hire: Hire, ask: Callable[..., list[int]]) -> None:
    """The widget sends no cookie; its address is signed, and a changed or made-up one opens nothing."""
    (number,) = ask("is there a lift")
    fields = {f"text-{number}": "lift", f"use-{number}": "1"}
    anna.post(f"/staff/questions/{number}/phrasings", intent="booking", **fields)
    page = anna.page(f"{anna.draft()}/preview")
    script = re.search(r'src="(/staff/preview/[^"]+)/widget.js"', page)
    assert script is not None
    stranger = hire(logged_in=False).client
    reply: Any = stranger.post(f"{script[1]}/api/chat", json={"message": "lift"}).json
    assert reply["intents"] == ["booking"]
    assert stranger.get(f"{script[1]}/api/config").status_code == 200
    assert stranger.post(f"{script[1]}x/api/chat", json={"message": "lift"}).status_code == 403


def test_exports_hold_no_formula(anna: Colleague, ask: Callable[..., list[int]]) -> None:
    ask("=HYPERLINK(0)+1 what", "@SUM(1) what", "plain what")
    text = anna.get("/staff/export/questions.csv").get_data(as_text=True)
    cells = re.findall(r'"((?:[^"]|"")*)"', text)
    assert any(cell.startswith("'=") for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))]
