"""What became of a decision, as its page tells it; and an item that only reports speak of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from door_fixtures import Door, a_key
from test_deliveries_page import DOWN, deliver, opened, post, signed_in  # noqa: F401  a fixture

from seawall.act.ports import Answer
from seawall.serve.auth.roles import Scope
from seawall.store import Filter

if TYPE_CHECKING:
    from seawall.core.clock import FixedClock
    from seawall.serve.live import Live


def course(live: Live, name: str) -> str:
    (found,) = live.store.search(Filter(), limit=1).decisions
    page = signed_in(live, name).get(f"/decisions/{found.decision.decision_id}").text
    section = re.search(r'<section[^>]*id="became">.*?</section>', page, re.DOTALL)
    assert section
    return re.sub(r"<[^>]+>", "", section[0])


def test_it_says_what_is_on_its_way_and_what_was_taken(opened: tuple[Live, FixedClock]) -> None:  # noqa: F811
    live, clock = opened
    deliver(live, clock, DOWN)
    waits = course(live, "analyst")
    assert "Platform was told: remove holds on comment c1" in waits
    assert "1 attempt so far: connection refused" in waits
    assert "The person was told: What we did about your comment, and why" in waits
    clock.advance(seconds=600)
    deliver(live, clock, Answer(200))
    assert "taken after" in course(live, "analyst")


def test_an_appeal_is_followed_to_its_end_but_not_by_who_looks_blind(
    opened: tuple[Live, FixedClock],  # noqa: F811
) -> None:
    live, clock = opened
    with live.store.ledger.read() as connection:
        notice = connection.exec_driver_sql("SELECT notice_id FROM notices WHERE kind = 'action'").scalar()
    door = Door(live, **a_key(live, Scope.APPEALS_WRITE))
    assert door.post(f"/v1/notices/{notice}/appeal", json={"text": "my own shop"}).status_code == 200
    judge = signed_in(live, "moderator")
    with live.store.ledger.read() as connection:
        task = connection.exec_driver_sql("SELECT task_id FROM tasks WHERE purpose = 'appeal'").scalar()
    assert post(judge, f"/review/tasks/{task}/take") == 303
    assert post(judge, f"/review/tasks/{task}/decide", choice="none") == 303
    clock.advance(seconds=11)
    live.turn()
    told = course(live, "analyst")
    for part in (
        "They appealed", "my own shop", "The appeal waited for somebody new", "A person found: no violation",
        "The appeal was decided: overturned", "no visibility action holds any more on comment c1",
    ):  # fmt: skip
        assert part in told, part
    assert told.count("Lifted: remove") == 1
    blind = course(live, "moderator")
    assert "no visibility action holds any more" in blind
    for part in ("They appealed", "A person found", "overturned", "the appeal was right"):
        assert part not in blind, part


def test_an_item_that_only_reports_speak_of_has_a_page(opened: tuple[Live, FixedClock]) -> None:  # noqa: F811
    live, _ = opened
    door = Door(live, **a_key(live, Scope.REPORTS_WRITE))
    sent = {"reporter": {"id": "u9"}, "subject": {"surface": "comment", "id": "old"}, "reason": "spam"}
    assert door.post("/v1/reports", json=sent).status_code == 200
    page = signed_in(live, "analyst").get("/subjects/comment/old")
    assert page.status_code == 200
    assert "1 report from 1 independent cluster" in page.text
    assert signed_in(live, "analyst").get("/subjects/comment/never").status_code == 404
