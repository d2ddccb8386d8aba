"""Decisions on which nothing fired, written in bulk: the same lines and records as one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from seawall.core.decision import Decision, Reading
from seawall.features import NULLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from seawall.decide.engine import Engine
    from seawall.features import Answer
    from seawall.ingest.take_lines import Rows

_OWN = (
    "decision_id", "event_id", "ts", "market", "language", "source",
    "subject", "actor", "digest", "decided_at", "features",
)  # fmt: skip
_json = msgspec.json.Encoder().encode
_pack = msgspec.msgpack.Encoder().encode
_SMALL = 1_024
_NULLS = [Reading(null=null) for null in NULLS]
_NULL_TEXTS = [_json(reading).decode() for reading in _NULLS]


class Plain:
    """Writes the plain decisions of one event type under one engine.

    Attributes:
        shared: what all of them have in common, in msgpack.
    """

    def __init__(self, engine: Engine, event_type: str, features: Sequence[str]) -> None:
        self._type = engine.project.events[event_type]
        self._features = tuple(features)
        self._shared = Decision(
            decision_id="",
            event_id="",
            type=event_type,
            ts=0,
            features={name: Reading() for name in features},
            project_version=engine.project.version,
            effective_version=engine.effective_version,
            audit_probability=engine.sample.probability,
        )
        self.shared = _pack(self._shared)
        self._line = "".join(self._pieces()) + "\n"
        self._small = [f'{{"value":{value}}}' for value in range(_SMALL)]

    def write(
        self,
        rows: Rows,
        answers: dict[str, Answer],
        which: NDArray[np.intp],
        ids: Sequence[str],
        now: int | None,
    ) -> tuple[list[str], list[bytes]]:
        """JSON lines, and records as `seawall.store.brief.Own`.

        Args:
            rows: events of the type.
            answers: their features.
            which: those that are plain, shape (decisions,).
            ids: of the decisions on all rows.
            now: the clock; None: each event's own time.
        """
        chosen = None if len(which) == len(rows.rows) else which.tolist()

        def column(name: str) -> Sequence[Any]:
            return _chosen(rows.column(name).values, chosen)

        times = rows.column("ts").numbers.values[which]
        event_ids, sources, digests = column("id"), column("source"), _chosen(rows.digests, chosen)
        markets, languages = column("market"), column("language")
        subjects = [str(each) for each in column(self._type.subject)]
        actors = [None] * len(which) if self._type.actor is None else column(self._type.actor)
        actors = [None if each is None else str(each) for each in actors]
        decided = times.tolist() if now is None else [now] * len(which)
        decision_ids = _chosen(ids, chosen)
        readings = [self._told(answers[name], which) for name in self._features]
        written = _written(times)
        decided_written = written if now is None else _written(np.full(len(which), now))
        texts = zip(
            decision_ids, _quoted(event_ids), written, _quoted(markets), _quoted(languages), _quoted(sources),
            _quoted(subjects), _quoted(actors), *(text for text, _ in readings), digests, decided_written,
            strict=True,
        )  # fmt: skip
        lines = [self._line % row for row in texts]
        values = zip(*(value for _, value in readings), strict=True) if readings else ((),) * len(which)
        own = zip(
            decision_ids, event_ids, times.tolist(), markets, languages, sources,
            subjects, actors, digests, decided, values, strict=True,
        )  # fmt: skip
        return lines, list(map(_pack, own))

    def _pieces(self) -> Iterable[str]:
        """The line, with %s where a decision has its own; features come in the order of their names."""
        begin = "{"
        for name in Decision.__struct_fields__:
            yield f'{begin}"{name}":'
            begin = ","
            if name == "features":
                inner = ",".join(f'"{feature}":%s' for feature in self._features)
                yield "{" + inner + "}"
            elif name in ("decision_id", "ts", "digest", "decided_at"):
                yield '"%s"'
            elif name in _OWN:
                yield "%s"
            else:
                yield _json(getattr(self._shared, name)).decode().replace("%", "%%")
        yield "}"

    def _told(self, answer: Answer, which: NDArray[np.intp]) -> tuple[list[str], list[Any]]:
        """A feature as JSON, and as its record has it."""
        nulls: list[int] = answer.nulls[which].tolist()
        values: list[Any] = answer.values[which].tolist()
        small = self._small
        texts: list[str]
        if answer.values.dtype == np.int64 and (not len(values) or 0 <= min(values) <= max(values) < _SMALL):
            texts = [small[value] for value in values]
        else:
            texts = [_json(Reading(value)).decode() for value in values]
        if any(nulls):
            for place, null in enumerate(nulls):
                if null:
                    reading = _NULLS[null]
                    texts[place], values[place] = _NULL_TEXTS[null], reading
        return texts, values


def _chosen(values: Sequence[Any], places: list[int] | None) -> Sequence[Any]:
    return values if places is None else [values[place] for place in places]


def _written(times: NDArray[np.int64]) -> list[str]:
    """`format_time` of each."""
    listed: list[str] = np.datetime_as_string(times.astype("M8[us]"), unit="us").tolist()
    return [each + "Z" for each in listed]


def _quoted(texts: Sequence[Any]) -> list[str]:
    """Each as JSON."""
    distinct = set(texts)
    if None in distinct or len(distinct) * 8 < len(texts):
        known = {text: _json(text).decode() for text in distinct}
        return [known[text] for text in texts]
    joined = "".join(distinct)
    if len(_json(joined)) == len(joined.encode()) + 2:
        return [f'"{text}"' for text in texts]
    return [_json(text).decode() for text in texts]
