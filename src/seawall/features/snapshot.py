"""Feature state as bytes and back, so that a restart rebuilds only what the journal added since."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import msgspec
import numpy as np

from seawall.core.errors import Corrupt
from seawall.core.types import Scalar
from seawall.features.counter import Kept
from seawall.features.told import Listener, Noted

if TYPE_CHECKING:
    from collections.abc import Container

    from numpy.typing import NDArray

    from seawall.core.types import Value
    from seawall.features.counter import Counter
    from seawall.features.model import Key
    from seawall.features.state import FeatureState

_FORMAT = 4


class _Counter(msgspec.Struct, array_like=True):
    since: int | None
    started: bool
    lost_until: int | None
    keys: list[Scalar | list[Scalar]]
    lengths: bytes  # this and what follows: little-endian int64
    lost: bytes
    times: bytes
    values: bytes
    vocabulary: list[Scalar | list[Scalar] | None]
    untold: bool = False
    told: list[tuple[Scalar | list[Scalar], Noted]] = []


class _Snapshot(msgspec.Struct, array_like=True):
    format: int
    offsets: dict[str, int]
    watermark: int | None
    tally: tuple[int, int, int, int]  # late, too late, evicted, saturated
    counters: dict[str, _Counter]


def snapshot(state: FeatureState, *, offsets: dict[str, int], without: Container[str] = ()) -> bytes:
    """The state as bytes.

    Args:
        state: what to keep.
        offsets: for each journal writer, the offset up to which its records are counted in the state.
        without: fingerprints of features to leave out, since they are not complete.
    """
    counters: dict[str, _Counter] = {}
    for fingerprint, counter in state.counters.items():
        if fingerprint in without:
            continue
        kept = counter.dump()
        counters[fingerprint] = _Counter(
            counter.since,
            counter.started,
            counter.lost_until,
            [_written(key) for key in kept.keys],  # type: ignore[misc] -- a key is never None
            _packed(kept.lengths),
            _packed(kept.lost),
            _packed(kept.times),
            _packed(kept.values),
            [_written(value) for value in kept.vocabulary],
            counter.untold,
            _told(counter),
        )
    told = state.tally
    tally = (told.late, told.too_late, told.evicted, told.saturated)
    body = msgspec.msgpack.encode(_Snapshot(_FORMAT, offsets, state.watermark, tally, counters))
    return crc32(body).to_bytes(4, "little") + body


def restore(state: FeatureState, data: bytes, *, partly: bool = False) -> dict[str, int]:
    """Put a snapshot into a state; what is defined no more is left out.

    Args:
        state: what takes it.
        data: the snapshot.
        partly: the state may have features that the snapshot lacks; they stay as they were.

    Returns:
        The offsets the snapshot was taken at: absorb every later record of the journal to be up to date.

    Raises:
        Corrupt: the bytes are no snapshot, or lack a feature of the state, which is as it was then. It can be
            rebuilt from the whole journal.
    """
    kept = _decoded(data)
    new = [counter.spec.name for name, counter in state.counters.items() if name not in kept.counters]
    if new and not partly:
        raise Corrupt(
            f"the snapshot of the feature state lacks {', '.join(sorted(new))}",
            hint="nothing: the state is counted again from the journal",
        )
    state.watermark = kept.watermark
    tally = state.tally
    tally.late, tally.too_late, tally.evicted, tally.saturated = kept.tally
    for fingerprint, saved in kept.counters.items():
        counter = state.counters.get(fingerprint)
        if counter is None:
            continue
        counter.since, counter.started, counter.lost_until = saved.since, saved.started, saved.lost_until
        counter.untold = saved.untold
        if isinstance(counter, Listener):
            counter.told.load((_read(key), noted) for key, noted in saved.told)
        counter.load(
            Kept(
                [_read(key) for key in saved.keys],
                _unpacked(saved.lengths),
                _unpacked(saved.lost),
                _unpacked(saved.times),
                _unpacked(saved.values),
                [_read(value) for value in saved.vocabulary],
            )
        )
    return kept.offsets


def kept_in(data: bytes) -> frozenset[str]:
    """Fingerprints of the features in a snapshot.

    Raises:
        Corrupt: the bytes are no snapshot.
    """
    return frozenset(_decoded(data).counters)


def _decoded(data: bytes) -> _Snapshot:
    hint = "nothing: the state is counted again from the journal"
    if int.from_bytes(data[:4], "little") != crc32(data[4:]):
        raise Corrupt("the snapshot of the feature state is damaged", hint=hint)
    try:
        kept = msgspec.msgpack.decode(data[4:], type=_Snapshot)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Corrupt("the snapshot of the feature state has another form", hint=hint) from error
    if kept.format != _FORMAT:
        raise Corrupt(f"the snapshot of the feature state has format {kept.format}, not {_FORMAT}", hint=hint)
    return kept


def _told(counter: Counter) -> list[tuple[Scalar | list[Scalar], Noted]]:
    if not isinstance(counter, Listener):
        return []
    return [(_written(key), noted) for key, noted in counter.told.rows()]  # type: ignore[misc] -- a key is never None


def _written(value: Key) -> Scalar | list[Scalar] | None:
    return list(value) if isinstance(value, tuple) else value  # type: ignore[arg-type] -- parts of a key are scalars


def _read(value: Scalar | list[Scalar] | None) -> Value:
    return tuple(value) if isinstance(value, list) else value


def _packed(array: NDArray[np.int64]) -> bytes:
    return array.astype("<i8", copy=False).tobytes()


def _unpacked(data: bytes) -> NDArray[np.int64]:
    return np.frombuffer(data, "<i8").astype(np.int64)
