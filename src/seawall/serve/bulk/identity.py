"""What is hashed of each event: the key of its id, the draw of the audit sample, the id of its decision."""

from __future__ import annotations

from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seawall.core.compiler import compiled
from seawall.ingest.take_lines import Rows
from seawall.store import fingerprints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seawall.decide.model import Sample
    from seawall.ingest.scanned import ScannedRows

_ALL = float(2**64)
_KERNEL = "seawall.core.hash_kernel"
_ROOM = 128
_WORDS = 80


class Identity(NamedTuple):
    """Of the decisions on some rows.

    Attributes:
        drawn: whether the event is in the audit sample, shape (rows,).
        ids: shape (rows, 16); in hexadecimal they are `decision_id`.
        keys: fingerprints of the ids, shape (rows,).
    """

    drawn: NDArray[np.bool_]
    ids: NDArray[np.uint8]
    keys: NDArray[np.uint64]

    def names(self) -> list[str]:
        """The ids in hexadecimal."""
        return [row.tobytes().hex() for row in self.ids]


def keys_of(rows: Rows | ScannedRows) -> NDArray[np.uint64]:
    """Fingerprints of the ids of events, shape (rows,)."""
    kernel = None if isinstance(rows, Rows) else compiled(_KERNEL)
    if kernel is None or isinstance(rows, Rows):
        return fingerprints(rows.ids)
    keys = np.empty(len(rows), np.uint64)
    kernel.fingerprints(rows.data, *_wide(rows, "id"), np.empty(_WORDS, np.uint64), keys)
    return keys


def identify(rows: Rows | ScannedRows, *, sample: Sample, version: str) -> Identity:
    """Name the first decisions on events.

    Args:
        rows: events of one type.
        sample: the audit sample.
        version: of the project.
    """
    kernel = None if isinstance(rows, Rows) else compiled(_KERNEL)
    if kernel is None or isinstance(rows, Rows):
        return _one_by_one(rows, sample=sample, version=version)
    count, salt, tail = len(rows), f"{sample.salt}\0".encode(), _tail(version).encode()
    (at, sizes), (sources_at, sources_sizes) = _wide(rows, "id"), _wide(rows, "source")
    longest = int((sizes + np.maximum(sources_sizes, 0)).max(initial=0))
    draws, keys = np.empty(count, np.uint64), np.empty(count, np.uint64)
    ids = np.empty((count, 16), np.uint8)
    kernel.identify(
        rows.data, at, sizes, sources_at, sources_sizes,
        np.frombuffer(salt, np.uint8), np.frombuffer(tail, np.uint8),
        np.empty(longest + len(salt) + len(tail) + _ROOM, np.uint8), np.empty(_WORDS, np.uint64),
        draws, ids, keys,
    )  # fmt: skip
    return Identity(_drawn(draws.byteswap(), sample), ids, keys)


def _one_by_one(rows: Rows | ScannedRows, *, sample: Sample, version: str) -> Identity:
    draw, tail = f"{sample.salt}\0".encode(), _tail(version)
    pairs = [(source or "", each) for source, each in zip(rows.sources, rows.ids, strict=True)]
    draws = [
        blake2b(b"%b%b\0%b" % (draw, source.encode(), each.encode()), digest_size=8).digest()
        for source, each in pairs
    ]
    texts = [f"{len(source)}:{source}{len(each)}:{each}{tail}" for source, each in pairs]
    named = [sha256(text.encode()).digest()[:16] for text in texts]
    ids = np.frombuffer(b"".join(named), np.uint8).reshape(-1, 16)
    keys = fingerprints([each.hex() for each in named])
    return Identity(_drawn(np.frombuffer(b"".join(draws), ">u8"), sample), ids, keys)


def _drawn(draws: NDArray[Any], sample: Sample) -> NDArray[np.bool_]:
    """`decide.sample.drawn`, given the number that was drawn."""
    drawn: NDArray[np.bool_] = draws.astype(np.float64) / _ALL < sample.probability
    return drawn


def _tail(version: str) -> str:
    """How what a decision's id is made of ends; see `core.decision.decision_id`."""
    return f"{len(version)}:{version}1:1"


def _wide(rows: ScannedRows, name: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    at, sizes = rows.spans(name)
    return at.astype(np.int64), sizes.astype(np.int64)
