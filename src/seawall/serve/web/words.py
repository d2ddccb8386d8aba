"""How values are written on a page: times, counts, shares, identifiers as words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from seawall.core.clock import format_time

if TYPE_CHECKING:
    from collections.abc import Mapping

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NARROW = "\u202f"


def clock(micros: int, date: bool = True) -> str:  # noqa: FBT001, FBT002  a Jinja filter takes it by place
    """A time in UTC, to the second.

    >>> clock(1_500_000), clock(1_500_000, False)
    ('1 Jan 00:00:01', '00:00:01')
    """
    text = format_time(micros)
    hour = text[11:19]
    return f"{int(text[8:10])} {MONTHS[int(text[5:7]) - 1]} {hour}" if date else hour


def number(value: float) -> str:
    """A count with separators.

    >>> number(1234567)
    '1,234,567'
    """
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def percent(part: float, whole: float) -> str:
    """A share in per cent with one decimal, never rounded to nothing or to everything.

    >>> percent(1, 3), percent(1, 10_000), percent(9_999, 10_000), percent(0, 5), percent(1, 0)
    ('33.3 %', '< 0.1 %', '> 99.9 %', '0 %', '–')
    """
    if not whole:
        return "–"
    share = 100 * part / whole
    if share in {0, 100}:
        return f"{share:.0f}{_NARROW}%".replace(_NARROW, " ")
    if share < 0.1:
        return "< 0.1 %"
    return "> 99.9 %" if share > 99.9 else f"{share:.1f} %"


def words(name: str) -> str:
    """An identifier as people say it.

    >>> words("policy_manager")
    'policy manager'
    """
    return str(name).replace("_", " ")


def cost(micros: float) -> str:
    """What a signal cost.

    >>> cost(2), cost(48_000), cost(1_500_000)
    ('2 µs', '48 ms', '1.5 s')
    """
    for unit, size in (("s", 1_000_000), ("ms", 1_000)):
        if micros >= size:
            return f"{micros / size:.3g} {unit}"
    return f"{micros:.3g} µs"


def span(seconds: float) -> str:
    """A length of time.

    >>> span(30), span(600), span(7200), span(86400)
    ('30 s', '10 min', '2 h', '1 d')
    """
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:g} s"


def age(micros: float) -> str:
    """How long something has waited, as people say it.

    >>> age(90_000_000), age(7_300_000_000), age(200_000_000_000)
    ('1 min', '2 h', '2 d')
    """
    seconds = micros / 1_000_000
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return "under a minute"


def with_query(path: str, /, *given: Mapping[str, Any], **more: Any) -> str:
    """An address with the parameters that have a value.

    >>> with_query("/decisions", {"type": "comment", "actor": ""}, market="SG", cursor=None)
    '/decisions?type=comment&market=SG'
    """
    query: dict[str, Any] = {}
    for one in (*given, more):
        query.update(one)
    kept = {name: value for name, value in query.items() if value not in {None, ""}}
    return f"{path}?{urlencode(kept)}" if kept else path
