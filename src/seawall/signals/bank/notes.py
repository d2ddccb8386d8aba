"""What is known of the hashes of a bank, beside them: read from a mapped file, or kept since."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from seawall.signals.bank.model import Entry

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SAME = 1 << 16  # entries that are compared, to keep what hashes of one import share once
_DECODED = 1 << 14

_encode = msgspec.msgpack.Encoder().encode
_decoder = msgspec.msgpack.Decoder(Entry)


class Notes:
    """Entries by number. Numbers rise; what has one never changes."""

    def __init__(
        self, offsets: NDArray[np.int64] | None = None, blob: NDArray[np.uint8] | None = None
    ) -> None:
        """Begin with nothing, or with what was kept: each entry from one offset to the next."""
        self._offsets = np.zeros(1, np.int64) if offsets is None else offsets
        self._blob = np.zeros(0, np.uint8) if blob is None else blob
        self._kept = len(self._offsets) - 1
        self._new: list[bytes] = []
        self._known: dict[bytes, int] = {}
        self.get = lru_cache(maxsize=_DECODED)(self._get)

    def __len__(self) -> int:
        return self._kept + len(self._new)

    @property
    def nbytes(self) -> int:
        """Bytes that they take."""
        return self._offsets.nbytes + self._blob.nbytes + sum(map(len, self._new))

    def put(self, entry: Entry) -> int:
        """The number of an entry; equal ones that come soon after each other share it, if of one hash."""
        raw = _encode(entry)
        if entry.hashes == 1 and not entry.ref:
            if (known := self._known.get(raw)) is not None:
                return known
            if len(self._known) < _SAME:
                self._known[raw] = len(self)
        self._new.append(raw)
        return len(self) - 1

    def arrays(self) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Offsets and bytes of all of them."""
        lengths = np.fromiter(map(len, self._new), np.int64, len(self._new))
        offsets = np.concatenate([self._offsets, int(self._offsets[-1]) + np.cumsum(lengths)])
        return offsets, np.concatenate([self._blob, np.frombuffer(b"".join(self._new), np.uint8)])

    def _get(self, number: int) -> Entry:
        return _decoder.decode(self._raw(number))

    def _raw(self, number: int) -> bytes:
        if number >= self._kept:
            return self._new[number - self._kept]
        return self._blob[int(self._offsets[number]) : int(self._offsets[number + 1])].tobytes()
