"""A weaker ask on the same event holds again when the stronger falls, from the journal to the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from act_ledgers import PLATFORM, T0, ledger, ledger_url
from sqlalchemy import select

from seawall.act import repo as facts
from seawall.act.effects import Effects
from seawall.act.projection import ProjectEffects
from seawall.act.repo_holding import told_target
from seawall.act.standing import standing_of
from seawall.act.tables import OUTBOX
from seawall.act.undo import Undo
from seawall.act.undo_strategy import preview, request
from seawall.appeal.notices import Origin, tell
from seawall.appeal.post import Post
from seawall.core.clock import FixedClock
from seawall.core.event import Event
from seawall.policy.model import Then
from seawall.serve.worker import Worker
from seawall.store import Store
from seawall.testing import projects

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.policy.model import Project
    from seawall.store.ledger import Ledger

__all__ = ["ledger", "ledger_url"]
REMOVE, LABEL = Then(action="remove", target="subject"), Then(action="label", target="subject")
STRIKE, SUSPEND = Then(action="strike"), Then(action="suspend", duration_s=60)
HOUR = 3600 * 1_000_000
EFFECTS = Effects([PLATFORM])


def a_project() -> Project:
    return projects.project(
        strategies=[
            projects.strategy("strong", "text = 'x'", REMOVE, SUSPEND, clause="c1"),
            projects.strategy("weak", "account_age_days < 30", LABEL, STRIKE, clause="c2"),
        ],
        policies=[projects.policy(clauses=[projects.clause("high"), projects.clause("low", id="c2")])],
    )


def decide(path: Path, ledger_url: str, project: Project) -> str:
    """Decide one comment on which both fire, and bring the ledger up to it; gives the decision's id."""
    clock = FixedClock(T0)
    projection = ProjectEffects(EFFECTS, clock=clock)
    projection.know(project)
    store = Store.open(path, clock=clock, ledger_url=ledger_url, projections=[projection])
    worker = Worker(project, store=store, clock=clock)
    fields = {"comment_id": "c1", "actor_id": "u1", "text": "x", "link_domain": None, "account_age_days": 1}
    (decision,) = worker.decide(
        [Event(id="e1", type="comment", ts=T0, market="SG", fields=fields, digest="d")]
    )
    worker.close()
    store.project()
    store.close()
    assert decision.fired == ("strong", "weak")
    return decision.decision_id


def undo(strategy: str) -> Undo:
    return Undo(strategy=strategy, since=T0, until=T0, reason="wrong", asked_by="lea", asked_at=T0 + HOUR)


def visible(ledger: Ledger) -> tuple[str | None, list[str]]:
    with ledger.read() as connection:
        (told,) = told_target(connection, "comment", "c1")
    return told.action, [clause.clause for clause in told.clauses]


def test_the_weaker_ask_is_told_when_the_stronger_is_undone(
    tmp_path: Path, ledger: Ledger, ledger_url: str
) -> None:
    decide(tmp_path / "data", ledger_url, a_project())
    assert visible(ledger) == ("remove", ["spam#c1"])
    with ledger.read() as connection:
        seen = preview(connection, undo("strong"), at=T0 + HOUR)
    assert [(change.action, change.then) for change in seen.sample] == [("remove", "label")]
    with ledger.begin() as connection:
        request(connection, undo("strong"), EFFECTS)
    assert visible(ledger) == ("label", ["spam#c2"])
    with ledger.read() as connection:
        waiting = connection.execute(select(OUTBOX.c.body).where(OUTBOX.c.state == "waiting")).scalars()
        told = {body["key"]: body["action"] for body in map(msgspec.json.decode, waiting)}
    assert told == {"comment/c1/visibility/*": "label", "account/u1/account/*": "strike"}
    with ledger.begin() as connection:
        request(connection, undo("weak"), EFFECTS)
    assert visible(ledger)[0] is None


def test_a_strike_beneath_a_suspension_counts_and_shows_when_that_ends(
    tmp_path: Path, ledger: Ledger, ledger_url: str
) -> None:
    decide(tmp_path / "data", ledger_url, a_project())
    with ledger.read() as connection:
        found = facts.of_target(connection, "account", "u1")
    standing = standing_of("u1", found.grounds, found.falls, found.shields, T0)
    assert (standing.points, [one.action for one in standing.restrictions]) == (1, ["suspend"])
    with ledger.begin() as connection:
        EFFECTS.tick(connection, at=T0 + 60_000_000)
    with ledger.read() as connection:
        (told,) = told_target(connection, "account", "u1")
    assert told.action == "strike"


def test_a_notice_tells_what_is_felt_and_not_what_lies_beneath(
    tmp_path: Path, ledger: Ledger, ledger_url: str
) -> None:
    project = a_project()
    decision_id = decide(tmp_path / "data", ledger_url, project)
    origin = Origin(event_id="e1", decided_at=T0)
    with ledger.begin() as connection:
        (notice,) = tell(connection, decision_id, project, Post([PLATFORM]), origin=origin, now=T0)
    assert sorted(done.action for done in notice.done) == ["remove", "strike", "suspend"]
    assert [clause.clause for clause in notice.clauses] == ["spam#c1", "spam#c2"]
