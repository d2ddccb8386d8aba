"""A small platform on each backend: a project, decisions, reviewers, and everything between them wired."""

from __future__ import annotations

import json
import shutil
import uuid
from typing import TYPE_CHECKING

import msgspec
import pytest
from act_ledgers import BACKENDS, PLATFORM, POSTGRES, T0, empty_ledger
from sqlalchemy import create_engine, select, text

from seawall.act.deliver import Deliverer
from seawall.act.effects import Effects
from seawall.act.facts import Subject
from seawall.act.ports import Answer
from seawall.act.projection import ProjectEffects
from seawall.act.tables import HOLDING, OUTBOX
from seawall.appeal.appeals import open_appeal
from seawall.appeal.link import LinkKey, Links
from seawall.appeal.notices import find_notice, notify_settled
from seawall.appeal.post import Post
from seawall.appeal.project import ProjectNotices
from seawall.appeal.reports import decide_reports
from seawall.appeal.restore import decide_appeals
from seawall.appeal.tables import NOTICES
from seawall.core.action import Action, Ground, Ladders
from seawall.core.clock import MICROS_PER_SECOND, FixedClock
from seawall.core.decision import Decision, decision_id
from seawall.core.diagnostic import Span
from seawall.core.event import Event
from seawall.core.types import FieldType, Kind
from seawall.policy.model import (
    Clause,
    EventType,
    Mode,
    Policy,
    Project,
    Queue,
    ReviewThen,
    Strategy,
)
from seawall.review.conclude import conclude
from seawall.review.lease import lease
from seawall.review.model import Outcome, Reviewer
from seawall.review.tables import TASKS
from seawall.review.tidy import tidy
from seawall.store.entry import Entry
from seawall.store.ledger import Ledger
from seawall.store.projector import Item
from seawall.store.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.appeal.model import Appeal, Notice

__all__ = ["empty_ledger"]
S = MICROS_PER_SECOND
SPAN = Span("x.yml")
SCAM = Ground("scam.giveaway", "fraud/scams#c1", "high", "terms")
LINKS = Ground("spam.links", "spam/links#c1", "low", "terms")
CARE = Ground("care.selfharm", "care/selfharm#c1", "medium", "terms")
GRAVE = Ground("minors.grave", "minors/grave#c1", "severe", "law")
PEOPLE = {name: Reviewer(name=name, role="moderator") for name in ("ada", "ben", "chi")}


@pytest.fixture(params=BACKENDS)
def ledger(request: pytest.FixtureRequest, empty_ledger: Path, tmp_path: Path) -> Iterator[Ledger]:
    """Made quickly: that the migrations make the same is a test of its own."""
    if request.param == "sqlite":
        shutil.copy(empty_ledger, tmp_path / "ledger.db")
        ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
        yield ledger
        ledger.close()
        return
    schema = f"appeal_{uuid.uuid4().hex}"
    server = create_engine(POSTGRES)
    with server.begin() as connection:
        connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    ledger = Ledger(create_engine(f"{POSTGRES}?options=-csearch_path%3D{schema}"))
    METADATA.create_all(ledger.engine, checkfirst=False)
    try:
        yield ledger
    finally:
        ledger.close()
        with server.begin() as connection:
            connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
        server.dispose()


def _policy(name: str, *clauses: tuple[str, str, bool]) -> Policy:
    return Policy(
        name=name, title=name, owner="policy", version="1", text="", span=SPAN,
        clauses={
            one: Clause(id=one, title=f"About {name}", text="Do not.", ground="terms", severity=severity,
                        exception=allows, span=SPAN)
            for one, severity, allows in clauses
        },
    )  # fmt: skip


def _strategy(ground: Ground, queue: str) -> Strategy:
    policy, _, clause = ground.policy.partition("#")
    return Strategy(
        name=ground.strategy, policy=policy, clause=clause, on=("comment",), when="true", then=(),
        review=(ReviewThen(queue=queue),), mode=Mode.LIVE, span=SPAN, when_span=SPAN,
    )  # fmt: skip


def _queue(name: str, *, sealed: bool = False) -> Queue:
    return Queue(name=name, title=name, roles=("moderator",), sla_s=3600, sealed=sealed, span=SPAN)


PROJECT = Project(
    root=".", name="p", markets=("SG", "MY"), groups={}, locales=(), market_tz={}, retention_days=30,
    data="d",
    ladders=Ladders.extended(), banks={}, signals={}, features={}, version="v1",
    events={
        "comment": EventType(name="comment", surface="comment", subject="comment_id", actor="actor_id",
                             fields={"comment_id": FieldType(Kind.STRING)}, span=SPAN)
    },
    policies={
        policy.name: policy
        for policy in (
            _policy("fraud/scams", ("c1", "high", False), ("news", "low", True)),
            _policy("spam/links", ("c1", "low", False)),
            _policy("care/selfharm", ("c1", "medium", False)),
            _policy("minors/grave", ("c1", "severe", False)),
        )
    },
    strategies={
        ground.strategy: _strategy(ground, queue)
        for ground, queue in ((SCAM, "scam"), (LINKS, "scam"), (CARE, "scam"), (GRAVE, "vault"))
    },
    queues={"scam": _queue("scam"), "vault": _queue("vault", sealed=True)},
)  # fmt: skip


def remove(*grounds: Ground) -> Action:
    return Action("visibility", "remove", "subject", grounds=grounds or (SCAM,))


