"""Estimates as a page shows them: the value, its interval, what it was made of, and where its rows are."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from seawall.serve.web.words import with_query

if TYPE_CHECKING:
    from seawall.measure.model import Estimate, Rows

_WIDTH, _HEIGHT = 120, 14
_SHARE, _RATE, _TIME = "share", "rate", "time"
_KINDS = (("time.", _TIME), ("disturb.", _RATE))


class Figure(NamedTuple):
    """One number, ready to be read.

    Attributes:
        value: with its unit; empty while there is none.
        interval: its limits.
        says: what it stands on (n and method), or what is missing before it has a value.
        basis: whose truth it is, where it is not labels.
        href: its rows; empty where there are none.
        picture: the interval on its scale; empty for what has no scale.
    """

    value: str
    interval: str
    says: str
    basis: str
    href: str
    picture: Markup = Markup("")


def figure(estimate: Estimate, *, promise: float | None = None) -> Figure:
    """An estimate as a page shows it.

    Args:
        estimate: known or not.
        promise: what its owner answers for, drawn as a line beside a share.
    """
    href = rows_address(estimate.rows)
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return Figure("", "", _missing(estimate), "", href)
    kind = _kind(estimate)
    says = f"n {estimate.n:,} · {estimate.method}"
    if estimate.missing:
        says += f" · {estimate.missing:,} more labels wanted{_half_width(estimate)}"
    return Figure(
        value=_written(estimate.value, kind),
        interval=_interval(estimate.low, estimate.high, kind),
        says=says,
        basis=_BASES.get(estimate.basis, ""),
        href=href,
        picture=_picture(estimate.low, estimate.value, estimate.high, promise)
        if kind == _SHARE
        else Markup(""),
    )


def rows_address(rows: Rows | None) -> str:
    """Where the rows behind a number are listed.

    >>> from seawall.measure.model import Rows
    >>> rows_address(Rows("backlog_rows", {"queue": "spam"}))
    '/measure/rows?query=backlog_rows&queue=spam'
    """
    if rows is None:
        return ""
    return with_query("/measure/rows", {"query": rows.query}, rows.parameters)


def duration(seconds: float) -> str:
    """A length of time in its two largest units.

    >>> duration(0.25), duration(42), duration(95), duration(7_260), duration(200_000)
    ('0.25 s', '42 s', '1 min 35 s', '2 h 1 min', '2 d 7 h')
    """
    if seconds < 10:
        return f"{seconds:.2g} s"
    whole = round(seconds)
    parts = [
        (size, name) for size, name in ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")) if whole >= size
    ]
    size, name = parts[0]
    count, rest = divmod(whole, size)
    after = [f"{rest // below} {unit}" for below, unit in parts[1:2] if rest // below]
    return " ".join([f"{count} {name}", *after])


_BASES = {
    "promise": "bound by the promise, before labels",
    "nothing": "no promise and too few labels: every touch counts as wrong",
}


def _kind(estimate: Estimate) -> str:
    return next((kind for start, kind in _KINDS if estimate.name.startswith(start)), _SHARE)


def _missing(estimate: Estimate) -> str:
    if estimate.name.startswith("time."):
        return (
            "not reached: too much is still open"
            if estimate.n or estimate.missing
            else "nothing happened yet"
        )
    if estimate.name.startswith(("appeal.", "reinstatement.")):
        return "nothing to count yet"
    return estimate.sentence


def _written(value: float, kind: str) -> str:
    if kind == _TIME:
        return duration(value)
    if kind == _RATE:
        return f"{value:,.3g}" if value < 100 else f"{value:,.0f}"
    return f"{100 * value:.1f} %"


def _interval(low: float, high: float, kind: str) -> str:
    if not isfinite(high):  # so many are open that the upper limit lies ahead
        return f"{_written(low, kind)} or more"
    return f"{_written(low, kind)} to {_written(high, kind)}"


def _half_width(estimate: Estimate) -> str:
    return "" if estimate.half_width is None else f" for ± {100 * estimate.half_width:g} points"


def _picture(low: float, value: float, high: float, promise: float | None) -> Markup:
    """The interval between 0 and 1; the numbers beside it say the same."""
    at = [f"{4 + share * (_WIDTH - 8):.1f}" for share in (low, value, high)]
    line = (
        Markup('<line class="promise" x1="{0}" x2="{0}" y1="1" y2="13"/>').format(
            f"{4 + promise * (_WIDTH - 8):.1f}"
        )
        if promise is not None
        else Markup("")
    )
    return Markup(
        '<svg class="interval" viewBox="0 0 {} {}" aria-hidden="true">'
        '<line class="scale" x1="4" x2="{}" y1="7" y2="7"/>'
        '<line class="reach" x1="{}" x2="{}" y1="7" y2="7"/>{}<circle cx="{}" cy="7" r="3.2"/></svg>'
    ).format(_WIDTH, _HEIGHT, _WIDTH - 4, at[0], at[2], line, at[1])
