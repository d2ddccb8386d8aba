"""The doors to what holds: what a platform may ask and say about effects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from door_fixtures import NOON, Door, a_key, comment, open_small
from sqlalchemy import insert, select

from seawall.act import repo as facts
from seawall.act.tables import OUTBOX
from seawall.act.verdict import Cause, clear
from seawall.serve.auth.roles import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.serve.live import Live

MESSAGE = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    opened, _ = open_small(tmp_path_factory.mktemp("effects"))
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture(scope="module")
def client(live: Live) -> Door:
    return Door(live, **a_key(live, Scope.EVENTS_WRITE, Scope.DECISIONS_READ, Scope.EFFECTS_WRITE))


def removed(live: Live, client: Door, number: str) -> Any:
    sent = client.post("/v1/events", json=comment(number, link_domain="false-shop.example", actor_id=number))
    live.store.project()
    return sent.json()


def test_what_holds_is_told_with_its_reasons(live: Live, client: Door) -> None:
    decision = removed(live, client, "holds")
    told = client.get("/v1/subjects/comment/cholds").json()
    assert [(one["action"], one["axis"], one["until"]) for one in told["holds"]] == [
        ("remove", "visibility", None)
    ]
    assert told["holds"][0]["clauses"][0]["clause"] == "spam/links#c1"
    (ground,) = told["grounds"]
    assert (ground["strategy"], ground["decision_id"]) == ("spam.shop", decision["decision_id"])
    assert ground["stands"]
    assert ground["lifted"] == []
    assert told["standing"] is None


def test_an_account_shows_its_strikes(live: Live, client: Door) -> None:
    removed(live, client, "struck")
    told = client.get("/v1/subjects/account/struck").json()
    assert told["standing"]["points"] == 2
    assert [strike["clause"] for strike in told["standing"]["strikes"]] == ["spam/links#c1"]


def test_what_was_lifted_says_so_and_holds_no_more(live: Live, client: Door) -> None:
    decision = removed(live, client, "lifted")
    with live.store.ledger.begin() as connection:
        grounds = facts.of_decision(connection, decision["decision_id"]).grounds
        cause = Cause(fact_id="v1", by="ada", at=NOON, reason="verdict")
        live.outgoing.effects.enact(connection, clear(grounds, cause), at=live.clock.now())
    told = client.get("/v1/subjects/comment/clifted").json()
    assert told["holds"] == []
    assert not told["grounds"][0]["stands"]
    assert {one["reason"] for one in told["grounds"][0]["lifted"]} >= {"verdict"}
    assert "ada" not in json.dumps(told)  # who reviewed is nobody's business outside


def test_an_id_may_hold_anything(client: Door) -> None:
    for path in ("a%2Fb", "%00", "x" * 3000, "..%2F..%2Fetc", "%E4%BD%A0"):
        answer = client.get(f"/v1/subjects/comment/{path}")
        assert answer.status_code == 404, path
        assert answer.json()["code"] == "not-found"


def test_older_grounds_are_counted_not_dropped_silently(live: Live, client: Door) -> None:
    for number in ("m1", "m2", "m3"):
        client.post("/v1/events", json=comment(number, link_domain="false-shop.example", actor_id="many"))
    live.store.project()
    told = client.get("/v1/subjects/account/many", params={"limit": 1}).json()
    assert (len(told["grounds"]), told["more"]) == (1, 2)
    assert told["standing"]["points"] == 6


@pytest.fixture
def sent(live: Live) -> Iterator[str]:
    row: dict[str, object] = {
        "message_id": MESSAGE,
        "destination": "platform",
        "key": "k",
        "version": 1,
        "body": "{}",
        "state": "sent",
        "attempts": 1,
        "next_attempt": NOON,
        "give_up_at": NOON,
        "created": NOON,
        "settled": NOON,
    }
    with live.store.ledger.begin() as connection:
        connection.execute(insert(OUTBOX), [row])
    yield MESSAGE
    with live.store.ledger.begin() as connection:
        connection.execute(OUTBOX.delete().where(OUTBOX.c.message_id == MESSAGE))


def test_a_failed_effect_is_kept_with_the_platforms_words(live: Live, client: Door, sent: str) -> None:
    for _ in range(2):
        answer = client.post(f"/v1/effects/{sent}/failed", json={"reason": "no such comment"})
        assert answer.json() == {"message_id": sent, "state": "failed", "destination": "platform"}
    with live.store.ledger.read() as connection:
        kept = connection.scalar(select(OUTBOX.c.last_error).where(OUTBOX.c.message_id == sent))
    assert kept == "no such comment"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed"),
        (b"{", 400, "malformed"),
        (b'{"reason": "\xff"}', 400, "malformed"),
        (b'{"reason": "\\ud800"}', 400, "malformed"),
        (b"[" * 50_000, 400, "malformed"),
        (b"[]", 422, "invalid"),
        (b"{}", 422, "invalid"),
        (b'{"reason": ""}', 422, "invalid"),
        (b'{"reason": 7}', 422, "invalid"),
        (b'{"reason": "a\\u0000b"}', 422, "invalid"),
        (b'{"reason": "x", "state": "sent"}', 422, "invalid"),
        (json.dumps({"reason": "x" * 200_000}).encode(), 413, "too-large"),
        (json.dumps({"reason": "x" * 2_001}).encode(), 422, "invalid"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(
    client: Door, sent: str, body: bytes, status: int, code: str
) -> None:
    answer = client.post(
        f"/v1/effects/{sent}/failed", content=body, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]


def test_only_json_and_only_messages_that_exist(client: Door) -> None:
    form = client.post(f"/v1/effects/{MESSAGE}/failed", data={"reason": "x"})
    assert form.json()["code"] == "media-type"
    assert client.post(f"/v1/effects/{'f' * 32}/failed", json={"reason": "x"}).status_code == 404
    assert client.post("/v1/effects/%00/failed", json={"reason": "x"}).status_code == 422


def test_each_door_needs_its_own_scope(live: Live, tmp_path: Path) -> None:
    reader, writer = (Door(live, **a_key(live, one)) for one in (Scope.DECISIONS_READ, Scope.EFFECTS_WRITE))
    assert reader.post(f"/v1/effects/{MESSAGE}/failed", json={"reason": "x"}).status_code == 403
    assert writer.get("/v1/subjects/comment/c1").status_code == 403
    assert Door(live).get("/v1/subjects/comment/c1").status_code == 401
