"""What python-threatexchange prints and keeps: `dataset -P --csv`, its `.te` files, descriptors in JSON."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import msgspec

from seawall.core.clock import parse_time
from seawall.signals.bank.change import Item, hash_bytes
from seawall.signals.bank.forms.model import Parsed
from seawall.signals.bank.forms.names import CATEGORIES, SPECIAL_TAGS, STATUSES, kind_named
from seawall.signals.bank.model import OWN, Opinion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from seawall.signals.bank.forms.model import Kept
    from seawall.signals.bank.model import Entry, HashKind

_ZONE = re.compile(r"([+-]\d\d)(\d\d)$")  # +0000, which RFC 3339 writes +00:00

COLUMNS = ("signal_type", "signal_str", "collab", "category", "tags")


def read_threatexchange(content: bytes, kind: HashKind, common: Entry) -> Parsed:
    """Any of the three, told apart by how it begins."""
    text = content.decode("utf-8-sig", "replace")
    if text.lstrip()[:1] in ("{", "["):
        return _descriptors(text, kind, common)
    rows = csv.reader(io.StringIO(text, newline=""))
    first = next(rows, list[str]())
    if tuple(first) == COLUMNS:
        return _dataset(rows, kind, common)
    return _rollups([first, *rows] if first else [], kind, common)


def write_threatexchange(kept: Iterable[Kept], kind: HashKind, bank: str) -> Iterator[bytes]:
    """The CSV that `threatexchange dataset -P --csv` prints."""
    categories = {opinion: name for name, opinion in CATEGORIES.items()}
    yield _row(COLUMNS)
    for entry, hits in kept:
        collab = bank if entry.source == OWN else entry.source
        for hit in hits:
            category = categories[entry.opinion]
            yield _row((kind.name, hit.hash.hex(), collab, category, " ".join(entry.tags)))


def _row(cells: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()


def _dataset(rows: Iterable[list[str]], kind: HashKind, common: Entry) -> Parsed:
    parsed = Parsed()
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        if len(row) != len(COLUMNS):
            parsed.bad.append((number, f"there are {len(row)} cells, not {len(COLUMNS)}"))
        elif kind_named(row[0]) != kind.name:
            parsed.elsewhere += 1
        elif row[3] not in CATEGORIES:
            parsed.bad.append((number, f"{row[3]!r} is no category: {', '.join(CATEGORIES)}"))
        else:
            source = row[2] if common.source == OWN else common.source
            said = msgspec.structs.replace(
                common, source=source or common.source, opinion=CATEGORIES[row[3]], tags=tuple(row[4].split())
            )
            _put(parsed, number, row[1], said, kind)
    return parsed


def _rollups(rows: Iterable[list[str]], kind: HashKind, common: Entry) -> Parsed:
    """hash[, indicator], descriptor, added on, labels: the name of the file says of which kind they are."""
    parsed = Parsed()
    for number, row in enumerate(rows, start=1):
        if not row:
            continue
        if len(row) not in (4, 5):
            parsed.bad.append((number, f"there are {len(row)} cells, not 4 or 5"))
            continue
        opinion, tags = _labels(row[-1].split())
        said = msgspec.structs.replace(common, opinion=opinion, tags=tags)
        _put(parsed, number, row[0], said, kind)
    return parsed


def _descriptors(text: str, kind: HashKind, common: Entry) -> Parsed:
    parsed = Parsed()
    try:
        told: Any = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return _descriptor_lines(text, kind, common)
    if isinstance(told, dict):
        page = msgspec.convert(told, dict[str, Any])
        told = page.get("data", [page])
    for number, one in enumerate(msgspec.convert(told, list[Any]), start=1):
        _descriptor(parsed, number, one, kind, common)
    return parsed


def _descriptor_lines(text: str, kind: HashKind, common: Entry) -> Parsed:
    parsed = Parsed()
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            _descriptor(parsed, number, msgspec.json.decode(line), kind, common)
        except msgspec.DecodeError as error:
            parsed.bad.append((number, f"this is not JSON: {error}"))
    return parsed


def _descriptor(parsed: Parsed, number: int, one: Any, kind: HashKind, common: Entry) -> None:
    try:
        said = msgspec.convert(one, dict[str, Any])
        tags = _tags(said.get("tags"))
        owner = msgspec.convert(said.get("owner") or {}, dict[str, Any])
    except msgspec.ValidationError as error:
        parsed.bad.append((number, f"this is no descriptor: {error}"))
        return
    if kind_named(str(said.get("type", ""))) != kind.name:
        parsed.elsewhere += 1
        return
    opinion, rest = _labels(tags)
    status = STATUSES.get(str(said.get("status", "MALICIOUS")), Opinion.UNCONFIRMED)
    if opinion is Opinion.TRUE_POSITIVE:
        opinion = status
    source = str(owner.get("name") or owner.get("id") or "") if common.source == OWN else common.source
    entry = msgspec.structs.replace(
        common,
        source=source or common.source,
        opinion=opinion,
        tags=rest,
        share=common.share and said.get("share_level", "GREEN") != "RED",
        added_at=_moment(said.get("added_on")) or common.added_at,
    )
    _put(parsed, number, said.get("raw_indicator") or said.get("indicator"), entry, kind)


def _tags(told: Any) -> list[str]:
    """As descriptors have them: a list of words, or of objects under `data`."""
    if isinstance(told, dict):
        page = msgspec.convert(told, dict[str, Any])
        return [each.get("text", "") for each in msgspec.convert(page.get("data", []), list[dict[str, str]])]
    return msgspec.convert(told or [], list[str])


def _labels(labels: Sequence[str]) -> tuple[Opinion, tuple[str, ...]]:
    """The opinion among some tags, and the others."""
    special = next((each for each in SPECIAL_TAGS if each in labels), "true_positive")
    return Opinion(special), tuple(sorted({each for each in labels if each and each not in SPECIAL_TAGS}))


def _moment(text: object) -> int | None:
    try:
        return parse_time(_ZONE.sub(r"\1:\2", str(text)))
    except ValueError:
        return None


def _put(parsed: Parsed, number: int, text: object, entry: Entry, kind: HashKind) -> None:
    try:
        parsed.items.append(Item(entry, (hash_bytes(text, kind),)))
    except ValueError as error:
        parsed.bad.append((number, str(error)))
