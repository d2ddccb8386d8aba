"""Measure: the numbers, each with its interval, n, method and rows; the promise beside the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.clock import MICROS_PER_SECOND
from seawall.measure.model import Rows, Window
from seawall.measure.query import rows_of
from seawall.serve.web.figures import duration, figure, rows_address
from seawall.serve.web.measured import measured
from seawall.serve.web.visit import Refused
from seawall.serve.web.window import short_time
from seawall.serve.web.words import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from seawall.serve.web.visit import Visit

CHOICES = {"24": "last 24 h", "168": "last 7 days", "672": "last 28 days"}
SHOWN = 500
"""Rows on a page of rows."""

_HOUR_US = 3_600 * MICROS_PER_SECOND
_LARGEST_INTEGER = 2**63
_SPAN = {"since": int, "until": int}
_QUERIES: Mapping[str, tuple[str, Mapping[str, type[int | str]]]] = {
    "precision": (
        "Labels of the random lane that measure one strategy",
        {"strategy": str, "policy": str, "version": str, **_SPAN},
    ),
    "touched_rows": ("What one strategy did", {"strategy": str, **_SPAN}),
    "leakage": ("Labels of what was drawn from everything", _SPAN),
    "flows": ("Decisions by type, market and language", {"since_minute": int, "until_minute": int}),
    "automation_rows": ("What was acted on", {"surface": str, "market": str, **_SPAN}),
    "time_to_verdict": ("Tasks and how long they waited", {"queue": str, "now": int, **_SPAN}),
    "time_to_platform": ("Messages and how long they were on their way", {"now": int, **_SPAN}),
    "backlog_rows": ("What is open in one queue", {"queue": str}),
    "sla_rows": ("Tasks that fell due", {"queue": str, **_SPAN}),
    "appealed": ("What people were told and could appeal", _SPAN),
}
"""What may be listed: a sentence, and the parameters with their types."""

_HIDDEN = frozenset({"reviewer", "holder"})  # numbers here are of machines and queues, never of a colleague
_TIMES = frozenset({"created", "due", "at", "starts", "ends", "decided_at"})
_FLAGS = frozenset({"machine", "violates", "same_policy", "done", "in_time", "reinstated"})
_SECONDS = frozenset({"waited"})
_DEFAULT = "168"


def draw(visit: Visit) -> Response:
    """The page."""
    hours = visit.query.get("hours", _DEFAULT)
    hours = hours if hours in CHOICES else _DEFAULT
    now = visit.live.clock.now()
    window = Window(now - int(hours) * _HOUR_US, now)
    return visit.page(
        "measure.html",
        title="Measure",
        hours=hours,
        choices=CHOICES,
        span={"from": short_time(window.since), "to": short_time(window.until)},
        found=measured(visit.live, window),
        lane=visit.live.project.random_lane,
        figure=figure,
        duration=duration,
        rows_address=rows_address,
    )


def draw_rows(visit: Visit) -> Response:
    """The rows behind one number."""
    name = visit.query.get("query", "")
    if name not in _QUERIES:
        raise Refused(404, "No such rows", "A number on the Measure page leads to its rows.")
    title, wanted = _QUERIES[name]
    rows = Rows(name, {each: _value(visit, each, kind) for each, kind in wanted.items()})
    with visit.live.store.ledger.read() as connection:
        found = rows_of(connection, rows)
    columns = [column for column in (found[0] if found else ()) if column not in _HIDDEN]
    return visit.page(
        "measure_rows.html",
        title=title,
        columns=columns,
        rows=[[(column, _cell(column, row[column])) for column in columns] for row in found[:SHOWN]],
        total=len(found),
        shown=SHOWN,
        asked={
            each: _cell(each, value) for each, value in rows.parameters.items() if value not in {"", None}
        },
    )


def _value(visit: Visit, name: str, kind: type[int | str]) -> int | str:
    text = visit.query.get(name, "")
    if kind is str:
        return text[:300].replace("\0", "")
    try:
        number = int(text)
    except ValueError:
        number = _LARGEST_INTEGER
    if abs(number) >= _LARGEST_INTEGER:
        raise Refused(400, "No such rows", f"{name} in the address is no time. Open the number once more.")
    return number


def _cell(column: str, value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool) or column in _FLAGS:  # SQLite keeps truths as 0 and 1
        return "yes" if value else "no"
    if column in {*_TIMES, "since", "until", "now"} and isinstance(value, int):
        return clock(value)
    if column.endswith("_minute") and isinstance(value, int):
        return clock(value * 60 * MICROS_PER_SECOND)
    if column in _SECONDS and isinstance(value, int):
        return duration(max(0, value) / MICROS_PER_SECOND)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
