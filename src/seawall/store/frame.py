"""How one record lies in a segment: sixteen bytes of head, then the body.

    mark u16 | kind u8 | version u8 | length u32 | back u32 | checksum u32 | body

`back` says how many bytes before this record the last known durable offset lay when it was written.
The records of one group commit all point back at the same place. If power fails during that commit the
disk may keep any part of the group, so a broken record followed by whole ones *of the same group* is a
torn tail. A broken record followed by one that was written after it was known durable has rotted.

The checksum (CRC-32) covers the offset too, so that a record out of its place does not pass.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seawall.core.compiler import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from seawall.core.spans import Spans

MARK = 0xA55E
VERSION = 1
MAX_BODY = 64 * 2**20
HEAD = struct.Struct("<HBBIII")
_SEALED = struct.Struct("<QHBBII")  # what the checksum covers before the body
_MARK_BYTES = MARK.to_bytes(2, "little")


class Frame(NamedTuple):
    """One whole record.

    Attributes:
        offset: where it starts in the stream of all bytes its writer ever wrote.
        end: where the next one starts.
        kind: what the body is; see `seawall.store.entry.Kind`.
        synced: everything before this offset was known durable when the record was written.
    """

    offset: int
    end: int
    kind: int
    body: bytes
    synced: int


def encode(kind: int, body: bytes, *, offset: int, synced: int) -> bytes:
    """The bytes of one record.

    >>> frame = parse(encode(1, b"hello", offset=64, synced=32), 0, 64)
    >>> frame.kind, frame.body, frame.synced, frame.end
    (1, b'hello', 32, 85)
    """
    back = offset - synced
    seal = zlib.crc32(body, zlib.crc32(_SEALED.pack(offset, MARK, kind, VERSION, len(body), back)))
    return HEAD.pack(MARK, kind, VERSION, len(body), back, seal) + body


_MANY = 512
"""Records for which it pays to load what is compiled."""


class Stack(NamedTuple):
    """Records that are written together.

    Attributes:
        kind: of all of them, or of each.
        bodies: of each, what follows its prefix.
        prefixes: of each, the first bytes of its body, as many for all; shape (records, bytes), uint8.
    """

    kind: int | NDArray[np.uint8]
    bodies: Spans
    prefixes: NDArray[np.uint8] | None = None


def encode_all(
    stack: Stack, *, offset: int, synced: int, many: int = _MANY
) -> tuple[bytes, NDArray[np.int64], int]:
    """Many records as `encode` writes them one after the other.

    Returns:
        The records, the offset of each, and where the next one would start.

    >>> from seawall.core.spans import Spans
    >>> records, offsets, end = encode_all(Stack(1, Spans.of([b"a", b"bc"])), offset=64, synced=32)
    >>> records == encode(1, b"a", offset=64, synced=32) + encode(1, b"bc", offset=81, synced=32)
    True
    >>> offsets.tolist(), end
    ([64, 81], 99)
    """
    if len(stack.bodies) >= many and (kernel := compiled("seawall.store.frame_kernel")) is not None:
        return _by_kernel(kernel, stack, offset=offset, synced=synced)
    kind, bodies, prefixes = stack
    count, ahead = len(bodies), 0 if prefixes is None else prefixes.shape[1]
    lengths = bodies.sizes + ahead
    ends = offset + np.cumsum(lengths + HEAD.size)
    offsets = ends - lengths - HEAD.size
    sealed = np.empty(count, _SEALED_ROWS)
    sealed["offset"], sealed["mark"], sealed["kind"], sealed["version"] = offsets, MARK, kind, VERSION
    sealed["length"], sealed["back"] = lengths, offsets - synced
    crc = _crc_rows(sealed.view(np.uint8).reshape(count, _SEALED.size), np.zeros(count, np.uint32))
    if prefixes is not None:
        crc = _crc_rows(prefixes, crc)
    heads = np.empty((count, HEAD.size + ahead), np.uint8)
    heads[:, :12] = sealed.view(np.uint8).reshape(count, _SEALED.size)[:, 8:]
    listed = list(bodies)
    seals = np.fromiter(map(zlib.crc32, listed, crc.tolist()), np.uint32, count)
    heads[:, 12:16] = seals.view(np.uint8).reshape(count, 4)
    if prefixes is not None:
        heads[:, HEAD.size :] = prefixes
    all_heads, size = heads.tobytes(), HEAD.size + ahead
    pieces: list[bytes] = [b""] * (2 * count)
    pieces[::2] = [all_heads[start : start + size] for start in range(0, count * size, size)]
    pieces[1::2] = listed
    return b"".join(pieces), offsets, int(ends[-1]) if count else offset


def _by_kernel(
    kernel: Any, stack: Stack, *, offset: int, synced: int
) -> tuple[bytes, NDArray[np.int64], int]:
    kind, bodies, prefixes = stack
    count = len(bodies)
    kinds = np.full(count, kind, np.uint8) if isinstance(kind, int) else kind
    ahead = np.empty((count, 0), np.uint8) if prefixes is None else prefixes
    out = np.empty(int(bodies.sizes.sum()) + count * (HEAD.size + ahead.shape[1]), np.uint8)
    offsets = np.empty(count, np.int64)
    size = kernel.frames(
        kernel.tables(), MARK, VERSION, kinds, ahead, bodies.data, bodies.starts, bodies.sizes, offset,
        synced, np.empty(_SEALED.size, np.uint8), out, offsets,
    )  # fmt: skip
    return out.tobytes(), offsets, offset + size


_SEALED_ROWS = np.dtype(
    [
        ("offset", "<u8"),
        ("mark", "<u2"),
        ("kind", "u1"),
        ("version", "u1"),
        ("length", "<u4"),
        ("back", "<u4"),
    ]
)


def _crc_rows(rows: NDArray[np.uint8], seeds: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """CRC-32 of each row, going on from that of what went before it."""
    table, crc = _crc_table(), ~seeds
    for place in range(rows.shape[1]):
        crc = table[(crc ^ rows[:, place]) & np.uint32(0xFF)] ^ (crc >> np.uint32(8))
    return ~crc


@cache
def _crc_table() -> Any:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, np.uint32(0xEDB88320) ^ (table >> np.uint32(1)), table >> np.uint32(1))
    return table


def parse(buffer: bytes, position: int, offset: int) -> Frame | None:
    """The record that starts at `position`, if a whole and sound one does.

    >>> parse(encode(1, b"hello", offset=64, synced=32)[:-1], 0, 64) is None
    True
    >>> parse(encode(1, b"hello", offset=64, synced=32), 0, 65) is None
    True
    """
    if len(buffer) - position < HEAD.size:
        return None
    mark, kind, version, length, back, seal = HEAD.unpack_from(buffer, position)
    if mark != MARK or version != VERSION:
        return None
    start = position + HEAD.size
    body = buffer[start : start + length]
    if len(body) < length:
        return None
    if zlib.crc32(body, zlib.crc32(_SEALED.pack(offset, mark, kind, version, length, back))) != seal:
        return None
    return Frame(offset, offset + HEAD.size + length, kind, body, offset - back)


def size_at(buffer: bytes, position: int) -> int:
    """Bytes the record at `position` claims to take, as far as its head can be read."""
    if len(buffer) - position < HEAD.size:
        return HEAD.size
    return HEAD.size + int(HEAD.unpack_from(buffer, position)[3])


def search(buffer: bytes, position: int, offset: int) -> Iterator[Frame]:
    """Every whole record that starts after `position`, whatever lies between them."""
    start = position
    while (found := buffer.find(_MARK_BYTES, start)) >= 0:
        frame = parse(buffer, found, offset + found - position)
        if frame is None:
            start = found + 1
        else:
            yield frame
            start = found + frame.end - frame.offset
