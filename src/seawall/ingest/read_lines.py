"""A stream in pieces of whole lines, of any number of lines in constant memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from seawall.ingest.read_jsonl import BOM, LONGEST_LINE, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.ingest.model import DeadLetter

PIECE = 2**21
"""Bytes read at a time."""

_MOST_LINES = 8_192


class Lines(NamedTuple):
    """Lines that follow one another.

    Attributes:
        first: number of the first, counted from 1.
        lines: without what ends them.
        letters: those that are too long to be kept, by place; the line there is empty.
    """

    first: int
    lines: list[bytes]
    letters: dict[int, DeadLetter]


def read_lines(stream: BinaryIO, *, size: int = PIECE) -> Iterator[Lines]:
    """The lines of a stream; one that is too long is a dead letter, and reading goes on."""
    rest, number = b"", 1
    block = stream.read(size).removeprefix(BOM)
    while block:
        head, newline, tail = block.rpartition(b"\n")
        if newline:
            for some in _pieces((rest + head).split(b"\n"), number):
                yield some
                number += len(some.lines)
            rest = tail
        else:
            rest += block
        if len(rest) > LONGEST_LINE:
            letter, rest = _skip(stream, rest, number, size)
            yield Lines(number, [b""], {0: letter})
            number += 1
        block = stream.read(size)
    if rest:
        yield Lines(number, [rest], {})


def _pieces(lines: list[bytes], number: int) -> Iterator[Lines]:
    for start in range(0, len(lines), _MOST_LINES):
        some = lines[start : start + _MOST_LINES]
        letters: dict[int, DeadLetter] = {}
        if max(map(len, some)) >= LONGEST_LINE:
            for place, line in enumerate(some):
                if len(line) >= LONGEST_LINE:  # with its end it is longer
                    letters[place] = too_long(line, len(line) + 1, number + start + place)
                    some[place] = b""
        yield Lines(number + start, some, letters)


def _skip(stream: BinaryIO, head: bytes, number: int, size: int) -> tuple[DeadLetter, bytes]:
    """The letter of a line that does not end in reach, and what follows it."""
    total = len(head)
    while block := stream.read(size):
        before, newline, after = block.partition(b"\n")
        total += len(before) + len(newline)
        if newline:
            return too_long(head, total, number), after
    return too_long(head, total, number), b""
