"""Decisions in short: what a batch shares is written once, and each decision refers to it.

Decisions for which nothing was bought differ in who, when and what was counted. What fired and what follows
from it, the names of the features, the versions and the day of the payloads are the same for thousands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from seawall.core.decision import Decision, Reading
from seawall.core.spans import Spans
from seawall.store.entry import Entry, Kind, Payload, decode_entry
from seawall.store.frame import HEAD, Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from seawall.core.action import Action
    from seawall.store.frame import Frame
    from seawall.store.journal import Journal

PLACES = 16
"""Bytes of the two offsets at the start of a body: where what is shared lies, and the event."""

_MOST_KEPT = 8_192
_MOST_WRITTEN = 16_384


class Shared(msgspec.Struct, frozen=True):
    """What decisions have in common: the day of their events, and a decision with the rest left empty.

    The readings of `decision.features` are empty; their names are in the order in which values follow. An
    action without a target id is aimed at the subject or the actor of whichever event it is.
    """

    day: str
    decision: Decision


class _Placed(msgspec.Struct, frozen=True):
    """A `Shared` whose decision is in msgpack already."""

    day: str
    decision: msgspec.Raw


class Own(msgspec.Struct, frozen=True, array_like=True):
    """What a decision for which nothing was bought has of its own; a feature's value or why it has none."""

    decision_id: str
    event_id: str
    ts: int
    market: str | None
    language: str | None
    source: str | None
    subject: str | None
    actor: str | None
    digest: str
    decided_at: int
    features: list[str | int | float | bool | Reading]


class Written(NamedTuple):
    """Decisions to be written, in order; arrays have the shape (decisions,).

    Attributes:
        shared: what some have in common, the decision of a `Shared` in msgpack.
        which: of each, the place of what it shares.
        kinds: `Kind.BRIEF`, its body being an `Own`, or `Kind.PLACED`, an `Entry` without a payload.
        bodies: in msgpack.
    """

    shared: Sequence[bytes]
    which: NDArray[np.intp]
    kinds: NDArray[np.uint8]
    bodies: Spans


class Shares:
    """Where what decisions share lies in a journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._offsets: dict[int, dict[tuple[str, bytes], int]] = {}  # by segment

    def stacks(self, written: Written, *, day: str, payloads: NDArray[np.int64]) -> list[Stack]:
        """Decisions as records, the last of the stacks.

        What they share stands before them in the same group, once in each segment: a torn group is cut where
        it is torn, so no decision is kept without it.

        Args:
            written: the decisions.
            day: under which their events lie.
            payloads: offset of the event of each, shape (decisions,).
        """
        known = self._offsets_in(self._journal.next_segment)
        keys = [(day, shared) for shared in written.shared]
        new = [key for key in dict.fromkeys(keys) if key not in known]
        end, bodies = self._journal.end, list[bytes]()
        for key in new:
            body = msgspec.msgpack.encode(_Placed(key[0], msgspec.Raw(key[1])))
            known[key] = end
            end += HEAD.size + len(body)
            bodies.append(body)
        where = np.array([known[key] for key in keys], "<u8")
        places = np.empty((len(written.bodies), 2), "<u8")
        places[:, 0], places[:, 1] = where[written.which], payloads
        stack = Stack(written.kinds, written.bodies, places.view(np.uint8).reshape(-1, PLACES))
        return [Stack(Kind.SHARED, Spans.of(bodies)), stack] if bodies else [stack]

    def forget(self) -> None:
        """The last group may not be there: write again what it shared."""
        self._offsets.clear()

    def _offsets_in(self, segment: int) -> dict[tuple[str, bytes], int]:
        if segment not in self._offsets:
            self._offsets.clear()
        found = self._offsets.setdefault(segment, {})
        if len(found) >= _MOST_WRITTEN:
            found.clear()
        return found


class Entries:
    """Reads the entries of a journal in whichever way they were written."""

    def __init__(self, at: Callable[[int], Frame]) -> None:
        """Read a journal.

        Args:
            at: gives the record at an offset of it.
        """
        self._at = at
        self._shared: dict[int, Shared] = {}

    def read(self, frame: Frame) -> Entry | None:
        """The entry of a record; None if the record is something else."""
        if frame.kind == Kind.DECISION:
            return decode_entry(frame.body)
        if frame.kind not in (Kind.BRIEF, Kind.PLACED):
            return None
        where, payload = (int(each) for each in np.frombuffer(frame.body, "<u8", 2))
        shared = self._shared_at(where)
        placed, rest = Payload(shared.day, payload), memoryview(frame.body)[PLACES:]
        if frame.kind == Kind.PLACED:
            return msgspec.structs.replace(decode_entry(rest), payload=placed)
        own = _decode_own(rest)
        changed: dict[str, Any] = {name: getattr(own, name) for name in _COPIED}
        readings = [each if isinstance(each, Reading) else Reading(each) for each in own.features]
        changed["features"] = dict(zip(shared.decision.features, readings, strict=True))
        for name in ("actions", "beneath"):
            if actions := getattr(shared.decision, name):
                changed[name] = tuple([_aimed(action, own) for action in actions])
        return Entry(msgspec.structs.replace(shared.decision, **changed), placed)

    def _shared_at(self, offset: int) -> Shared:
        found = self._shared.get(offset)
        if found is None:
            if len(self._shared) >= _MOST_KEPT:
                self._shared.clear()
            found = self._shared[offset] = msgspec.msgpack.decode(self._at(offset).body, type=Shared)
        return found


def _aimed(action: Action, own: Own) -> Action:
    target = own.subject if action.target == "subject" else own.actor
    return msgspec.structs.replace(action, target_id=target)


_COPIED = tuple(name for name in Own.__struct_fields__ if name != "features")
_decode_own = msgspec.msgpack.Decoder(Own).decode
