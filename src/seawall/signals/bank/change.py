"""What comes into a bank or goes, as one file of lines that is named by its digest and never changes.

    {"form": "seawall-bank-change/1", "bank": "known", "hash": "pdq", "do": "add", "count": 3, "common": {}}
    0f0f...                                            a hash about which there is no more to say
    {"hash": "f0f0...", "ref": "case 12", "share": true}
    {"ref": "clip 7", "frames": ["0f0f...,87,0.000", "0f0e...,90,0.100"]}
    {"hash": "00ff..."} or {"ref": "clip 7"}, with a source or of any         where `do` is `remove`

`common` is what every entry says unless it says otherwise. Frames are written as vPDQ writes them: the hash,
its quality and the second.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import numpy as np

from seawall.core.errors import UsageError
from seawall.core.hamming import as_words
from seawall.signals.bank.model import HASH_KINDS, Entry, HashKind
from seawall.signals.bank.rows import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

FORM = "seawall-bank-change/1"
MOST_FRAMES = 1_000_000
_PLAIN: Mapping[str, Any] = MappingProxyType(
    {
        name: msgspec.to_builtins(getattr(Entry(), name))
        for name in Entry.__struct_fields__
        if name != "hashes"
    }
)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first line."""

    form: str = FORM
    bank: str
    hash: str
    do: Literal["add", "remove"]
    count: int
    common: Entry = Entry()


@dataclass(frozen=True, slots=True)
class Added:
    """Entries and their hashes, in order.

    Attributes:
        words: shape (hashes, words).
        note: of each hash the place of its entry in `entries`; int32.
        entries: an entry that says no more than others may stand once for many hashes.
        quality: of each hash; uint8.
        at_ms: of each hash; uint32.
    """

    words: NDArray[np.uint64]
    note: NDArray[np.int32]
    entries: list[Entry]
    quality: NDArray[np.uint8]
    at_ms: NDArray[np.uint32]


