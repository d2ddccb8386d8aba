"""The words of the way back: what a person is told, what they answer, what a reporter says."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from seawall.act.facts import Key, Subject


class NoticeKind(StrEnum):
    """Why somebody is written to."""

    ACTION = "action"  # something was done that they may appeal
    SUPPORT = "support"  # help is offered; nothing was done to them
    OUTCOME = "outcome"  # their appeal was decided
    RESTORED = "restored"  # it was found wrong without an appeal of theirs


class AppealState(StrEnum):
    """Where an appeal is, as the person follows it."""

    RECEIVED = "received"
    READING = "reading"  # a person has it
    DECIDED = "decided"


class AppealOutcome(StrEnum):
    """What became of an appeal."""

    UPHELD = "upheld"  # the first decision stands
    REDUCED = "reduced"  # something weaker takes its place
    OVERTURNED = "overturned"  # it was wrong: everything is undone


class ReportOutcome(StrEnum):
    """What a reporter learns."""

    ACTED = "acted"  # a person found a violation
    NOT_ACTED = "not_acted"  # a person found none


class Done(msgspec.Struct, frozen=True, order=True):
    """One thing that was done."""

    key: Key
    action: str
    until: int | None = None  # microseconds; None: no end is set


class Cited(msgspec.Struct, frozen=True):
    """A clause as the person reads it."""

    clause: str  # policy/id#clause
    title: str
    text: str  # short and plain
    severity: str
    ground: str  # terms | law
    places: tuple[str, ...] = ()  # of a law


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What one decision did to one person: everything a notice has to say, before it is put into words.

    Attributes:
        account: who is told.
        own: the subject is theirs; else they only had a part in it.
        done: what was done to them, theirs and their subject, sorted.
        clauses: gravest first, never empty but for an offer of help.
        machine: no human took part.
        occasion: what happened once, however often it is decided.
    """

    kind: NoticeKind
    account: str
    own: bool = True
    subject: Subject | None
    done: tuple[Done, ...]
    clauses: tuple[Cited, ...] = ()
    machine: bool = True
    occasion: str


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a person was told, word by word.

    Attributes:
        decision_id: the decision, or the verdict, that it tells of.
        event_id: the event decided.
        words: digest of the words of the subject, to find the same words elsewhere; None without words.
        appeal_until: until when it can be appealed; None: there is nothing to appeal.
        token_digest: of the link; None: it has none, or it was withdrawn.
    """

    notice_id: str
    kind: NoticeKind
    decision_id: str
    event_id: str
    account: str
    own: bool
    subject: Subject | None
    market: str | None
    language: str | None
    locale: str
    done: tuple[Done, ...]
    clauses: tuple[Cited, ...]
    machine: bool
    title: str
    text: str
    words: str | None
    decided_at: int
    created: int
    appeal_until: int | None
    token_digest: str | None


class Appeal(msgspec.Struct, frozen=True, kw_only=True):
    """What a person answered, and how far it has come."""

    appeal_id: str
    notice_id: str
    text: str
    evidence: tuple[str, ...]
    task_id: str
    created: int
    state: AppealState = AppealState.RECEIVED
    outcome: AppealOutcome | None = None
    verdict_id: str | None = None
    decided_at: int | None = None


class Reporter(msgspec.Struct, frozen=True, kw_only=True):
    """Who reports, as far as the platform says. What is not known cannot speak for independence."""

    id: str
    device: str | None = None  # kept as a digest
    account_created: int | None = None  # microseconds
    locale: str | None = None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One person's flag on one version of a subject.

    Attributes:
        cluster_id: the reporters of this subject who may be one and the same share it.
        task_id: of the review that it led to, or joined.
    """

    report_id: str
    reporter: str
    device: str | None
    account_created: int | None
    locale: str
    subject: Subject
    reason: str
    clause: str
    at: int
    cluster_id: str
    task_id: str | None = None
    outcome: ReportOutcome | None = None
    decided_at: int | None = None
