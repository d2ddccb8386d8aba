"""Lists of hashes, one a line, and lines of JSON as a bank's changes have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from seawall.core.errors import UsageError
from seawall.signals.bank.change import Item, entry_of_line, hash_bytes, line_of
from seawall.signals.bank.forms.model import Parsed
from seawall.signals.bank.forms.names import kind_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seawall.signals.bank.forms.model import Kept
    from seawall.signals.bank.model import Entry, HashKind


def read_list(content: bytes, kind: HashKind, common: Entry) -> Parsed:
    """One hash a line, alone or behind the name of its kind, as python-threatexchange reads local files."""
    parsed = Parsed()
    for number, raw in enumerate(content.splitlines(), start=1):
        words = raw.decode("utf-8", "replace").split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) == 2 and kind_named(words[0]) != kind.name:
            parsed.elsewhere += 1
            continue
        try:
            parsed.items.append(Item(common, (hash_bytes(words[-1], kind),)))
        except ValueError as error:
            parsed.bad.append((number, str(error)))
    return parsed


def write_list(kept: Iterable[Kept], kind: HashKind, bank: str) -> Iterator[bytes]:
    """Every hash, behind the name of its kind."""
    del bank
    for _, hits in kept:
        for hit in hits:
            yield f"{kind.name} {hit.hash.hex()}\n".encode()


def read_lines(content: bytes, kind: HashKind, common: Entry) -> Parsed:
    """Lines of JSON."""
    parsed = Parsed()
    usual = msgspec.to_builtins(common)
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            said = msgspec.json.decode(line, type=dict[str, Any])
            parsed.items.append(entry_of_line(said, kind, usual))
        except (ValueError, msgspec.DecodeError, UsageError) as error:
            parsed.bad.append((number, str(error)))
    return parsed


def write_lines(kept: Iterable[Kept], kind: HashKind, bank: str) -> Iterator[bytes]:
    """The same, with everything that is known."""
    del bank
    for entry, hits in kept:
        hashes = tuple(hit.hash for hit in hits)
        frames = tuple((hit.quality or 0, hit.at_ms or 0) for hit in hits) if kind.framed else ()
        yield line_of(Item(entry, hashes, frames)) + b"\n"
