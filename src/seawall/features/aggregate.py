"""How the value a feature looks at is kept, as a 64-bit integer, and what is made of the result.

Numbers are added as whole millionths, so that a sum does not depend on the order of its parts; the least of
numbers compares them by the order of their bits.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np

from seawall.core.types import Kind
from seawall.features.functions import in_millionths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from seawall.core.columns import Column
    from seawall.core.types import Value
    from seawall.policy.model import FeatureSpec

MILLION = 1_000_000
BOUND = 2**63
_SIGN = 0x7FFF_FFFF_FFFF_FFFF


def keep(spec: FeatureSpec, column: Column) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The values of a column as they are kept, and where there is one to keep. Both of shape (rows,)."""
    values, known = column.numbers
    if in_millionths(spec) and spec.argument_kind is not Kind.NUMBER:
        whole = values.astype(np.int64)
        fits = (whole <= BOUND // MILLION) & (whole >= -BOUND // MILLION + 1)
        return np.where(fits, whole, 0) * MILLION, known & fits
    if in_millionths(spec) or spec.function == "sum":
        if spec.argument_kind is not Kind.NUMBER:
            return values, known
        scaled = np.rint(values * MILLION)
        fits = np.abs(scaled) < BOUND
        return np.where(fits, scaled, 0).astype(np.int64), known & fits
    if spec.argument_kind is Kind.NUMBER:
        bits = (values + 0.0).view(np.int64)
        values = np.where(bits < 0, bits ^ _SIGN, bits)
    return (~values if spec.function == "max" else values), known


def keep_one(spec: FeatureSpec, value: Value) -> int | None:
    """The same of one value; None if there is nothing to keep.

    >>> from seawall.core.diagnostic import Span
    >>> from seawall.policy.model import FeatureSpec
    >>> spec = FeatureSpec(
    ...     name="f", on=("gift",), function="sum", argument="usd", argument_kind=Kind.NUMBER, where=None,
    ...     by=("actor",), over_us=1, fingerprint="", span=Span("f.yml"))
    >>> keep_one(spec, 1.5)
    1500000
    """
    if not isinstance(value, int | float):
        return None
    if spec.argument_kind is not Kind.NUMBER:
        kept = int(value)
        if in_millionths(spec):
            return kept * MILLION if abs(kept) <= BOUND // MILLION else None
    elif spec.function in {"sum", "mean"}:
        scaled = value * MILLION
        if not abs(scaled) < BOUND:
            return None
        kept = round(scaled)
    else:
        (kept,) = struct.unpack("<q", struct.pack("<d", value + 0.0))
        kept = kept ^ _SIGN if kept < 0 else kept
    return ~kept if spec.function == "max" else kept


def finish(spec: FeatureSpec, kept: NDArray[np.int64], at: NDArray[np.int64]) -> NDArray[Any]:
    """What is read of the results: int64, or float64 where the feature is a number.

    Args:
        spec: the feature.
        kept: results as the state gives them; shape (events,).
        at: when the events happened; shape (events,).
    """
    if spec.function in {"seconds_since_first", "seconds_since_last"}:
        return (at - kept) / MILLION
    if in_millionths(spec):
        return kept / MILLION
    if spec.function in {"min", "max"}:
        kept = ~kept if spec.function == "max" else kept
        if spec.argument_kind is Kind.NUMBER:
            return np.where(kept < 0, kept ^ _SIGN, kept).view(np.float64)
        return kept
    result: NDArray[Any] = kept
    if spec.function == "sum" and spec.argument_kind is Kind.NUMBER:
        result = kept / MILLION
    return result if spec.per_us is None else result / windows_per(spec)


def finish_one(spec: FeatureSpec, kept: int, at: int) -> int | float:
    """The same of one result."""
    if spec.function in {"count", "count_distinct"} and spec.per_us is None and spec.half_life_us is None:
        return kept
    one: int | float = finish(spec, np.array([kept], np.int64), np.array([at], np.int64)).item()
    return one


def windows_per(spec: FeatureSpec) -> float:
    """How many times the unit of a rate goes into its window."""
    assert spec.per_us is not None
    return spec.over_us / spec.per_us
