"""Every route of the console, walked with every role and signed out, against the table of permissions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from door_fixtures import PASSWORD, Door, a_key, comment, open_small
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.routing import Mount, Route

from seawall.act import repo_undo
from seawall.act.destination import Destination
from seawall.act.repo_outbox import list_messages
from seawall.act.undo import Undo
from seawall.appeal.post import Post
from seawall.review.tables import TASKS
from seawall.serve.auth.roles import GRANTS, Permission, Role, Scope
from seawall.serve.web import gate, render
from seawall.serve.web.headers import content_security_policy
from seawall.serve.web.nav import MENU
from seawall.serve.web.routes import ROUTES
from seawall.store.audit import acts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx import Response

    from seawall.core.clock import FixedClock
    from seawall.serve.live import Live
    from seawall.serve.web.page import Page

DOCS = Path(__file__).resolve().parents[3] / "docs" / "reference"
PUBLIC = {("GET", "/docs"), ("GET", "/sign-in"), ("POST", "/sign-in"), ("POST", "/sign-out")}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Live, FixedClock]]:
    patch = pytest.MonkeyPatch()
    patch.setattr(gate, "built", lambda: True)  # pages are drawn on the server; only browsers need the assets
    live, clock = open_small(tmp_path_factory.mktemp("web"), {"banks/known.yml": "bank: known\nhash: pdq\n"})
    live.start()
    sent = [comment(1), comment(2, type="coment"), comment(3, link_domain="odd.example")]
    Door(live, **a_key(live, Scope.ADMIN)).post("/v1/events", json=sent)
    live.store.project()
    _wait_for_a_second_person(live)
    _tell_somebody(live)
    yield live, clock
    live.stop()
    patch.undo()


@pytest.fixture
def live(opened: tuple[Live, FixedClock]) -> Live:
    return opened[0]


def _wait_for_a_second_person(live: Live) -> None:
    undo = Undo(strategy="spam.shop", since=0, until=1, reason="a walk", asked_by="somebody", asked_at=1)
    with live.store.ledger.begin() as connection:
        repo_undo.ask(connection, undo, grounds=101)


def _tell_somebody(live: Live) -> None:
    to = Destination(name="elsewhere", url="http://127.0.0.1:9/", secrets=("x" * 24,))
    with live.store.ledger.begin() as connection:
        Post([to]).put(connection, "notice", "n1", {"title": "a walk", "text": "..."}, at=1)


def sign_in(live: Live, name: str, password: str = PASSWORD) -> tuple[Door, Response]:
    door = Door(live)
    token = hidden(door.get("/sign-in"))
    form = {"form_token": token, "name": name, "password": password, "next": "/decisions"}
    return door, door.post("/sign-in", data=form)


@pytest.fixture(scope="module")
def doors(opened: tuple[Live, FixedClock]) -> dict[Role, Door]:
    return {role: sign_in(opened[0], role.value)[0] for role in Role}


def hidden(answer: Response) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', answer.text)
    assert found
    return found[1]


def address(live: Live, page: Page) -> str:
    found = live.store.find_event("e1")
    assert found
    with live.store.ledger.read() as connection:
        task_id = connection.execute(select(TASKS.c.task_id)).scalar_one()
        undo_id = repo_undo.list_undos(connection)[-1].undo.id
        message_id = list_messages(connection)[0].message_id
    name = {"/policies": "spam/links"}.get(page.path.partition("/{")[0], "spam.shop")
    return (
        page.path.replace("{decision_id}", found.decision.decision_id)
        .replace("{surface}/{subject_id:path}", f"{found.decision.type}/{found.decision.subject}")
        .replace("{task_id}", task_id)
        .replace("{undo_id}", undo_id)
        .replace("{message_id}", message_id)
        .replace("/measure/rows", "/measure/rows?query=backlog_rows&queue=links")
        .replace("{name:path}", name)
        .replace("{name}", name)
        .replace("{bank}", "known")
    )


def knock(door: Door, live: Live, page: Page) -> Response:
    """Ask for a page as a browser would, but with a form that changes nothing."""
    path = address(live, page)
    if page.method == "GET":
        return door.get(path)
    token = re.search(r'csrf-token" content="([^"]+)"', door.get("/decisions").text)
    data = {
        "form_token": token[1] if token else "",
        "text": "strategy: [",
        "stamp": "x",
        "reason": "a walk",
        "queue": "links",
    }
    return door.post(path, data=data)


@pytest.mark.parametrize(
    "page", [page for page in ROUTES if page.permission], ids=lambda page: f"{page.method}{page.path}"
)
def test_each_role_gets_exactly_what_the_table_grants(
    live: Live, doors: dict[Role, Door], page: Page
) -> None:
    assert page.permission
    found = {200, 204, 303, 409, 422, *({404} if "{field}" in page.path else ())}  # the event shows no file
    for role, door in doors.items():
        answer = knock(door, live, page)
        if role in GRANTS[page.permission]:
            assert answer.status_code in found, (role, answer.text[:300])
        else:
            assert answer.status_code == 403, role
            assert "Not for your role" in answer.text


@pytest.mark.parametrize("page", ROUTES, ids=lambda page: f"{page.method}{page.path}")
def test_signed_out_only_the_public_pages_answer(live: Live, page: Page) -> None:
    answer = Door(live).request(page.method, address(live, page))
    if (page.method, page.path) in PUBLIC:
        assert answer.status_code in {200, 303, 403}
    elif page.method == "GET":
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")
    else:
        assert answer.status_code == 403


def test_the_application_has_no_route_outside_the_tables(live: Live) -> None:
    pages = {(page.method, page.path) for page in ROUTES}
    open_api = {"/healthz", "/readyz", "/openapi.json"}
    by_link = {"/n/{token}"}  # the signed link in a notice is the permission
    app = Door(live)._app._app._app
    for route in app.routes:
        if isinstance(route, APIRoute):
            secured = any(
                dependency.call.__class__.__name__ == "Require" for dependency in route.dependant.dependencies
            )
            assert secured or route.path in open_api, route.path
        elif isinstance(route, Mount):
            assert route.path == "/assets"
        elif isinstance(route, Route):
            methods = (route.methods or set()) - {"HEAD"}
            assert route.path in open_api | by_link or {(method, route.path) for method in methods} <= pages


def test_only_public_pages_have_no_permission() -> None:
    assert {(page.method, page.path) for page in ROUTES if page.permission is None} == PUBLIC


def test_the_rail_shows_each_role_what_it_may_open(doors: dict[Role, Door]) -> None:
    for role, door in doors.items():
        text = door.get("/").text
        for _, links in MENU:
            for link in links:
                assert (f'data-go="{link.letter}"' in text) is (role in GRANTS[link.permission])


def test_letters_of_the_rail_are_one_each() -> None:
    letters = [link.letter for _, links in MENU for link in links]
    assert len(letters) == len(set(letters))


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/nothing", "/v1/nothing", "/healthz", "/assets/none.js", "/openapi.json"]
)
def test_every_answer_bears_the_security_headers(live: Live, path: str) -> None:
    answer = Door(live).get(path)
    policy = answer.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce
    assert policy == content_security_policy(nonce[1])
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"


def test_pages_carry_no_inline_script_style_or_handler(live: Live, doors: dict[Role, Door]) -> None:
    for page in ROUTES:
        if page.method == "GET":
            text = doors[Role.STRATEGIST].get(address(live, page)).text
            assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", text), (
                page.path
            )


def test_the_session_cookie_is_out_of_reach_of_scripts(live: Live) -> None:
    _, answer = sign_in(live, "lead")
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("seawall_session="))
    assert answer.status_code == 303
    assert answer.headers["location"] == "/decisions"
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie  # on loopback; see the next test


def test_beyond_this_machine_cookies_are_for_https_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "built", lambda: True)
    live, _ = open_small(tmp_path, host="10.0.0.1")
    _, answer = sign_in(live, "lead")
    cookies = answer.headers.get_list("set-cookie")
    assert all("Secure" in cookie for cookie in cookies if "Max-Age=0" not in cookie)
    assert "max-age" in answer.headers["strict-transport-security"]
    live.store.close()


def test_a_form_from_elsewhere_is_not_read(live: Live, doors: dict[Role, Door]) -> None:
    door = doors[Role.STRATEGIST]
    path = "/strategies/spam.shop/pause"
    without = door.post(path, data={"reason": "x"})
    other = door.post(path, data={"reason": "x", "form_token": "y" * 43})
    token = hidden(door.get("/strategies/spam.shop"))
    foreign = door.post(
        path, data={"reason": "x", "form_token": token}, headers={"Origin": "https://evil.example"}
    )
    cross = door.post(
        path, data={"reason": "x", "form_token": token}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert [answer.status_code for answer in (without, other, foreign, cross)] == [403] * 4
    assert "spam.shop" not in live._judge._worker.in_force.held.shadowed


def test_sign_in_leads_only_to_our_own_pages(live: Live) -> None:
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        page = Door(live).get("/sign-in", params={"next": target}).text
        assert "evil.example" not in page


def test_guessing_is_slowed_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "built", lambda: True)
    live, clock = open_small(tmp_path)
    statuses = [sign_in(live, "lead", "wrong password")[1].status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert sign_in(live, "lead")[1].status_code == 429  # even with the right one
    clock.advance(seconds=5)
    assert sign_in(live, "lead")[1].status_code == 303
    live.store.close()


def test_signing_out_ends_the_session(live: Live) -> None:
    door, _ = sign_in(live, "quality")
    kept = door.cookies["seawall_session"]
    assert door.post("/sign-out", data={"form_token": hidden(door.get("/"))}).status_code == 303
    door.cookies.set("seawall_session", kept)
    assert door.get("/").status_code == 303


def test_content_is_not_sent_until_it_is_asked_for(live: Live, doors: dict[Role, Door]) -> None:
    found = live.store.find_event("e1")
    assert found
    path = f"/decisions/{found.decision.decision_id}"
    for role in (Role.MODERATOR, Role.AUDITOR):
        assert "lovely" not in doors[role].get(path).text
    assert "lovely" in doors[Role.MODERATOR].get(f"{path}/content").text
    assert "lovely" not in doors[Role.ADMIN].get("/dead-letters?show=records").text
    assert "lovely" in doors[Role.ANALYST].get("/dead-letters?show=records").text


def test_what_people_wrote_is_never_markup(live: Live, doors: dict[Role, Door]) -> None:
    nasty = '"><img src=x onerror=alert(1)>'
    sender = Door(live, Authorization=f"Bearer {live.keys.create('nasty', [Scope.ADMIN], by='test')}")
    sent = sender.post(
        "/v1/events", json=comment("nasty", text=nasty, actor_id=nasty, comment_id=nasty)
    ).json()
    for path in (
        f"/decisions/{sent['decision_id']}/content",
        "/decisions",
        f"/find?q={nasty}",
        "/dead-letters?show=records",
    ):
        assert "<img" not in doors[Role.ANALYST].get(path).text


def test_administrative_acts_are_in_the_chain_with_their_names(live: Live) -> None:
    door, _ = sign_in(live, "strategist")
    door.post("/project/release", data={"form_token": hidden(door.get("/project")), "note": "as it was"})
    with live.store.ledger.read() as connection:
        newest = acts(connection, limit=1)[0]
    assert (newest.act, newest.by) == ("release", "strategist")
    form = {"form_token": hidden(door.get("/strategies/spam.shop")), "reason": "a second look"}
    door.post("/strategies/spam.shop/pause", data=form)
    door.post("/strategies/spam.shop/resume", data=form)
    with live.store.ledger.read() as connection:
        told = [(one.act, one.by, one.target) for one in acts(connection, limit=2)]
    assert told == [
        ("strategy.resume", "strategist", "spam.shop"),
        ("strategy.pause", "strategist", "spam.shop"),
    ]


def test_without_built_assets_a_sentence_says_what_to_do(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "built", render.built)
    monkeypatch.setattr(render, "ASSETS", Path("/nonexistent"))
    answer = Door(live).get("/sign-in")
    assert answer.status_code == 503
    assert "make assets" in answer.text
    assert Door(live).get("/healthz").status_code == 200


def test_every_route_is_in_the_reference() -> None:
    roles, api = (DOCS / "roles.md").read_text(), (DOCS / "api.md").read_text()
    assert not [page.path for page in ROUTES if f"`{page.method} {page.path}`" not in roles]
    for path in (
        "/v1/events",
        "/v1/decisions/{decision_id}",
        "/v1/decisions",
        "/v1/subjects/{surface}/{id}",
        "/v1/effects/{message_id}/failed",
        "/v1/notices/{notice_id}",
        "/v1/notices/{notice_id}/appeal",
        "/v1/reports",
        "/healthz",
        "/readyz",
        "/metrics",
        "/openapi.json",
    ):
        assert f"`{path}`" in api or f" {path}`" in api
    for permission in Permission:
        row = next(line for line in roles.splitlines() if line.startswith(f"| `{permission.value}`"))
        cells = [cell.strip() for cell in row.strip("|").split("|")][1:]
        assert [role for role, cell in zip(Role, cells, strict=True) if cell == "●"] == [
            role for role in Role if role in GRANTS[permission]
        ]
