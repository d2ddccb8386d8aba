"""Decisions as rows of the lake: one typed column for what is filtered on, JSON text for the rest."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportUnknownLambdaType=false, reportMissingTypeArgument=false
# (pyarrow ships no types)
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa

from seawall.core.clock import format_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.core.event import Event
    from seawall.store.entry import Recorded

_TEXTS = pa.list_(pa.string())
_TIME = pa.timestamp("us")
SCHEMA = pa.schema(
    [
        ("decision_id", pa.string()),
        ("event_id", pa.string()),
        ("type", pa.string()),
        ("ts", _TIME),
        ("market", pa.string()),
        ("language", pa.string()),
        ("source", pa.string()),
        ("subject", pa.string()),
        ("actor", pa.string()),
        ("action", pa.string()),
        ("actions", pa.string()),  # JSON
        ("review", pa.string()),  # JSON
        ("reviewed", pa.bool_()),
        ("fired", _TEXTS),
        ("shadow", _TEXTS),
        ("undetermined", _TEXTS),
        ("signals", pa.string()),  # JSON: readings by name
        ("features", pa.string()),  # JSON
        ("project_version", pa.string()),
        ("effective_version", pa.string()),
        ("digest", pa.string()),
        ("round", pa.int32()),
        ("supersedes", pa.string()),
        ("final", pa.bool_()),
        ("audit", pa.bool_()),
        ("decided_at", _TIME),
        ("writer", pa.string()),
        ("ordinal", pa.int64()),  # rises in the order of arrival: ties within a microsecond are ordered by it
        ("event", pa.string()),  # JSON as it could be sent again; NULL once erased or dropped
        ("beneath", pa.string()),  # JSON
        ("content_version", pa.string()),
        ("because", _TEXTS),
    ]
)
"""The columns of the lake, in order. Columns are only ever added, at the end."""

_json = msgspec.json.encode


def table_of(records: Sequence[Recorded]) -> pa.Table:
    """The records as a table of the lake."""
    return pa.Table.from_pylist([_row(record) for record in records], schema=SCHEMA)


def as_sent(event: Event) -> dict[str, Any]:
    """An event as flat JSON, envelope and fields side by side, as a door would take it again."""
    document: dict[str, Any] = {"id": event.id, "type": event.type, "ts": format_time(event.ts)}
    for name in ("market", "locale", "language", "tz", "source", "available_in", "parties"):
        if value := getattr(event, name):
            document[name] = value
    return document | event.fields


def _row(record: Recorded) -> dict[str, Any]:
    one = record.decision
    return {
        "decision_id": one.decision_id,
        "event_id": one.event_id,
        "type": one.type,
        "ts": one.ts,
        "market": one.market,
        "language": one.language,
        "source": one.source,
        "subject": one.subject,
        "actor": one.actor,
        "action": one.action,
        "actions": _json(one.actions).decode(),
        "review": _json(one.review).decode(),
        "reviewed": bool(one.review),
        "fired": one.fired,
        "shadow": one.shadow,
        "undetermined": one.undetermined,
        "signals": _json(one.signals).decode(),
        "features": _json(one.features).decode(),
        "project_version": one.project_version,
        "effective_version": one.effective_version,
        "digest": one.digest,
        "round": one.round,
        "supersedes": one.supersedes,
        "final": one.final,
        "audit": one.audit,
        "decided_at": one.decided_at,
        "writer": record.writer,
        "ordinal": record.ordinal,
        "event": None if record.event is None else _json(as_sent(record.event)).decode(),
        "beneath": _json(one.beneath).decode(),
        "content_version": one.content_version,
        "because": one.because,
    }
