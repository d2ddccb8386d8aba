"""Byte strings that lie in one buffer: thousands of them without an object for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Spans:
    """Byte strings. Arrays of places have the shape (strings,), int64.

    Attributes:
        data: the buffer, uint8.
        starts: where each starts.
        ends: where each ends.
    """

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, strings: Sequence[bytes]) -> Self:
        """Some strings, laid end to end.

        >>> list(Spans.of([b"ab", b"", b"c"]))
        [b'ab', b'', b'c']
        """
        ends = np.cumsum(np.fromiter(map(len, strings), np.int64, len(strings)))
        return cls.laid(np.frombuffer(b"".join(strings), np.uint8), ends)

    @classmethod
    def laid(cls, data: NDArray[np.uint8], ends: NDArray[np.int64]) -> Self:
        """Strings that lie end to end from the start of a buffer."""
        starts = np.empty(len(ends), np.int64)
        starts[:1], starts[1:] = 0, ends[:-1]
        return cls(data[: ends[-1] if len(ends) else 0], starts, ends)

    @classmethod
    def none(cls, count: int) -> Self:
        """As many empty strings."""
        zeros = np.zeros(count, np.int64)
        return cls(np.empty(0, np.uint8), zeros, zeros)

    def __len__(self) -> int:
        return len(self.starts)

    def __getitem__(self, place: int) -> bytes:
        return self.data[self.starts[place] : self.ends[place]].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        view = self.data.data
        for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True):
            yield bytes(view[start:end])

    @property
    def sizes(self) -> NDArray[np.int64]:
        """The length of each."""
        return self.ends - self.starts

    def take(self, places: NDArray[Any]) -> Spans:
        """Those at some places, in the same buffer."""
        return Spans(self.data, self.starts[places], self.ends[places])

    def put(self, places: NDArray[np.intp], others: Spans) -> Spans:
        """The same with others at some places; what was there is in the way no more.

        >>> list(Spans.of([b"a", b"b"]).put(np.array([0]), Spans.of([b"x"])))
        [b'x', b'b']
        """
        if len(places) == len(self):
            order = np.argsort(places)
            return others.take(order) if (order[1:] < order[:-1]).any() else others
        starts, ends = self.starts.copy(), self.ends.copy()
        starts[places], ends[places] = others.starts + len(self.data), others.ends + len(self.data)
        return Spans(np.concatenate([self.data, others.data]), starts, ends)

    def joined(self) -> NDArray[np.uint8]:
        """All of them, end to end, shape (bytes,); the buffer itself where they lie in it like that.

        >>> Spans.of([b"ab", b"c"]).take(np.array([1, 0])).joined().tobytes()
        b'cab'
        """
        if not len(self):
            return self.data[:0]
        if (self.starts[1:] == self.ends[:-1]).all():
            return self.data[self.starts[0] : self.ends[-1]]
        view = self.data.data
        pairs = zip(self.starts.tolist(), self.ends.tolist(), strict=True)
        return np.frombuffer(b"".join([view[start:end] for start, end in pairs]), np.uint8)
