"""The doors to the way back: a platform that appeals for people, and one whose people report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from door_fixtures import Door, a_key
from person_fixtures import judged, open_with_people, removed
from sqlalchemy import func, select

from seawall.appeal.tables import APPEALS, REPORTS
from seawall.review.model import Outcome
from seawall.review.tables import TASKS
from seawall.serve.auth.roles import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.core.clock import FixedClock
    from seawall.serve.live import Live


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Live, FixedClock]]:
    live, clock = open_with_people(tmp_path_factory.mktemp("appeals"))
    yield live, clock
    live.stop()


@pytest.fixture(scope="module")
def live(opened: tuple[Live, FixedClock]) -> Live:
    return opened[0]


@pytest.fixture(scope="module")
def client(live: Live) -> Door:
    return Door(live, **a_key(live, Scope.APPEALS_WRITE, Scope.REPORTS_WRITE))


def report(reporter_id: str, **more: Any) -> dict[str, Any]:
    who = {"id": reporter_id, "device": f"d-{reporter_id}", "account_created": "2024-05-01T00:00:00Z"}
    return {"reporter": who, "subject": {"surface": "comment", "id": "c-bad"}, "reason": "scam", **more}


def test_a_platform_shows_the_notice_and_passes_on_the_appeal(
    opened: tuple[Live, FixedClock], client: Door
) -> None:
    live, clock = opened
    notice = removed(live, "app", locale="ms")
    path = f"/v1/notices/{notice.notice_id}"
    shown = client.get(path).json()
    assert (shown["locale"], shown["account"], shown["appeal"]) == ("ms", "u-app", None)
    assert shown["clauses"] == ["spam/links#c1"]
    assert "/n/" not in json.dumps(shown)  # the link is the person's alone

    for _ in range(2):
        sent = client.post(f"{path}/appeal", json={"text": "Kedai saya.", "evidence": ["https://k.example"]})
        assert sent.json()["appeal"]["state"] == "received"
    assert client.post(f"{path}/appeal", json={"text": "Lain."}).json()["code"] == "conflict"
    with live.store.ledger.read() as connection:
        count = select(func.count()).where(APPEALS.c.notice_id == notice.notice_id)
        assert connection.scalar(count) == 1

    judged(live, clock, Outcome.NO_VIOLATION)
    decided = client.get(path).json()["appeal"]
    assert (decided["state"], decided["outcome"]) == ("decided", "overturned")
    reader = Door(live, **a_key(live, Scope.DECISIONS_READ))
    assert reader.get("/v1/subjects/comment/capp").json()["holds"] == []
    assert reader.get("/v1/subjects/account/u-app").json()["standing"]["points"] == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"text": ""}, 422),
        ({"text": " \n"}, 400),
        ({"text": "x" * 4001}, 422),
        ({"text": "x\0"}, 422),
        ({"text": ["x"]}, 422),
        ({"text": "x", "evidence": ["a"] * 6}, 422),
        ({"text": "x", "evidence": ["a" * 1001]}, 422),
        ({"text": "x", "evidence": "a"}, 422),
        ({"text": "x", "account": "u-other"}, 422),
    ],
)
def test_an_appeal_that_does_not_fit_is_refused(live: Live, client: Door, body: object, status: int) -> None:
    notice = removed(live, f"misfit{len(json.dumps(body))}")
    answer = client.post(f"/v1/notices/{notice.notice_id}/appeal", json=body)
    assert answer.status_code == status
    assert client.get(f"/v1/notices/{notice.notice_id}").json()["appeal"] is None


def test_there_is_no_appeal_against_nothing_or_too_late(
    opened: tuple[Live, FixedClock], client: Door
) -> None:
    live, clock = opened
    assert client.post(f"/v1/notices/{'f' * 32}/appeal", json={"text": "x"}).status_code == 404
    assert client.get("/v1/notices/none").status_code == 422
    notice = removed(live, "toolate")
    assert notice.appeal_until
    before, clock.micros = clock.micros, notice.appeal_until
    late = client.post(f"/v1/notices/{notice.notice_id}/appeal", json={"text": "x"})
    clock.micros = before
    assert (late.status_code, late.json()["code"]) == (400, "usage")


def test_three_people_who_are_apart_bring_one_task_and_a_repeat_changes_nothing(
    live: Live, client: Door
) -> None:
    first = client.post("/v1/reports", json=report("r1")).json()
    assert first["outcome"] is None
    assert first["text"]
    assert client.post("/v1/reports", json=report("r1")).json() == first
    client.post("/v1/reports", json=report("r2"))
    with live.store.ledger.read() as connection:
        assert connection.scalar(select(func.count()).where(TASKS.c.subject == "c-bad")) == 0
    client.post("/v1/reports", json=report("r3"))
    with live.store.ledger.read() as connection:
        assert connection.scalar(select(func.count()).where(TASKS.c.subject == "c-bad")) == 1
        assert connection.scalar(select(func.count()).select_from(REPORTS)) == 3


def test_a_reporter_is_thanked_in_their_language(client: Door) -> None:
    body = report("r-zh", subject={"surface": "account", "id": "u9"})
    body["reporter"]["locale"] = "zh-Hans"
    assert "感谢" in client.post("/v1/reports", json=body).json()["text"]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"reason": ""}, 422, "reason"),
        ({"reason": "x" * 61}, 422, "reason"),
        ({"reason": " "}, 400, None),
        ({"clause": "no/policy#c1"}, 400, None),
        ({"market": "Singapore"}, 422, "market"),
        ({"subject": {"surface": "podcast", "id": "p1"}}, 422, "subject.surface"),
        ({"subject": {"surface": "comment", "id": ""}}, 422, "subject.id"),
        ({"subject": {"surface": "comment", "id": "a\0b"}}, 422, "subject.id"),
        ({"subject": "c1"}, 422, "subject"),
        ({"reporter": {"id": "r", "account_created": "yesterday"}}, 422, "reporter.account_created"),
        ({"reporter": {"id": "r", "name": "n"}}, 422, "reporter.name"),
        ({"outcome": "acted"}, 422, "outcome"),
    ],
)
def test_a_report_that_does_not_fit_says_which_field(
    client: Door, change: dict[str, Any], status: int, field: str | None
) -> None:
    answer = client.post("/v1/reports", json=report("r-misfit", **change))
    assert (answer.status_code, answer.json().get("field")) == (status, field)


def test_each_scope_opens_its_own_door(live: Live) -> None:
    appeals, reports = (Door(live, **a_key(live, one)) for one in (Scope.APPEALS_WRITE, Scope.REPORTS_WRITE))
    assert appeals.post("/v1/reports", json=report("r")).status_code == 403
    assert reports.post(f"/v1/notices/{'f' * 32}/appeal", json={"text": "x"}).status_code == 403
    assert Door(live).get(f"/v1/notices/{'f' * 32}").status_code == 401


def test_the_reference_describes_the_bodies(live: Live) -> None:
    paths = Door(live).get("/openapi.json").json()["paths"]
    for path in ("/v1/reports", "/v1/notices/{notice_id}/appeal", "/v1/effects/{message_id}/failed"):
        described = paths[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert described["properties"], path
