"""Events in a payload journal as the canonical JSON their digest was made of, written as it is."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import msgspec
import numpy as np

from seawall.core.event import ENVELOPE, Event
from seawall.core.types import Media, Value
from seawall.store.entry import Kind
from seawall.store.frame import Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from seawall.core.spans import Spans
    from seawall.store.frame import Frame
    from seawall.store.journal import Journal

PLACE = 8
"""Bytes of an offset at the start of a body."""

_NAMES = frozenset(ENVELOPE)


class Shape(msgspec.Struct, frozen=True):
    """What the canonical form does not say: the fields of an event type, those that are NULL among them."""

    type: str
    fields: tuple[str, ...]


class Canonical(NamedTuple):
    """Events to be written.

    Attributes:
        shapes: those of their types.
        which: of each event, the place of its shape; shape (events,).
        events: canonical forms.
    """

    shapes: Sequence[Shape]
    which: NDArray[np.intp]
    events: Spans


class Shapes:
    """Where the shapes lie that a payload journal was given."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._offsets: dict[Shape, int] = {}

    def stack(self, written: Canonical) -> Stack:
        """Events as records; a shape met for the first time is made durable before them.

        Raises:
            StorageError: the disk refuses.
        """
        for shape in written.shapes:
            if shape not in self._offsets:
                body = msgspec.msgpack.encode(shape)
                self._offsets[shape] = self._journal.write([(Kind.SHAPE, body)])[0]
        places = np.array([self._offsets[shape] for shape in written.shapes], "<u8")[written.which]
        return Stack(Kind.CANONICAL, written.events, places.view(np.uint8).reshape(-1, PLACE))


def event_of(body: bytes, at: Callable[[int], Frame]) -> Event:
    """The event of a record.

    Args:
        body: the record's.
        at: gives the record at an offset of the same journal.
    """
    shape = msgspec.msgpack.decode(at(int.from_bytes(body[:PLACE], "little")).body, type=Shape)
    canonical = body[PLACE:]
    known: dict[str, Any] = msgspec.json.decode(canonical)
    envelope = {name: value for name, value in known.items() if name in _NAMES}
    if "available_in" in envelope:
        envelope["available_in"] = tuple(envelope["available_in"])
    digest = hashlib.sha256(canonical).hexdigest()
    return Event(fields={name: _value(known.get(name)) for name in shape.fields}, digest=digest, **envelope)


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return tuple([_scalar(each) for each in cast("list[Any]", value)])
    return _scalar(value)


def _scalar(value: Any) -> Any:
    return Media(**cast("dict[str, Any]", value)) if isinstance(value, dict) else value
