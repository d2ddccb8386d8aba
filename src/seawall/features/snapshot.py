"""Feature state as bytes and back, so that a restart rebuilds only what the journal added since."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import msgspec

from seawall.core.errors import Corrupt
from seawall.core.types import Scalar
from seawall.features.window import WINDOWS, DistinctWindow

if TYPE_CHECKING:
    from seawall.features.state import FeatureState

_FORMAT = 1


class _Key(msgspec.Struct, array_like=True):
    key: Scalar | list[Scalar]
    times: bytes  # little-endian int64
    values: list[Scalar | list[Scalar]]
    lost_until: int | None


class _Counter(msgspec.Struct, array_like=True):
    function: str
    since: int | None
    started: bool
    lost_until: int | None
    keys: list[_Key]


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
        keys = [
            _Key(
                list(key) if isinstance(key, tuple) else key,  # type: ignore[arg-type] -- a key is never None
                window.times.tobytes(),
                list(window.values) if isinstance(window, DistinctWindow) else [],  # type: ignore[arg-type]
                window.lost_until,
            )
            for key, window in counter.windows.items()
        ]
        counters[fingerprint] = _Counter(
            counter.spec.function, counter.since, counter.started, counter.lost_until, keys
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
        counter.windows.clear()
        for item in saved.keys:
            window = WINDOWS[saved.function]()
            values = item.values or [None] * (len(item.times) // 8)
            for ts, value in zip(array("q", item.times), values, strict=True):
                window.add(ts, tuple(value) if isinstance(value, list) else value)
            window.lost_until = item.lost_until
            counter.windows[tuple(item.key) if isinstance(item.key, list) else item.key] = window
    state.recount()
    return kept.offsets
