"""The outcome of an appeal as the journal keeps it, and what it changed, back again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select, update

from seawall.act.facts import Facts
from seawall.appeal.model import AppealOutcome
from seawall.appeal.repo import DECIDED, OPEN
from seawall.appeal.tables import APPEALS
from seawall.review.model import Purpose
from seawall.store.entry import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from seawall.act.effects import Effects
    from seawall.appeal.model import Appeal, Notice
    from seawall.core.clock import Clock
    from seawall.review.model import Verdict
    from seawall.store.projector import Item

APPEAL = "appeal"


class Detail(msgspec.Struct, frozen=True):
    """What decided it, and what that changed; what the person wrote stays in the ledger."""

    verdict_id: str
    facts: Facts


def finding_of(
    appeal: Appeal, notice: Notice, verdict: Verdict, outcome: AppealOutcome, facts: Facts, *, at: int
) -> Finding:
    """The copy of an appeal's outcome.

    Args:
        appeal: decided.
        notice: what it was against; an account is the subject where nothing else was.
        verdict: of the second reviewer.
        outcome: what became of it.
        facts: what it changed.
        at: microseconds.
    """
    subject = notice.subject
    return Finding(
        finding_id=appeal.appeal_id,
        kind=APPEAL,
        at=at,
        by=verdict.reviewer,
        outcome=outcome.value,
        clause=verdict.clause or (notice.clauses[0].clause if notice.clauses else ""),
        purpose=Purpose.APPEAL.value,
        surface=subject.surface if subject else "account",
        subject=subject.id if subject else notice.account,
        content_version=subject.content_version if subject else "",
        actor=notice.account,
        market=notice.market,
        language=notice.language,
        event_id=notice.event_id,
        decision_id=notice.decision_id,
        detail=msgspec.json.encode(Detail(verdict.verdict_id, facts)).decode(),
    )


class ProjectAppeals:
    """A projection for `seawall.store.projector.Projector`: an outcome that the ledger lost holds again.

    Where the ledger has it, which is the rule, nothing changes.
    """

    def __init__(self, effects: Effects, *, clock: Clock) -> None:
        self._effects = effects
        self._clock = clock

    def __call__(self, connection: Connection, items: Sequence[Item]) -> None:
        """Apply the findings among the records."""
        for item in items:
            if isinstance(item.body, Finding) and item.body.kind == APPEAL:
                self._restore(connection, item.body)

    def _restore(self, connection: Connection, found: Finding) -> None:
        same = APPEALS.c.appeal_id == found.finding_id
        if connection.scalar(select(APPEALS.c.state).where(same)) == DECIDED:
            return
        detail = msgspec.json.decode(found.detail, type=Detail)
        self._effects.enact(connection, detail.facts, at=self._clock.now())
        connection.execute(
            update(APPEALS)
            .where(same, APPEALS.c.state == OPEN)
            .values(
                state=DECIDED,
                outcome=AppealOutcome(found.outcome),
                verdict_id=detail.verdict_id,
                decided_at=found.at,
            )
        )