def strike(*grounds: Ground) -> Action:
    return Action("account", "strike", "actor", grounds=grounds or (SCAM,))


def help_offered() -> Action:
    return Action("support", "offer_help", "actor", grounds=(CARE,))


def decided(
    event: str,
    *actions: Action,
    subject: str | None = "c1",
    actor: str | None = "u1",
    at: int = T0,
    round_: int = 1,
) -> Decision:
    return Decision(
        decision_id=decision_id("app", event, "v1", round_),
        event_id=event,
        type="comment",
        ts=at,
        market="MY",
        language="en",
        source="app",
        subject=subject,
        actor=actor,
        actions=actions,
        round=round_,
        decided_at=at,
    )


class Platform:
    """Seawall on one ledger, and the platform that it tells."""

    def __init__(self, ledger: Ledger, *, locale: str | None = "ms-MY") -> None:
        self.ledger = ledger
        self.clock = FixedClock(T0)
        self.links = Links([LinkKey("k1", b"1" * 32)], "https://platform.example")
        self.post = Post([PLATFORM], self.links)
        self.effects = Effects([PLATFORM])
        self.words: dict[str, str] = {}
        self.locale = locale
        self.projections = (
            ProjectEffects(self.effects, clock=self.clock),
            ProjectNotices(self.post, clock=self.clock, event_of=self._event),
        )
        for projection in self.projections:
            projection.know(PROJECT)

    def _event(self, decision: str) -> Event | None:
        text = self.words.get(decision)
        return Event(id="e", type="comment", ts=0, locale=self.locale, fields={"text": text})

    def decide(self, *decisions: Decision, text: str | None = None) -> None:
        for one in decisions:
            if text is not None:
                self.words[one.decision_id] = text
        with self.ledger.begin() as connection:
            items = [Item("main", number, Entry(one)) for number, one in enumerate(decisions)]
            for projection in self.projections:
                projection(connection, items)

    def notices(self, account: str | None = None, kind: str = "action") -> list[Notice]:
        with self.ledger.read() as connection:
            found = select(NOTICES.c.notice_id).where(NOTICES.c.kind == kind).order_by(NOTICES.c.notice_id)
            if account is not None:
                found = found.where(NOTICES.c.account == account)
            return [find_notice(connection, notice_id) for notice_id in connection.scalars(found)]

    def appeal(self, notice: Notice, text: str = "It was a quote.", **more: object) -> Appeal:
        with self.ledger.begin() as connection:
            return open_appeal(connection, notice, text=text, project=PROJECT, now=self.clock.now(), **more)

    def take(self, name: str, task_id: str) -> bool:
        with self.ledger.begin() as connection:
            task = lease(
                connection, PROJECT.queues["scam"], PEOPLE[name], now=self.clock.now(), task_id=task_id
            )
        return task is not None

    def conclude(
        self, name: str, task_id: str, outcome: Outcome, clause: str = "", actions: tuple[str, ...] = ()
    ) -> None:
        with self.ledger.begin() as connection:
            conclude(
                connection, task_id, PEOPLE[name], outcome=outcome, clause=clause, actions=actions,
                policies=PROJECT.policies, now=self.clock.now(),
            )  # fmt: skip
        self.clock.advance(seconds=11)

    def chore(self) -> tuple[Appeal, ...]:
        now = self.clock.now()
        with self.ledger.begin() as connection:
            tidied = tidy(connection, self.effects, PROJECT, now=now)
            notify_settled(connection, tidied.settled, PROJECT, self.post, now=now)
            done = decide_appeals(connection, self.effects, PROJECT, self.post, now=now)
            decide_reports(connection, tidied.settled, self.post, now=now)
        return done

    def look_again(self, appeal: Appeal, outcome: Outcome, by: str = "ben", **more: object) -> Appeal:
        assert self.take(by, appeal.task_id)
        self.conclude(by, appeal.task_id, outcome, **more)
        (done,) = self.chore()
        return done

    def held(self) -> dict[tuple[str, str], str]:
        """What holds, by target and axis."""
        with self.ledger.read() as connection:
            rows = connection.execute(select(HOLDING).where(HOLDING.c.action.is_not(None))).mappings()
            return {(row["target_id"], row["axis"]): row["action"] for row in rows}

    def tasks(self, purpose: str) -> list[str]:
        with self.ledger.read() as connection:
            return sorted(connection.scalars(select(TASKS.c.task_id).where(TASKS.c.purpose == purpose)))

    def waiting(self, kind: str) -> list[dict]:
        """Messages to people in the outbox, as they are kept."""
        with self.ledger.read() as connection:
            bodies = [json.loads(body) for body in connection.scalars(select(OUTBOX.c.body))]
        return [body for body in bodies if body.get("kind") == kind]

    def deliver(self) -> list[dict]:
        """Messages as the platform gets them."""
        inbox = Inbox()
        deliverer = Deliverer(
            self.ledger, PLATFORM, sender=inbox, clock=self.clock, rng=None, complete=self.post.complete
        )
        while deliverer.deliver_due():
            pass
        return inbox.taken


class Inbox:
    """A platform that takes everything."""

    def __init__(self) -> None:
        self.taken: list[dict] = []

    def post(self, url: str, body: bytes, headers: object, *, timeout_s: float) -> Answer:
        self.taken.append(msgspec.json.decode(body))
        return Answer(200)


def item(name: str = "c1") -> Subject:
    return Subject("comment", name)
