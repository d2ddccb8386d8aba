"""Feature state as bytes and back, so that a restart rebuilds only what the journal added since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from seawall.core.errors import Corrupt
from seawall.core.types import Scalar
from seawall.features.counter import Kept

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seawall.core.types import Value
    from seawall.features.model import Key
    from seawall.features.state import FeatureState

_FORMAT = 2


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


class _Snapshot(msgspec.Struct, array_like=True):
    format: int
    offsets: dict[str, int]
    watermark: int | None
    counters: dict[str, _Counter]


def snapshot(state: FeatureState, *, offsets: dict[str, int]) -> bytes:
    """The state as bytes.

    Args:
        state: what to keep.
        offsets: for each journal writer, the offset up to which its records are counted in the state.
    """
    counters: dict[str, _Counter] = {}
    for fingerprint, counter in state.counters.items():
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
        )
    return msgspec.msgpack.encode(_Snapshot(_FORMAT, offsets, state.watermark, counters))


def restore(state: FeatureState, data: bytes) -> dict[str, int]:
    """Put a snapshot into a state of the same or other definitions; what is defined no more is left out.

    Returns:
        The offsets the snapshot was taken at: absorb every later record of the journal to be up to date.

    Raises:
        Corrupt: the bytes are no snapshot; the state is as it was, and can be rebuilt from the whole journal.
    """
    try:
        kept = msgspec.msgpack.decode(data, type=_Snapshot)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Corrupt(
            "the snapshot of the feature state cannot be read", hint="delete it: it is rebuilt"
        ) from error
    if kept.format != _FORMAT:
        raise Corrupt(
            f"feature snapshot of format {kept.format}, not {_FORMAT}", hint="delete it: it is rebuilt"
        )
    state.watermark = kept.watermark
    for fingerprint, saved in kept.counters.items():
        counter = state.counters.get(fingerprint)
        if counter is None:
            continue
        counter.since, counter.started, counter.lost_until = saved.since, saved.started, saved.lost_until
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


def _written(value: Key) -> Scalar | list[Scalar] | None:
    return list(value) if isinstance(value, tuple) else value  # type: ignore[arg-type] -- parts of a key are scalars


def _read(value: Scalar | list[Scalar] | None) -> Value:
    return tuple(value) if isinstance(value, list) else value


def _packed(array: NDArray[np.int64]) -> bytes:
    return array.astype("<i8", copy=False).tobytes()


def _unpacked(data: bytes) -> NDArray[np.int64]:
    return np.frombuffer(data, "<i8").astype(np.int64)
