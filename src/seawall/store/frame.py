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
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

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
