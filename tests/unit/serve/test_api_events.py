"""The door for events: what is decided, what is refused, and how each is told."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from door_fixtures import NOON, Door, a_key, comment, open_small

from seawall.core.clock import format_time
from seawall.core.errors import Busy
from seawall.serve.api.problems import STATUS, TITLES
from seawall.serve.auth.roles import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.serve.live import Live


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    opened, _ = open_small(tmp_path_factory.mktemp("api"), max_body_bytes=50_000, max_batch=50)
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture(scope="module")
def client(live: Live) -> Door:
    return Door(live, **a_key(live, Scope.EVENTS_WRITE, Scope.DECISIONS_READ))


def send(client: Door, body: object, **headers: str) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.post("/v1/events", content=raw, headers={"Content-Type": "application/json", **headers})


def test_one_event_gets_its_decision(client: Door) -> None:
    answer = send(client, comment("one", link_domain="false-shop.example"))
    decision = answer.json()
    assert answer.status_code == 200
    assert decision["action"] == "remove"
    assert decision["fired"] == ["spam.shop"]
    assert [one["action"] for one in decision["actions"]] == ["remove", "strike"]


def test_a_decision_can_be_read_back_by_its_id_and_by_what_it_is_about(client: Door) -> None:
    sent = send(client, comment("back", actor_id="u-back", link_domain="false-shop.example")).json()
    assert client.get(f"/v1/decisions/{sent['decision_id']}").json() == sent
    found = client.get(
        "/v1/decisions", params={"actor": "u-back", "action": "remove", "strategy": "spam.shop"}
    )
    assert [one["decision_id"] for one in found.json()["decisions"]] == [sent["decision_id"]]
    none = client.get("/v1/decisions", params={"actor": "u-back", "from": format_time(NOON)})
    assert none.json()["decisions"] == []


def test_lists_turn_a_page_at_a_time(client: Door) -> None:
    send(client, [comment(f"page{number}", actor_id="u-page") for number in range(5)])
    seen: list[str] = []
    cursor = None
    while True:
        query = {"actor": "u-page", "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = client.get("/v1/decisions", params=query).json()
        seen += [one["event_id"] for one in page["decisions"]]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert seen == [f"epage{number}" for number in reversed(range(5))]


def test_the_same_event_gets_the_same_decision_and_another_content_is_a_conflict(client: Door) -> None:
    first = send(client, comment("twice"))
    assert send(client, comment("twice")).json() == first.json()
    other = send(client, comment("twice", text="something else"))
    assert other.status_code == 409
    assert other.json()["code"] == "conflict"


def test_one_bad_event_does_not_stop_the_rest_and_lies_in_the_dead_letters(client: Door, live: Live) -> None:
    answer = send(client, [comment("m1"), comment("m2", type="coment"), comment("m3", text=7), comment("m4")])
    told = answer.json()
    assert answer.status_code == 207
    assert (told["decided"], told["refused"]) == (2, 2)
    assert [one and one["event_id"] for one in told["decisions"]] == ["em1", None, None, "em4"]
    assert [(one["index"], one["event_id"], one["field"]) for one in told["errors"]] == [
        (1, "em2", "type"),
        (2, "em3", "text"),
    ]
    assert "comment" in told["errors"][0]["hint"]
    letters = live.store.letters.page(limit=2).letters
    assert {letter.field for letter in letters} == {"type", "text"}
    assert all("em" in letter.raw for letter in letters)


def test_when_every_event_is_refused_the_answer_is_a_problem(client: Door) -> None:
    answer = send(client, [comment("a", ts="yesterday"), comment("b", market="sg")])
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [one["field"] for one in answer.json()["errors"]] == ["ts", "market"]
    send(client, comment("known"))
    conflicts = send(client, [comment("known", text="other")])
    assert conflicts.status_code == 409


def test_lines_are_taken_and_a_broken_line_is_one_refusal(client: Door) -> None:
    lines = [json.dumps(comment("l1")), '{"id": "half', json.dumps(comment("l2"))]
    answer = send(client, "\n".join(lines).encode(), **{"Content-Type": "application/x-ndjson"})
    assert answer.status_code == 207
    assert [(one["index"], one["code"]) for one in answer.json()["errors"]] == [(1, "malformed")]


HOSTILE = {
    "nothing": (b"", 400, "malformed"),
    "no JSON": (b"{", 400, "malformed"),
    "two values": (b"{} {}", 400, "malformed"),
    "not a number": (b'{"id": NaN}', 400, "malformed"),
    "bad UTF-8": (b'{"id": "\xff"}', 400, "malformed"),
    "half a surrogate": (b'{"id": "\\ud800"}', 400, "malformed"),
    "deep nesting": (b"[" * 20_000 + b"]" * 20_000, 400, "malformed"),
    "an empty list": (b"[]", 400, "malformed"),
    "a number": (b"7", 422, "event"),
    "a string": (b'"x"', 422, "event"),
    "a huge integer": (b'{"id": "e", "type": "comment", "ts": ' + b"9" * 4000 + b"}", 422, "event"),
    "a list of lists": (b"[[], []]", 422, "event"),
    "a nested event": (json.dumps(comment("n", text={"a": [1]})).encode(), 422, "event"),
    "a huge body": (b'"' + b"x" * 60_000 + b'"', 413, "too-large"),
    "too many events": (json.dumps([{}] * 51).encode(), 413, "too-large"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bodies_get_a_clear_problem(client: Door, name: str) -> None:
    raw, status, code = HOSTILE[name]
    answer = send(client, raw)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    assert "Traceback" not in answer.text


def test_an_event_from_the_future_is_refused(client: Door) -> None:
    answer = send(client, comment("late", ts=format_time(NOON + 3_600_000_000)))
    assert (answer.status_code, answer.json()["field"]) == (422, "ts")


def test_other_media_types_and_compressed_bodies_are_not_taken(client: Door) -> None:
    assert send(client, b"id,type", **{"Content-Type": "text/csv"}).status_code == 415
    assert send(client, comment("z"), **{"Content-Encoding": "gzip"}).status_code == 415


def test_accepted_events_are_durable_at_once_and_decided_soon(client: Door, live: Live) -> None:
    answer = client.post(
        "/v1/events",
        params={"mode": "accepted"},
        content=json.dumps([comment("acc1"), comment("acc2")]).encode(),
        headers={"Content-Type": "application/json"},
    )
    told = answer.json()
    assert answer.status_code == 202
    assert told["accepted"] == 2
    assert [one["event_id"] for one in told["receipts"]] == ["eacc1", "eacc2"]
    for _ in range(100):
        found = live.store.find_event("eacc2")
        if found:
            break
        time.sleep(0.05)
    assert found
    assert live.store.waiting == 0


def test_prefer_respond_async_is_the_same(client: Door) -> None:
    answer = send(client, comment("async"), Prefer="respond-async")
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == "respond-async"


def test_without_room_nothing_is_taken_and_the_sender_hears_when_to_come_again(
    client: Door, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise Busy("the disk fills", retry_after_s=30)

    monkeypatch.setattr(live.store, "room", full)
    answer = send(client, comment("busy"))
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "30"
    assert client.get("/readyz").status_code == 503
    monkeypatch.undo()
    assert live.store.find_event("ebusy") is None
    assert client.get("/readyz").status_code == 200


def test_a_key_is_needed_and_must_cover_the_route(live: Live) -> None:
    client = Door(live)
    missing = client.get("/v1/decisions")
    assert (missing.status_code, missing.headers["www-authenticate"]) == (401, "Bearer")
    assert client.get("/v1/decisions", headers={"Authorization": "Bearer swk_wrong"}).status_code == 401
    only_metrics = a_key(live, Scope.METRICS_READ)
    assert client.get("/v1/decisions", headers=only_metrics).status_code == 403
    assert client.post("/v1/events", headers=only_metrics).status_code == 403
    assert client.get("/metrics", headers=only_metrics).status_code == 200
    assert client.get("/metrics").status_code == 401


def test_figures_count_what_was_decided(client: Door, live: Live) -> None:
    send(client, comment("counted", link_domain="false-shop.example"))
    text = client.get("/metrics", headers=a_key(live, Scope.ADMIN)).text
    assert 'seawall_decisions_total{action="remove",type="comment"}' in text
    assert 'seawall_strategy_fires_total{mode="live",strategy="spam.shop"}' in text
    assert "seawall_projector_lag_bytes" in text


def test_what_is_not_there_is_a_problem_too(client: Door) -> None:
    for path, status in (("/v1/decisions/none", 404), ("/v1/nothing", 404), ("/v1/decisions?limit=0", 422)):
        answer = client.get(path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.get("/v1/decisions", params={"from": "noon"}).json()["code"] == "usage"
    assert client.get("/v1/decisions", params={"cursor": "!"}).status_code == 400
    assert client.request("DELETE", "/v1/events").status_code == 405


def test_every_code_has_a_status_and_a_title() -> None:
    assert STATUS.keys() == TITLES.keys()
