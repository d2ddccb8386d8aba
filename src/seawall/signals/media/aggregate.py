"""From one value per frame to one value per file, and the stretches in which it was high."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.signals.media.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seawall.signals.media.model import Seen


def weights(seen: Seen) -> list[float]:
    """The share of its time that each frame stands for: until the next one was kept.

    A scene that stands still is kept seldom, so frames must not count alike.
    """
    times = [frame.at_s for frame in seen.frames]
    ends = [*times[1:], max(seen.duration_s, times[-1] if times else 0.0)]
    lasting = [max(0.0, end - start) for start, end in zip(times, ends, strict=True)]
    total = sum(lasting)
    if not total:
        return [1 / len(times)] * len(times)
    return [each / total for each in lasting]


def _highest(values: Sequence[float], shares: Sequence[float], times: Sequence[float], above: float) -> float:
    del shares, times, above
    return max(values)


def _mean(values: Sequence[float], shares: Sequence[float], times: Sequence[float], above: float) -> float:
    del times, above
    return sum(value * share for value, share in zip(values, shares, strict=True))


def _share(values: Sequence[float], shares: Sequence[float], times: Sequence[float], above: float) -> float:
    del times
    return min(1.0, sum(share for value, share in zip(values, shares, strict=True) if value >= above))


def _first(
    values: Sequence[float], shares: Sequence[float], times: Sequence[float], above: float
) -> float | None:
    del shares
    return next((at_s for value, at_s in zip(values, times, strict=True) if value >= above), None)


MEASURES: Mapping[str, Callable[[Sequence[float], Sequence[float], Sequence[float], float], float | None]] = {
    "max": _highest,
    "mean": _mean,
    "share": _share,
    "first_s": _first,
}
"""What the option `measure` may be: the highest value, the mean over time, the share of the time at or above
the threshold, and when that begins (None: never)."""


def measured(seen: Seen, values: Sequence[float], *, measure: str, above: float) -> float | None:
    """One value of a file.

    Args:
        seen: the file, with at least one frame.
        values: of its frames, in order.
        measure: a key of `MEASURES`.
        above: the threshold of `share` and `first_s`.
    """
    times = [frame.at_s for frame in seen.frames]
    return MEASURES[measure](values, weights(seen), times, above)


def stretches(seen: Seen, values: Sequence[float], *, above: float) -> list[Mark]:
    """Where the value is at or above a threshold, with its highest there; if nowhere, its highest moment."""
    times = [frame.at_s for frame in seen.frames]
    ends = [*times[1:], max(seen.duration_s, times[-1])]
    found: list[Mark] = []
    joined = False
    for at_s, end_s, value in zip(times, ends, values, strict=True):
        if value < above:
            joined = False
        elif joined:
            last = found[-1]
            found[-1] = last._replace(until_s=end_s, value=max(value, last.value or 0.0))
        else:
            found.append(Mark(at_s, end_s if end_s > at_s else None, value))
            joined = True
    if not found:
        highest = max(range(len(values)), key=values.__getitem__)
        found.append(Mark(times[highest], None, values[highest]))
    return found
