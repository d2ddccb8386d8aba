"""What a batch asks of the state: requests that one owner answers, or several, each for keys of its own.

Everything here works from the definitions alone and keeps nothing, so that any process can do it for the
events it has decoded. Who owns a key is the same in every process.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from seawall.features.aggregate import keep
from seawall.features.functions import NUMERIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from seawall.core.columns import Codes, Column
    from seawall.core.types import Value
    from seawall.features.batch import Batch, Part
    from seawall.features.model import Definition, Key


@dataclass(frozen=True, slots=True)
class Request:
    """One feature asked for some events of a batch. Its arrays have the shape (requests,).

    Attributes:
        rows: places in the batch, rising.
        codes: places of their keys in `distinct`; int32.
        distinct: keys, each once.
        counted: where the event counts: it passes the filter and has what is counted. None: everywhere.
        values: what is counted, int64 as `aggregate.keep` keeps it, or places in `vocabulary`; None where the
            feature looks at no value; anything where `counted` is False.
        vocabulary: values that are counted apart, some perhaps twice.
    """

    rows: NDArray[np.intp]
    codes: NDArray[np.int32]
    distinct: list[Key]
    counted: NDArray[np.bool_] | None
    values: NDArray[np.int64] | None
    vocabulary: list[Value] | None


@dataclass(frozen=True, slots=True)
class Requests:
    """All that one batch asks of one owner.

    Attributes:
        ts: of every event of the batch, whoever is asked about it; shape (events,), int64.
        by_feature: by fingerprint.
    """

    ts: NDArray[np.int64]
    by_feature: dict[str, Request]


def ask(definitions: Sequence[Definition], batch: Batch, *, owners: int = 1) -> list[Requests]:
    """The requests of a batch, for each owner its own.

    Args:
        definitions: the features; all processes must have the same.
        batch: events in the order they arrived.
        owners: how many share the keys of every feature between them.
    """
    keys: dict[tuple[int, tuple[str, ...]], Codes] = {}
    hashes: dict[int, NDArray[np.uint32]] = {}
    asked: list[dict[str, Request]] = [{} for _ in range(owners)]
    for definition in definitions:
        request = _request(definition, batch, keys)
        if request is None:
            continue
        if owners == 1:
            asked[0][definition.spec.fingerprint] = request
            continue
        hashed = hashes.get(id(request.distinct))
        if hashed is None:
            hashed = hashes[id(request.distinct)] = _hashed(request.distinct)
        salt = np.uint32(crc32(definition.spec.fingerprint.encode()))
        for owner, part in _split(request, (hashed ^ salt) % np.uint32(owners)):
            asked[owner][definition.spec.fingerprint] = part
    return [Requests(batch.ts, by_feature) for by_feature in asked]


def _request(
    definition: Definition, batch: Batch, keys: dict[tuple[int, tuple[str, ...]], Codes]
) -> Request | None:
    spec = definition.spec
    found = [
        _of_part(definition, part, _keys(nth, part, spec.by, keys))
        for nth, part in enumerate(batch.parts)
        if part.columns.type in spec.on and len(part.rows)
    ]
    if len(found) < 2:
        return found[0] if found else None
    return _in_order(found)


def _in_order(found: list[Request]) -> Request:
    """The requests of several event types as one, in the order of arrival."""
    rows = np.concatenate([each.rows for each in found])
    order = np.argsort(rows, kind="stable")
    places: dict[Key, int] = {}
    codes: list[NDArray[np.int32]] = []
    for each in found:
        own = np.array([places.setdefault(key, len(places)) for key in each.distinct], np.int32)
        codes.append(own[each.codes] if len(own) else each.codes)
    counted = None
    if any(each.counted is not None for each in found):
        counted = np.concatenate([_counts(each) for each in found])[order]
    values: NDArray[np.int64] | None = None
    vocabulary: list[Value] | None = None
    if found[0].vocabulary is not None:
        vocabulary = []
        coded: list[NDArray[np.int64]] = []
        for each in found:
            coded.append(each.values + len(vocabulary))  # type: ignore[operator] -- a vocabulary comes with values
            vocabulary += each.vocabulary or []
        values = np.concatenate(coded)[order]
    elif found[0].values is not None:
        values = np.concatenate([each.values for each in found if each.values is not None])[order]
    return Request(rows[order], np.concatenate(codes)[order], list(places), counted, values, vocabulary)


def _counts(request: Request) -> NDArray[np.bool_]:
    return np.ones(len(request.rows), np.bool_) if request.counted is None else request.counted


def _of_part(definition: Definition, part: Part, keys: Codes) -> Request:
    """One feature asked of the events of one type, those without a key left out."""
    columns, spec = part.columns, definition.spec
    if spec.source is not None:
        return _of_people(part, keys)
    counted = None if definition.passes_columns is None else definition.passes_columns(columns)
    values, vocabulary = None, None
    if spec.argument is not None:
        argument = columns[spec.argument]
        if spec.function in NUMERIC:
            values, known = keep(spec, argument)
        elif spec.function in {"count_distinct", "company"}:
            coded = argument.codes
            values, vocabulary, known = coded.codes.astype(np.int64), coded.distinct, coded.codes >= 0
        else:
            known = argument.known
        if not known.all():
            counted = known if counted is None else counted & known
    rows, codes = part.rows, keys.codes
    has_key = codes >= 0
    if not has_key.all():
        rows, codes = rows[has_key], codes[has_key]
        counted = None if counted is None else counted[has_key]
        values = None if values is None else values[has_key]
    return Request(rows, codes, keys.distinct, counted, values, vocabulary)  # type: ignore[arg-type] -- a key is a value


def _of_people(part: Part, keys: Codes) -> Request:
    """A feature of what people decide: events count nothing, and read where they have a key."""
    has_key = keys.codes >= 0
    rows, codes = part.rows[has_key], keys.codes[has_key]
    return Request(rows, codes, keys.distinct, np.zeros(len(rows), np.bool_), None, None)  # type: ignore[arg-type] -- a key is a value


def _keys(nth: int, part: Part, by: tuple[str, ...], keys: dict[tuple[int, tuple[str, ...]], Codes]) -> Codes:
    found = keys.get((nth, by))
    if found is None:
        found = keys[nth, by] = _joined([part.columns[name] for name in by])
    return found


def _joined(columns: list[Column]) -> Codes:
    """Codes of one column, or of tuples of several; -1 where any of them is NULL."""
    first = columns[0].codes
    if len(columns) == 1:
        return first
    codes, size = first.codes.astype(np.int64), len(first.distinct)
    null = codes < 0
    for column in columns[1:]:
        more = column.codes
        null |= more.codes < 0
        codes = codes * (len(more.distinct) + 1) + more.codes
        size *= len(more.distinct) + 1
        assert size < 2**62
    codes[null] = -1
    wanted, first_rows, places = np.unique(codes, return_index=True, return_inverse=True)
    absent = int(len(wanted) > 0 and wanted[0] == -1)
    parts = [column.codes for column in columns]
    distinct = [
        tuple([part.distinct[part.codes[row]] for part in parts]) for row in first_rows[absent:].tolist()
    ]
    return type(first)((places - absent).astype(np.int32), distinct)  # type: ignore[arg-type] -- tuples of keys


def _hashed(distinct: list[Key]) -> NDArray[np.uint32]:
    return np.array([_hash(key) for key in distinct], np.uint32)


def _hash(key: Key) -> int:
    """The same in every process, and the same for keys that are equal: 1, 1.0 and True are.

    >>> _hash("ann") == _hash("ann"), _hash(1) == _hash(1.0)
    (True, True)
    """
    if isinstance(key, str):
        return crc32(key.encode("utf-8", "surrogatepass"))
    if isinstance(key, tuple):
        return crc32(b"".join(_hash(part).to_bytes(4, "little") for part in key))
    return hash(key) & 0xFFFFFFFF  # of numbers; Python salts only the hashes of text


def _split(request: Request, owner: NDArray[Any]) -> list[tuple[int, Request]]:
    parts: list[tuple[int, Request]] = []
    mine_of = owner[request.codes]
    for each in np.unique(mine_of).tolist():
        places = np.flatnonzero(mine_of == each)
        used, codes = np.unique(request.codes[places], return_inverse=True)
        part = Request(
            rows=request.rows[places],
            codes=codes.astype(np.int32),
            distinct=[request.distinct[code] for code in used.tolist()],
            counted=None if request.counted is None else request.counted[places],
            values=None if request.values is None else request.values[places],
            vocabulary=request.vocabulary,
        )
        parts.append((each, part))
    return parts


def reads_of(definitions: Sequence[Definition], event_type: str) -> frozenset[str]:
    """Names of the columns that a batch must bring of this event type."""
    names: set[str] = set()
    for definition in definitions:
        spec = definition.spec
        if event_type in spec.on:
            names.update(spec.by)
            if spec.source is None:
                names.update(definition.reads, () if spec.argument is None else (spec.argument,))
    return frozenset(names)
