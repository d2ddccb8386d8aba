"""The words of review: what waits, who looks, what they concluded, and what is then known."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from seawall.act.facts import Subject

SEVERITIES = ("low", "medium", "high", "severe")
"""Of clauses, weakest first; the rank of a task is the place of its gravest clause."""


class Purpose(StrEnum):
    """Why a task exists."""

    MACHINE = "machine"  # a strategy asked for people
    REPORT = "report"  # a person on the platform did
    RANDOM = "random"  # drawn with a known probability, to measure
    QA = "qa"  # decided work, looked at again
    GOLD = "gold"  # its truth is known
    APPEAL = "appeal"  # the person affected asked to look again


INDEPENDENT = frozenset({Purpose.RANDOM, Purpose.QA, Purpose.GOLD, Purpose.APPEAL})
"""Purposes whose tasks are blind, and go to nobody who has judged the same version of the subject before."""


class State(StrEnum):
    """Where a task is in its life."""

    WAITING = "waiting"
    LEASED = "leased"  # one reviewer holds it, until the lease lapses
    PENDING = "pending"  # a verdict was given that can still be taken back
    ASKED = "asked"  # a question to policy stands
    DONE = "done"  # its verdict has settled
    EXPIRED = "expired"  # nobody looked in time


class Outcome(StrEnum):
    """What a reviewer concluded."""

    VIOLATES = "violates"
    NO_VIOLATION = "no_violation"
    EXCEPTION = "exception"  # an exception clause allows it


class Step(StrEnum):
    """What a reviewer did with a task instead of concluding."""

    ESCALATED = "escalated"
    SKIPPED = "skipped"
    ASKED = "asked"


class Reviewer(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks.

    Attributes:
        name: the account.
        role: what they are here to do; a queue says which roles may take its tasks.
        cleared: may see the sealed lane.
    """

    name: str
    role: str
    cleared: bool = False


class Reason(msgspec.Struct, frozen=True, order=True):
    """A strategy that fired, and the clause it enforces, behind a task."""

    strategy: str
    clause: str
    severity: str


class Chance(msgspec.Struct, frozen=True, order=True):
    """The probability with which a task was drawn to measure a strategy, or `*`: all that was decided."""

    frame: str
    probability: float


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of review work.

    Attributes:
        task_id: the same for the same occasion, so that it is made once.
        queue: where it waits.
        purpose: why it exists.
        inclusion_probability: with which this purpose would have made a task of it; 1 unless it was drawn.
        subject: what is to be judged, in one version.
        decision_id: what brought it, if a decision did.
        event_id: the event decided.
        round: of that decision.
        clause: the gravest behind it; the clause a verdict of no violation speaks about. Empty when nothing
            fired.
        severity: of that clause.
        reasons: every strategy behind it, hidden from the reviewer when the task is blind.
        project_version: under which the decision was made.
        views: of the subject when the task was made.
        sealed: cleared reviewers only; never prefetched.
        level: 0, and one more for each escalation; from 1 on it goes to leads.
        due: when it should be decided, microseconds.
        expires: when the time-out of its route falls; None without one.
        on_timeout: the visibility action that then holds; None: it stays as it is.
        chances: of a drawn task, by what it measures.
    """

    task_id: str
    queue: str
    purpose: Purpose
    inclusion_probability: float = 1.0
    subject: Subject
    decision_id: str | None = None
    event_id: str | None = None
    round: int = 1
    clause: str = ""
    severity: str = "low"
    reasons: tuple[Reason, ...] = ()
    project_version: str = ""
    market: str | None = None
    language: str | None = None
    actor: str | None = None
    views: int = 0
    sealed: bool = False
    level: int = 0
    state: State = State.WAITING
    holder: str | None = None
    lease_until: int | None = None
    created: int
    due: int | None = None
    expires: int | None = None
    on_timeout: str | None = None
    chances: tuple[Chance, ...] = ()

    @property
    def blind(self) -> bool:
        """Whether the reviewer must not see what was concluded before."""
        return self.purpose in INDEPENDENT

    @property
    def rank(self) -> int:
        """The place of its severity among `SEVERITIES`; an unknown one comes first."""
        return SEVERITIES.index(self.severity) if self.severity in SEVERITIES else len(SEVERITIES)


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What one reviewer concluded on one task. Until it settles it can be taken back."""

    verdict_id: str
    task_id: str
    reviewer: str
    outcome: Outcome
    clause: str  # violated, or the exception that allows; empty when nothing is violated
    actions: tuple[str, ...] = ()  # that a violation asks for; none: what machines asked for is right
    note: str = ""
    decided_at: int
    settles_at: int
    undone: int | None = None
    settled: int | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question on a clause; with its ruling, a precedent."""

    question_id: str
    task_id: str
    clause: str
    asked_by: str
    text: str
    asked_at: int
    ruling: str | None = None
    ruled_by: str | None = None
    ruled_at: int | None = None


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """One truth about one version of a subject, with where it comes from.

    Attributes:
        label_id: made of what it says and who said so.
        subject: what it is about.
        clause: the clause it speaks about; empty for any.
        violates: what is true.
        provenance: a `Purpose`, or `import:NAME`.
        reviewer: who said so.
        inclusion_probability: with which the item came to be labelled; None where nobody knows.
    """

    label_id: str
    subject: Subject
    event_id: str | None = None
    decision_id: str | None = None
    task_id: str | None = None
    clause: str
    violates: bool
    provenance: str
    reviewer: str
    policy_version: str = ""
    inclusion_probability: float | None = None
    at: int
