"""The page of deliveries: a platform that is down or wrong is seen, and what did not arrive is sent again."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from door_fixtures import NOON, PASSWORD, Door, a_key, comment, open_small

from seawall.act.deliver import Deliverer
from seawall.act.outbox import effect_failed
from seawall.act.ports import Answer
from seawall.act.repo_outbox import list_messages
from seawall.serve.auth.roles import Scope
from seawall.serve.web import gate
from seawall.store.audit import acts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seawall.core.clock import FixedClock
    from seawall.serve.live import Live

FILES = {
    ".seawall/hook.secret": "a-secret-long-enough-to-be-one",
    ".seawall/destinations.yml": (
        "destinations:\n  platform:\n    url: http://127.0.0.1:9/hook\n    secrets: [file:hook.secret]\n"
    ),
}
DOWN = Answer(None, error="connection refused")


class Sender:
    """Answers everything in the same way."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def post(self, url: str, body: bytes, headers: Mapping[str, str], *, timeout_s: float) -> Answer:
        return self.answer


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Live, FixedClock]]:
    monkeypatch.setattr(gate, "built", lambda: True)
    live, clock = open_small(tmp_path, FILES)
    live.start(chores=False)
    sent = comment(1, link_domain="false-shop.example")
    Door(live, **a_key(live, Scope.ADMIN)).post("/v1/events", json=sent)
    live.store.project()
    yield live, clock
    live.stop()


def signed_in(live: Live, name: str) -> Door:
    door = Door(live)
    token = re.search(r'name="form_token" value="([^"]+)"', door.get("/sign-in").text)
    assert token
    door.post("/sign-in", data={"form_token": token[1], "name": name, "password": PASSWORD, "next": "/"})
    return door


def deliver(live: Live, clock: FixedClock, answer: Answer) -> None:
    (to,) = live.outgoing.destinations
    one = Deliverer(live.store.ledger, to, sender=Sender(answer), clock=clock, rng=random.Random(1))
    while one.deliver_due():
        pass


def post(door: Door, path: str, **form: str) -> int:
    token = re.search(r'csrf-token" content="([^"]+)"', door.get("/deliveries").text)
    assert token
    return door.post(path, data={"form_token": token[1], **form}).status_code


def test_while_all_is_well_the_page_and_today_say_so(opened: tuple[Live, FixedClock]) -> None:
    live, clock = opened
    deliver(live, clock, Answer(200))
    door = signed_in(live, "admin")
    page = door.get("/deliveries").text
    assert "all is well" in page
    assert "Everything arrives." in page
    assert "does not take" not in door.get("/").text


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (DOWN, "connection refused"),
        (Answer(None, error="no answer within 10 s"), "no answer within 10 s"),
        (Answer(500), "status 500"),
        (Answer(401, error="status 401: the signature does not fit"), "the signature does not fit"),
    ],
    ids=["down", "hangs", "fails", "does not believe us"],
)
def test_a_platform_that_does_not_take_it_is_seen_with_its_own_words(
    opened: tuple[Live, FixedClock], answer: Answer, said: str
) -> None:
    live, clock = opened
    deliver(live, clock, answer)
    door = signed_in(live, "admin")
    page = door.get("/deliveries").text
    assert said in page
    assert "failed in a row" in page
    assert "Nothing is lost meanwhile" in page
    assert said in door.get("/").text
    assert "platform does not take what it is sent" in door.get("/").text


def test_what_was_refused_is_looked_at_and_sent_again_by_who_may(opened: tuple[Live, FixedClock]) -> None:
    live, clock = opened
    deliver(live, clock, Answer(422, error="status 422: no such comment"))
    with live.store.ledger.read() as connection:
        dead = list_messages(connection, state="dead")
    assert dead
    admin, lead = signed_in(live, "admin"), signed_in(live, "lead")
    address = f"/deliveries/{dead[0].message_id}"
    assert "no such comment" in lead.get(address).text
    assert "An administrator can send it again." in lead.get(address).text
    assert post(lead, address) == 403
    assert f"Send {len(dead)} again" in admin.get("/deliveries").text
    assert post(admin, address) == 303
    assert post(admin, "/deliveries", destination="platform") == 303
    deliver(live, clock, Answer(200))
    with live.store.ledger.read() as connection:
        assert list_messages(connection, state="dead") == []
        assert {one.state for one in list_messages(connection)} == {"sent", "superseded"}
        done = [one.act for one in acts(connection)]
    assert done.count("outbox.retry") == len(dead)
    assert "Everything arrives." in admin.get("/deliveries").text


def test_what_failed_at_the_platform_is_seen_as_that(opened: tuple[Live, FixedClock]) -> None:
    live, clock = opened
    deliver(live, clock, Answer(200))
    with live.store.ledger.begin() as connection:
        (message, *_) = list_messages(connection, state="sent")
        effect_failed(connection, message.message_id, reason="our search index is read-only", at=NOON + 1)
    page = signed_in(live, "admin").get("/deliveries").text
    assert "some did not arrive" in page
    assert "our search index is read-only" in page


def test_words_for_a_person_stay_hidden_from_who_needs_no_content(opened: tuple[Live, FixedClock]) -> None:
    live, _ = opened
    with live.store.ledger.read() as connection:
        notice = next(one for one in list_messages(connection) if '"kind":"notice"' in one.body)
    admin, lead = signed_in(live, "admin"), signed_in(live, "lead")
    assert "Do you think this is wrong" not in admin.get(f"/deliveries/{notice.message_id}").text
    assert "hidden for your role" in admin.get(f"/deliveries/{notice.message_id}").text
    assert "Do you think this is wrong" in lead.get(f"/deliveries/{notice.message_id}").text


def test_without_a_platform_it_says_how_to_name_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "built", lambda: True)
    live, _ = open_small(tmp_path)
    live.start(chores=False)
    try:
        assert "Nobody is told." in signed_in(live, "admin").get("/deliveries").text
    finally:
        live.stop()