class Removal(msgspec.Struct, frozen=True, omit_defaults=True):
    """What goes: everything of a hash or name, of one source or of all."""

    hash: str = ""
    ref: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one bank; exactly one of both is there."""

    head: Head
    added: Added | None = None
    removed: tuple[Removal, ...] = field(default=())


def digest_of(content: bytes) -> str:
    """The name of a change: SHA-256 of its file."""
    return hashlib.sha256(content).hexdigest()


def removal(bank: str, kind: HashKind, removed: Sequence[Removal]) -> bytes:
    """A change that takes entries out of a bank."""
    head = Head(bank=bank, hash=kind.name, do="remove", count=len(removed))
    return b"\n".join([_encode(head), *map(_encode, removed), b""])


def addition(bank: str, kind: HashKind, items: Sequence[Item], common: Entry) -> bytes:
    """A change that puts entries into a bank."""
    head = Head(bank=bank, hash=kind.name, do="add", count=len(items), common=common)
    return b"\n".join([_encode(head), *(_line(item, common) for item in items), b""])


def hash_lines(bank: str, kind: HashKind, content: bytes, common: Entry) -> bytes | None:
    """A change of hashes about which there is no more to say, where a file is just that, one a line.

    None where it is anything else. Ten million take a second, and no memory for each.
    """
    body = content if content.endswith(b"\n") else content + b"\n"
    if kind.framed or _plain(body, kind) is None:
        return None
    head = Head(bank=bank, hash=kind.name, do="add", count=body.count(b"\n"), common=common)
    return _encode(head) + b"\n" + body


class Item(msgspec.Struct, frozen=True):
    """One entry with its hashes; of a framed kind each with (quality, milliseconds)."""

    entry: Entry
    hashes: tuple[bytes, ...]
    frames: tuple[tuple[int, int], ...] = ()


def read_change(content: bytes) -> Change:
    """A change as its file has it.

    Raises:
        UsageError: the file is none; says the line.
    """
    first, _, rest = content.partition(b"\n")
    try:
        head = msgspec.json.decode(first, type=Head)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"line 1 is not the head of a bank's change: {error}") from error
    kind = HASH_KINDS.get(head.hash)
    if head.form != FORM or kind is None:
        raise UsageError(f"line 1 says {head.form!r} of {head.hash!r}, which this version does not read")
    if head.do == "remove":
        return Change(head, removed=tuple(_removals(rest, kind)))
    plain = _plain(rest, kind)
    if plain is not None:
        count = len(plain)
        nothing = np.zeros(count, np.uint32)
        unknown = np.full(count, UNKNOWN, np.uint8)
        return Change(head, Added(plain, np.zeros(count, np.int32), [head.common], unknown, nothing))
    return Change(head, _entries(rest, kind, head.common))


def _encode(value: msgspec.Struct) -> bytes:
    return msgspec.json.encode(value)


def line_of(item: Item, common: Entry = Entry()) -> bytes:  # noqa: B008  frozen
    """An entry as a line, without what `common` says already."""
    said, usual = msgspec.to_builtins(item.entry), msgspec.to_builtins(common)
    more = {
        name: said.get(name, plain)
        for name, plain in _PLAIN.items()
        if said.get(name, plain) != usual.get(name, plain)
    }
    if not item.frames and len(item.hashes) == 1:
        hash_ = item.hashes[0].hex()
        return _json({"hash": hash_, **more})
    if item.frames:
        pairs = zip(item.hashes, item.frames, strict=True)
        frames = [f"{each.hex()},{quality},{at_ms / 1000:.3f}" for each, (quality, at_ms) in pairs]
        return _json({**more, "frames": frames})
    return _json({**more, "turns": [each.hex() for each in item.hashes]})


def _line(item: Item, common: Entry) -> bytes:
    if not item.frames and len(item.hashes) == 1 and item.entry == common:
        return item.hashes[0].hex().encode()
    return line_of(item, common)


def entry_of_line(said: dict[str, Any], kind: HashKind, usual: Mapping[str, Any]) -> Item:
    """The entry that a line of JSON speaks of.

    Args:
        said: the line; what names hashes is taken out of it.
        kind: of the hashes.
        usual: what it says unless it says otherwise, as JSON.

    Raises:
        ValueError: it names no hashes of that kind, or is no entry.
    """
    hashes, frames = _hashes(said, kind)
    entry = msgspec.convert({**usual, **said, "hashes": len(hashes)}, Entry)
    if (len(hashes) > 1 or kind.framed) and not entry.ref:
        entry = msgspec.structs.replace(entry, ref=hashes[0].hex())
    return Item(entry, tuple(hashes), tuple(frames) if kind.framed else ())


def _json(said: dict[str, Any]) -> bytes:
    return msgspec.json.encode(said)


def _removals(rest: bytes, kind: HashKind) -> Iterator[Removal]:
    for number, line in enumerate(rest.splitlines(), start=2):
        try:
            read = msgspec.json.decode(line, type=Removal)
            if read.hash:
                hash_bytes(read.hash, kind)
            yield read
        except (msgspec.DecodeError, ValueError) as error:
            raise UsageError(f"line {number} is nothing to remove: {error}") from error


def _plain(rest: bytes, kind: HashKind) -> NDArray[np.uint64] | None:
    """The hashes, where the file has nothing but lines of one hash each: millions a second."""
    width = 2 * kind.bytes + 1
    if not rest or len(rest) % width or kind.framed:
        return None
    table = np.frombuffer(rest, np.uint8).reshape(-1, width)
    if (table[:, -1] != ord("\n")).any():
        return None
    digits = _DIGITS[table[:, :-1]]
    if (digits > 15).any():
        return None
    raw = digits[:, 0::2] << 4 | digits[:, 1::2]
    return as_words(raw.tobytes(), kind.bytes)


def _entries(rest: bytes, kind: HashKind, common: Entry) -> Added:
    usual: dict[str, Any] = msgspec.to_builtins(common)
    raw: list[bytes] = []
    notes: list[int] = []
    entries: list[Entry] = [common]
    quality: list[int] = []
    at_ms: list[int] = []
    for number, line in enumerate(rest.splitlines(), start=2):
        try:
            if line.startswith(b"{"):
                item = entry_of_line(msgspec.json.decode(line, type=dict[str, Any]), kind, usual)
                entries.append(item.entry)
                place = len(entries) - 1
            else:
                item, place = Item(common, (hash_bytes(line.decode("ascii"), kind),)), 0
        except (ValueError, msgspec.DecodeError) as error:
            raise UsageError(f"line {number} is no entry of {kind.name} hashes: {error}") from error
        frames = item.frames or ((UNKNOWN, 0),) * len(item.hashes)
        raw.extend(item.hashes)
        notes.extend([place] * len(item.hashes))
        quality.extend(each[0] for each in frames)
        at_ms.extend(each[1] for each in frames)
    return Added(
        as_words(b"".join(raw), kind.bytes),
        np.array(notes, np.int32),
        entries,
        np.array(quality, np.uint8),
        np.array(at_ms, np.uint32),
    )


def _hashes(said: dict[str, Any], kind: HashKind) -> tuple[list[bytes], list[tuple[int, int]]]:
    """Takes what names hashes out of a line."""
    if (frames := said.pop("frames", None)) is not None:
        if not kind.framed:
            raise ValueError("only vpdq entries have frames")
        read = [read_frame(each, kind) for each in frames]
        if not 0 < len(read) <= MOST_FRAMES:
            raise ValueError(f"a video has 1 to {MOST_FRAMES:,} frames")
        return [each[0] for each in read], [(each[1], each[2]) for each in read]
    if kind.framed:
        raise ValueError("a video has frames")
    texts = said.pop("turns", None)
    if texts is None:
        texts = [said.pop("hash", "")]
    hashes = [hash_bytes(each, kind) for each in texts]
    if not hashes:
        raise ValueError("there is no hash")
    return hashes, [(UNKNOWN, 0)] * len(hashes)


def hash_bytes(text: object, kind: HashKind) -> bytes:
    """The bytes of a hash in hexadecimal.

    Raises:
        ValueError: it is none of that kind; says why.
    """
    if not isinstance(text, str) or len(text) != 2 * kind.bytes:
        raise ValueError(
            f"a {kind.name} hash has {2 * kind.bytes} hexadecimal digits, not {str(text)[:80]!r}"
        )
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != kind.bytes:
        raise ValueError(f"{text!r} is not hexadecimal")
    return raw


def read_frame(text: object, kind: HashKind) -> tuple[bytes, int, int]:
    """A frame as vPDQ writes it: bytes, quality, milliseconds.

    Raises:
        ValueError: it is none.

    >>> read_frame("00" * 32 + ",87,1.250", HASH_KINDS["vpdq"])[1:]
    (87, 1250)
    """
    parts = text.split(",") if isinstance(text, str) else []
    if len(parts) != 3:
        raise ValueError("a frame is written HASH,QUALITY,SECONDS")
    quality, seconds = int(parts[1]), float(parts[2])
    if not 0 <= quality <= 100:
        raise ValueError(f"the quality of a frame is 0 to 100, not {quality}")
    if not 0 <= seconds < 4_000_000:
        raise ValueError(f"the time of a frame is in seconds from the beginning, not {seconds}")
    return hash_bytes(parts[0], kind), quality, round(seconds * 1000)


def _digits() -> NDArray[np.uint8]:
    table = np.full(256, 255, np.uint8)
    for value, digit in enumerate("0123456789abcdef"):
        table[ord(digit)] = value
    return table


_DIGITS = _digits()
