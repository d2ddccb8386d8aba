"""The JSON of Hasher-Matcher-Actioner (HMA): contents of a bank with their signals, as its API has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from seawall.core.clock import MICROS_PER_SECOND
from seawall.signals.bank.change import Item, hash_bytes, read_frame
from seawall.signals.bank.forms.model import Parsed
from seawall.signals.bank.forms.names import kind_named
from seawall.signals.bank.model import FOREVER, OWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from seawall.signals.bank.forms.model import Kept
    from seawall.signals.bank.model import Entry, HashKind, Hit

_DISABLED, _ENABLED = 0, 1  # what `disable_until_ts` means beside a time


def read_hma(content: bytes, kind: HashKind, common: Entry) -> Parsed:
    """A list of contents, one content, or one a line: `{"id": 7, "signals": {"pdq": "..."}, ...}`.

    What is posted to a bank's `/signal` (`{"pdq": "..."}`) is read too.
    """
    parsed = Parsed()
    try:
        told: Any = msgspec.json.decode(content)
        contents: list[Any] = msgspec.convert(told, list[Any]) if isinstance(told, list) else [told]
    except msgspec.DecodeError:
        contents = [*content.splitlines()]
    for number, each in enumerate(contents, start=1):
        try:
            one = msgspec.json.decode(each) if isinstance(each, bytes) else each
            _read(parsed, one, kind, common)
        except (ValueError, TypeError, msgspec.MsgspecError) as error:
            parsed.bad.append((number, str(error)))
    return parsed


def write_hma(kept: Iterable[Kept], kind: HashKind, bank: str) -> Iterator[bytes]:
    """A list of contents."""
    named = {"name": re.sub(r"[^A-Z0-9_]", "_", bank.upper()), "matching_enabled_ratio": 1.0}
    before = b"[\n"
    for number, (entry, hits) in enumerate(kept, start=1):
        yield before + msgspec.json.encode(
            {
                "id": int(entry.ref) if entry.ref.isascii() and entry.ref.isdigit() else number,
                "signals": {kind.name: _signal(hits, kind)},
                "disable_until_ts": _until(entry),
                "collab_metadata": {}
                if entry.source == OWN
                else {entry.source: [entry.ref] if entry.ref else []},
                "original_media_uri": None,
                "bank": named,
            }
        )
        before = b",\n"
    yield b"\n]\n" if before == b",\n" else b"[]\n"


def _read(parsed: Parsed, told: Any, kind: HashKind, common: Entry) -> None:
    one = msgspec.convert(told, dict[str, Any])
    signals: Mapping[str, Any] = one.get("signals", one if "id" not in one else {})
    wanted = [text for name, text in signals.items() if kind_named(name) == kind.name]
    parsed.elsewhere += len(signals) - len(wanted) if "signals" in one else not wanted
    if not wanted:
        return
    source = next(iter(one.get("collab_metadata") or ()), None)
    until = int(one.get("disable_until_ts", _ENABLED))
    entry = msgspec.structs.replace(
        common,
        source=common.source if source is None or common.source != OWN else str(source),
        ref=str(one["id"]) if "id" in one and kind.framed else common.ref,
        disabled_until={_ENABLED: 0, _DISABLED: FOREVER}.get(until, until * MICROS_PER_SECOND),
    )
    for text in wanted:
        if not kind.framed:
            parsed.items.append(Item(entry, (hash_bytes(text, kind),)))
            continue
        frames = [read_frame(each, kind) for each in msgspec.json.decode(str(text), type=list[str])]
        if not frames:
            raise ValueError("a video without frames")
        said = msgspec.structs.replace(entry, ref=entry.ref or frames[0][0].hex(), hashes=len(frames))
        parsed.items.append(Item(said, tuple(each[0] for each in frames), tuple(each[1:] for each in frames)))


def _signal(hits: list[Hit], kind: HashKind) -> str:
    if not kind.framed:
        return hits[0].hash.hex()
    frames = [f"{hit.hash.hex()},{hit.quality or 0},{(hit.at_ms or 0) / 1000:.3f}" for hit in hits]
    return msgspec.json.encode(frames).decode()


def _until(entry: Entry) -> int:
    if entry.disabled_until >= FOREVER:
        return _DISABLED
    return _ENABLED if entry.disabled_until <= 0 else -(-entry.disabled_until // MICROS_PER_SECOND)
