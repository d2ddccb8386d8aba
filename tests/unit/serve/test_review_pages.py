"""The desk as a browser meets it: who holds what, what a blind task keeps quiet, what a lapsed hold says."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from door_fixtures import PASSWORD, Door, a_key, comment, open_small
from sqlalchemy import select, update

from seawall.review.again import again
from seawall.review.model import Purpose, State
from seawall.review.repo import add_tasks, find_task
from seawall.review.tables import LABELS, TASKS
from seawall.serve.auth import passwords
from seawall.serve.auth.roles import Scope
from seawall.serve.web import gate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from httpx import Response

    from seawall.core.clock import FixedClock
    from seawall.serve.live import Live

WORDS = "a shop that is none"


class Desk:
    """A reviewer at their desk."""

    def __init__(self, live: Live, name: str) -> None:
        self.door = Door(live)
        token = re.search(r'name="form_token" value="([^"]+)"', self.door.get("/sign-in").text)
        assert token
        form = {"form_token": token[1], "name": name, "password": PASSWORD, "next": "/review"}
        assert self.door.post("/sign-in", data=form).status_code == 303

    def see(self, path: str) -> str:
        return self.door.get(path).text

    def send(self, path: str, **fields: str) -> Response:
        token = re.search(r'csrf-token" content="([^"]+)"', self.see("/decisions"))
        assert token
        return self.door.post(path, data={"form_token": token[1], **fields})

    def take(self) -> str:
        """The address of the next task."""
        return self.send("/review/take", queue="links").headers["location"]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Live, FixedClock]]:
    monkeypatch.setattr(gate, "built", lambda: True)
    monkeypatch.setattr(
        passwords, "PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    )
    live, clock = open_small(tmp_path)
    live.start()
    key = a_key(live, Scope.ADMIN)
    sent = [comment(number, text=WORDS, link_domain="odd.example") for number in (1, 2)]
    assert Door(live, **key).post("/v1/events", json=sent).status_code == 200
    live.store.project()
    yield live, clock
    live.stop()


@pytest.fixture
def live(opened: tuple[Live, FixedClock]) -> Live:
    return opened[0]


def test_content_comes_when_it_is_asked_for(live: Live) -> None:
    desk = Desk(live, "moderator")
    task = desk.take()
    assert WORDS not in desk.see(task)
    assert WORDS in desk.see(f"{task}/content")


def test_content_is_only_for_who_holds_the_task(live: Live) -> None:
    task = Desk(live, "moderator").take()
    other = Desk(live, "lead")
    seen = other.see(f"{task}/content")
    assert WORDS not in seen
    assert "Somebody else is looking at it now." in seen


def test_taking_again_leads_to_the_task_one_holds(live: Live) -> None:
    desk = Desk(live, "moderator")
    assert desk.take() == desk.take()


def test_what_was_reported_is_shown_though_no_decision_brought_the_task(live: Live) -> None:
    words = "reported by three people"
    door = Door(live, **a_key(live, Scope.ADMIN, Scope.REPORTS_WRITE))
    assert door.post("/v1/events", json=[comment(3, text=words, link_domain="fine.example")]).is_success
    for name in ("r1", "r2", "r3"):
        who = {"id": name, "device": f"d-{name}", "account_created": "2024-05-01T00:00:00Z"}
        sent = {"reporter": who, "subject": {"surface": "comment", "id": "c3"}, "reason": "scam"}
        assert door.post("/v1/reports", json=sent).is_success
    live.store.project()
    with live.store.ledger.begin() as connection:
        connection.execute(update(TASKS).where(TASKS.c.subject != "c3").values(state=State.DONE))
        assert connection.scalar(select(TASKS.c.decision_id).where(TASKS.c.subject == "c3")) is None
    desk = Desk(live, "moderator")
    task = desk.take()
    assert "not in this journal" not in desk.see(task)
    assert words not in desk.see(task)
    assert words in desk.see(f"{task}/content")


def test_two_people_never_hold_one_task(live: Live) -> None:
    assert Desk(live, "moderator").take() != Desk(live, "lead").take()


def test_a_lapsed_hold_that_nobody_took_is_still_theirs(opened: tuple[Live, FixedClock]) -> None:
    live, clock = opened
    desk = Desk(live, "moderator")
    task = desk.take()
    clock.advance(seconds=601)
    assert "nobody else took it" in desk.see(task)
    assert desk.send(f"{task}/decide", choice="none").status_code == 303


def test_a_lapsed_hold_that_somebody_took_says_so(opened: tuple[Live, FixedClock]) -> None:
    live, clock = opened
    desk = Desk(live, "moderator")
    task = desk.take()
    clock.advance(seconds=601)
    Desk(live, "lead").send(f"{task}/take")
    answer = desk.send(f"{task}/decide", choice="none")
    assert answer.status_code == 409
    assert "What you chose was not taken." in answer.text
    assert desk.send(f"{task}/keep").status_code == 409


def test_a_verdict_settles_into_a_label_and_what_follows(opened: tuple[Live, FixedClock]) -> None:
    live, clock = opened
    desk = Desk(live, "moderator")
    task = desk.take()
    assert desk.send(f"{task}/decide", choice="spam/links#c1").status_code == 303
    live.outgoing.tidy(live.store.ledger)
    assert _labels(live) == []  # it can still be taken back
    clock.advance(seconds=11)
    live.outgoing.tidy(live.store.ledger)
    live.outgoing.tidy(live.store.ledger)
    assert _labels(live) == [("spam/links#c1", True, "moderator")]
    late = desk.send(f"{task}/undo")
    assert late.status_code == 409
    assert "It had settled already" in late.text


def test_without_a_choice_or_a_reason_nothing_happens(live: Live) -> None:
    desk = Desk(live, "moderator")
    task = desk.take()
    assert "Choose a clause first" in desk.send(f"{task}/decide").text
    for step in ("skip", "escalate"):
        answer = desk.send(f"{task}/{step}", reason=" ")
        assert answer.status_code == 422
        assert "a reason is missing" in answer.text
    assert "a question is about a clause" in desk.send(f"{task}/ask", text="what is a shop?").text
    with live.store.ledger.read() as connection:
        assert find_task(connection, task.rpartition("/")[2]).state is State.LEASED


def test_a_blind_task_says_nothing_of_who_or_what_decided(live: Live) -> None:
    with live.store.ledger.begin() as connection:
        first = find_task(connection, connection.execute(select(TASKS.c.task_id).limit(1)).scalar_one())
        blind = again(
            first, Purpose.APPEAL, live.project.queues["links"], occasion="an appeal", now=live.clock.now()
        )
        add_tasks(connection, [blind])
    desk = Desk(live, "moderator")
    task = f"/review/tasks/{blind.task_id}"
    assert desk.send(f"{task}/take").status_code == 303
    seen = desk.see(f"{task}/content")
    assert WORDS in seen
    assert "the person concerned asked for another look" in seen
    told = seen.partition("<main")[2].partition("</main>")[0]
    for telling in ("spam.odd", "Why the machine", "standing", "severity-", "at-issue", "/decisions"):
        assert telling not in told
    assert 'value="spam/links#c1"' in seen  # among all the clauses of the project


def test_a_sealed_task_does_not_exist_for_who_is_not_cleared(live: Live) -> None:
    with live.store.ledger.begin() as connection:
        connection.execute(update(TASKS).values(sealed=True))
        task_id = connection.execute(select(TASKS.c.task_id).limit(1)).scalar_one()
    desk = Desk(live, "moderator")
    assert desk.take() == "/review?empty=links"
    assert desk.door.get(f"/review/tasks/{task_id}").status_code == 404
    live.users.clear("moderator", by="test")
    assert "/review/tasks/" in Desk(live, "moderator").take()


def test_a_ruling_stands_on_the_clause_and_the_task_waits_again(live: Live) -> None:
    desk = Desk(live, "moderator")
    task = desk.take()
    desk.send(f"{task}/ask", clause="spam/links#c1", text="is a raffle a shop?")
    assert "A question to policy stands on it" in desk.see(task)
    manager = Desk(live, "policy_manager")
    question = re.search(r'action="(/questions/[^"]+)"', manager.see("/questions"))
    assert question
    assert manager.send(question[1], ruling=" ").status_code == 422
    assert manager.send(question[1], ruling="Only if it charges.").status_code == 303
    assert manager.send(question[1], ruling="Always.").status_code == 409
    assert "Only if it charges." in desk.see("/policies/spam/links")
    desk.send(f"{task}/take")
    assert "Only if it charges." in desk.see(task)


def _labels(live: Live) -> list[tuple[str, bool, str]]:
    with live.store.ledger.read() as connection:
        found = select(LABELS.c.clause, LABELS.c.violates, LABELS.c.reviewer)
        return [tuple(row) for row in connection.execute(found)]
