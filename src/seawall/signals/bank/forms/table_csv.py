"""A table with a header: a hash and whatever is known of it, for spreadsheets and people."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import msgspec

from seawall.core.clock import format_time, parse_time
from seawall.signals.bank.change import Item, hash_bytes
from seawall.signals.bank.forms.model import Parsed
from seawall.signals.bank.model import FOREVER, Opinion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from seawall.signals.bank.forms.model import Kept
    from seawall.signals.bank.model import Entry, HashKind

COLUMNS = ("hash", "source", "opinion", "ref", "clause", "tags", "added_at", "added_by", "expires",
           "disabled_until", "share")  # fmt: skip
_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False, "": False}


def read_csv(content: bytes, kind: HashKind, common: Entry) -> Parsed:
    """The column `hash`, and any of the others; times in RFC 3339, tags with spaces between them."""
    parsed = Parsed()
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""))
    head = [cell.strip().lower() for cell in next(rows, list[str]())]
    unknown = [name for name in head if name not in COLUMNS]
    if "hash" not in head or unknown:
        wrong = f"there is no column {unknown[0]!r}" if unknown else "a column must be called hash"
        parsed.bad.append((1, f"{wrong}; the columns are {', '.join(COLUMNS)}"))
        return parsed
    for row in rows:
        if not any(row):
            continue
        try:
            said = dict(zip(head, (cell.strip() for cell in row), strict=True))
            entry = _entry({name: text for name, text in said.items() if text}, common)
            parsed.items.append(Item(entry, (hash_bytes(said["hash"], kind),)))
        except ValueError as error:
            parsed.bad.append((rows.line_num, str(error)))
    return parsed


def write_csv(kept: Iterable[Kept], kind: HashKind, bank: str) -> Iterator[bytes]:
    """Every hash with everything that is known of it."""
    del kind, bank
    yield _row(COLUMNS)
    for entry, hits in kept:
        said = (entry.source, entry.opinion.value, entry.ref, entry.clause, " ".join(entry.tags),
                _time(entry.added_at), entry.added_by, _time(entry.expires), _time(entry.disabled_until),
                "true" if entry.share else "false")  # fmt: skip
        for hit in hits:
            yield _row((hit.hash.hex(), *said))


def _entry(said: Mapping[str, str], common: Entry) -> Entry:
    share = said.get("share", "")
    if share.lower() not in _YES:
        raise ValueError(f"share is true or false, not {share!r}")
    plain = {name: said[name] for name in ("source", "ref", "clause", "added_by") if name in said}
    times = {
        name: _read_time(said[name]) for name in ("added_at", "expires", "disabled_until") if name in said
    }
    entry = msgspec.structs.replace(common, **plain, **times)
    if "opinion" in said:
        if said["opinion"] not in [each.value for each in Opinion]:
            raise ValueError(f"{said['opinion']!r} is no opinion: {', '.join(Opinion)}")
        entry = msgspec.structs.replace(entry, opinion=Opinion(said["opinion"]))
    if "tags" in said:
        entry = msgspec.structs.replace(entry, tags=tuple(said["tags"].split()))
    return msgspec.structs.replace(entry, share=_YES[share.lower()]) if share else entry


def _read_time(text: str) -> int:
    return FOREVER if text == "never" else parse_time(text)


def _time(moment: int) -> str:
    return "" if moment == 0 or moment > FOREVER else "never" if moment == FOREVER else format_time(moment)


def _row(cells: tuple[str, ...]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(cells)
    return out.getvalue().encode()
