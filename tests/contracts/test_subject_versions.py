"""A verdict is about one version: an edit is judged afresh, and only new evidence passes a shield."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from act_ledgers import PLATFORM, T0, ledger, ledger_url
from sqlalchemy import select

from seawall.act import repo as facts
from seawall.act.facts import Subject
from seawall.act.repo_holding import told_target
from seawall.act.standing import standing_of
from seawall.core.clock import FixedClock
from seawall.core.event import Event
from seawall.policy.model import Queue, ReviewThen, Then
from seawall.review.conclude import conclude
from seawall.review.lease import lease
from seawall.review.model import Outcome, Reviewer
from seawall.review.tables import LABELS
from seawall.serve.effects import Outgoing
from seawall.serve.worker import Worker
from seawall.store import Store
from seawall.testing import projects

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.core.decision import Decision
    from seawall.policy.model import Project
    from seawall.store.ledger import Ledger

__all__ = ["ledger", "ledger_url"]
ADA = Reviewer(name="ada", role="moderator")
QUEUE = Queue(name="spam", title="Spam", roles=("moderator",), sla_s=60, span=projects.AT)
REMOVE, STRIKE = Then(action="remove", target="subject"), Then(action="strike")


def a_project(
    *words: str, clause_text: str = "No spam.", version: tuple[str, ...] = ("text",), edits: bool = False
) -> Project:
    when = "matches(text, 'spam')"
    return projects.project(
        events=[
            projects.event_type(version=version),
            projects.event_type("comment_edit", surface="comment", version=version, edits=edits),
        ],
        strategies=[
            projects.strategy(
                "spam.words", when, REMOVE, STRIKE, ReviewThen(queue="spam"), on=("comment", "comment_edit")
            )
        ],
        banks=[projects.bank("spam", *(words or ("coins",)), version=str(words))],
        policies=[projects.policy(clauses=[projects.clause(text=clause_text)])],
        queues={"spam": QUEUE},
        version=f"v{hash((words, clause_text))}",
    )


class Platform:
    """One platform over time, on one ledger."""

    def __init__(self, path: Path, ledger_url: str, project: Project) -> None:
        self.clock = FixedClock(T0)
        self.outgoing = Outgoing([PLATFORM], clock=self.clock)
        self.outgoing.know(project)
        self.store = Store.open(
            path, clock=self.clock, ledger_url=ledger_url, projections=self.outgoing.projections
        )
        self.outgoing.event_of = lambda decision_id: (found := self.store.find(decision_id)) and found.event
        self.project = project
        self.count = 0

    def release(self, project: Project) -> None:
        self.project = project
        self.outgoing.know(project)

    def comes(self, text: str, *, type_: str = "comment") -> Decision:
        """The same comment, decided once more a minute later."""
        self.pass_(60)
        self.count += 1
        fields: dict[str, Any] = {
            "comment_id": "c1", "actor_id": "u1", "text": text, "link_domain": None, "account_age_days": 1
        }  # fmt: skip
        id_ = f"e{self.count}"
        event = Event(id=id_, type=type_, ts=self.clock.now(), market="SG", fields=fields, digest=id_)
        worker = Worker(self.project, store=self.store, clock=self.clock)
        (decision,) = worker.decide([event])
        worker.close()
        self.store.project()
        return decision

    def cleared(self) -> None:
        """A moderator finds no violation, and the verdict settles."""
        with self.store.ledger.begin() as connection:
            task = lease(connection, QUEUE, ADA, now=self.clock.now())
            assert task is not None
            conclude(
                connection, task.task_id, ADA, outcome=Outcome.NO_VIOLATION,
                policies=self.project.policies, ladders=self.project.ladders, now=self.clock.now(),
            )  # fmt: skip
        self.pass_(11)
        self.outgoing.tidy(self.store.ledger)

    def pass_(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    @property
    def visible(self) -> str | None:
        return self.visible_of("c1")

    def visible_of(self, comment: str) -> str | None:
        with self.store.ledger.read() as connection:
            return told_target(connection, "comment", comment)[0].action

    @property
    def strikes(self) -> int:
        with self.store.ledger.read() as connection:
            found = facts.of_target(connection, "account", "u1")
        return len(standing_of("u1", found.grounds, found.falls, found.shields, self.clock.now()).strikes)


@pytest.fixture
def platform(tmp_path: Path, ledger: Ledger, ledger_url: str, request: pytest.FixtureRequest):
    ledger.close()
    one = Platform(tmp_path / "data", ledger_url, getattr(request, "param", a_project()))
    yield one
    one.store.close()


def test_the_same_version_is_one_occasion_and_an_edit_another(platform: Platform) -> None:
    assert platform.comes("free coins").content_version == "free coins"
    platform.comes("free coins")
    assert platform.strikes == 1
    platform.comes("more coins", type_="comment_edit")
    assert platform.strikes == 2


def test_what_a_person_cleared_stays_up_until_it_is_edited(platform: Platform) -> None:
    platform.comes("free coins")
    assert platform.visible == "remove"
    platform.cleared()
    assert platform.visible is None
    platform.comes("free coins")
    assert (platform.visible, platform.strikes) == (None, 0)
    platform.comes("free coins now", type_="comment_edit")
    assert (platform.visible, platform.strikes) == ("remove", 1)
    with platform.store.ledger.read() as connection:
        versions = connection.scalars(select(LABELS.c.content_version)).all()
        shields = facts.shields_on(connection, Subject("comment", "c1", "free coins"))
    assert versions == ["free coins"]
    assert [shield.clause for shield in shields] == ["spam#c1"]


def test_a_new_entry_of_a_list_is_new_evidence_and_a_new_word_elsewhere_is_none(platform: Platform) -> None:
    platform.comes("free coins")
    platform.cleared()
    platform.release(a_project("coins", "gifts"))
    platform.comes("free coins")
    assert platform.visible is None
    platform.release(a_project("coins", "free"))
    platform.comes("free coins")
    assert platform.visible == "remove"


def test_a_changed_clause_is_new_evidence(platform: Platform) -> None:
    platform.comes("free coins")
    platform.release(a_project(clause_text="No spam, of any kind."))
    platform.cleared()  # under the new text, which the moderator has read
    platform.comes("free coins")
    assert platform.visible is None
    platform.release(a_project(clause_text="No spam and no coins."))
    platform.comes("free coins")
    assert platform.visible == "remove"


@pytest.mark.parametrize("platform", [a_project(version=(), edits=True)], indirect=True)
def test_where_no_versions_are_told_an_edit_is_new_evidence(platform: Platform) -> None:
    assert platform.comes("free coins", type_="comment_edit").content_version == ""
    platform.cleared()
    platform.comes("free coins")
    assert platform.visible is None
    platform.comes("free coins", type_="comment_edit")
    assert platform.visible == "remove"
