"""What the store writes down: the kinds of record, and the structs in their bodies."""

from __future__ import annotations

from enum import IntEnum

import msgspec

from seawall.core.decision import Decision, Reading
from seawall.core.event import Event


class Kind(IntEnum):
    """What the body of a record is."""

    DECISION = 1  # an Entry
    CONTROL = 2  # a Control
    EVENT = 3  # an Event, in a payload journal
    TOMBSTONE = 4  # zeros as long as the event that was erased
    RAW = 5  # an Accepted, in the inbox
    DONE = 6  # the inbox offset before which everything has been decided
    FINDING = 7  # a Finding
    SHAPE = 8  # in a payload journal, a Shape
    CANONICAL = 9  # an event as its Shape's offset and its canonical JSON
    SHARED = 10  # a Shared
    BRIEF = 11  # a decision as its Shared's offset, its event's offset, and what it does not share
    PLACED = 12  # the same two offsets and an Entry
    ASIDE = 13  # an Aside


class Payload(msgspec.Struct, frozen=True):
    """Where the event of a decision lies: its day, and the offset in that day's payload journal."""

    day: str
    offset: int


class Before(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a superseded decision had counted, so that a projection can take it back without looking it up."""

    action: str
    reviewed: bool
    fired: tuple[str, ...] = ()
    shadow: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One decision in the journal. It holds ids and digests of the event, never the event itself."""

    decision: Decision
    payload: Payload | None = None
    before: Before | None = None


class Control(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A change that must hold at once and is no file; `seawall.store.held` says what each kind does.

    `shares` are what the engine learned of how often parts of strategies are true.
    """

    kind: str  # pause | resume | brake | call | release | shares
    target: str  # name of a strategy; empty for all
    by: str
    reason: str
    at: int
    shares: dict[str, dict[str, tuple[int, int]]] = {}  # by strategy and part: times true, times seen


class Aside(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found out about shadow strategies after a decision was released. It changes nothing of it.

    Attributes:
        decision_id: of the decision that had left them open.
        ts: when its event happened, microseconds.
        signals: what was bought for it, beside what the decision had.
        fired: shadow strategies that turned out true.
        not_fired: those that turned out not to be.
        unknown: those that no answer was to be had for.
        probability: with which the decision was drawn.
        costs: what was spent, by strategy; a signal's cost is shared by those that waited for it.
        at: when, microseconds.
    """

    decision_id: str
    ts: int
    signals: dict[str, Reading] = {}
    fired: tuple[str, ...] = ()
    not_fired: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    probability: float
    costs: dict[str, float] = {}
    at: int


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person concluded. The ledger has it first, with the lease; this is its copy in the journal.

    Features count over it, and with the decisions before it the journal alone rebuilds what holds and what is
    known. It is written once; whoever reads several journals counts it once by `finding_id`.

    Attributes:
        finding_id: of the verdict, or of the appeal.
        kind: `verdict`, settled; `appeal`, its outcome; or `strike`, how one stands now.
        at: when it was concluded, microseconds.
        by: the reviewer.
        outcome: of a verdict `violates`, `no_violation`, `exception`; of an appeal `upheld`, `reduced`,
            `overturned`; of a strike `given`, `lifted`.
        clause: violated, or the exception that allows, else the one that the task was about; may be empty.
        purpose: of the task: `machine`, `report`, `random`, `qa`, `gold`, `appeal`.
        surface: with `subject` and `content_version` what was judged.
        actor: who answers for it.
        event_id: the event that was decided, if one was.
        decision_id: the decision behind the task, if one was.
        about: of a verdict the clause that its task was about; of a strike its occasion, which has one.
        severity: of a strike, that of its clause.
        weight: of a strike.
        ends: when a strike ends by itself, microseconds; None: it does not.
        known: when it was settled, microseconds; it is in the journal a moment later.
        detail: JSON that whoever wrote it reads again: `seawall.review.finding`, `seawall.appeal.finding`.
    """

    finding_id: str
    kind: str
    at: int
    by: str
    outcome: str
    clause: str = ""
    purpose: str
    surface: str
    subject: str
    content_version: str = ""
    actor: str | None = None
    market: str | None = None
    language: str | None = None
    event_id: str | None = None
    decision_id: str | None = None
    about: str = ""
    severity: str = ""
    weight: int = 0
    ends: int | None = None
    known: int = 0
    detail: str = ""


class Accepted(msgspec.Struct, frozen=True):
    """One event as it came in, waiting to be read and decided."""

    raw: bytes
    at: int
    via: str = ""  # which door it came through


class Recorded(msgspec.Struct, frozen=True):
    """A decision read back.

    Attributes:
        event: what was decided on; None once it was dropped or erased.
        gone: why there is no event: `erased`, `retention`, or None.
        writer: whose journal holds it.
        ordinal: its offset there; rises in the order of arrival.
    """

    event: Event | None
    decision: Decision
    gone: str | None
    writer: str
    ordinal: int


_ENCODER = msgspec.msgpack.Encoder()
encode = _ENCODER.encode
decode_entry = msgspec.msgpack.Decoder(Entry).decode
decode_event = msgspec.msgpack.Decoder(Event).decode
decode_control = msgspec.msgpack.Decoder(Control).decode
decode_finding = msgspec.msgpack.Decoder(Finding).decode
decode_accepted = msgspec.msgpack.Decoder(Accepted).decode
decode_aside = msgspec.msgpack.Decoder(Aside).decode
