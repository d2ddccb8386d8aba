"""JSON lines, one event per line, of any number of lines in constant memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, cast

import msgspec

from seawall.ingest.model import KEPT, DeadLetter, Record, kept

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 8 * 2**20
"""Bytes a line may have; the rest of a longer one is skipped, not kept in memory."""

BOM = b"\xef\xbb\xbf"
"""What some programs put before UTF-8."""


def read_jsonl(stream: BinaryIO) -> Iterator[Record | DeadLetter]:
    """The records of JSON lines; a line that cannot be read is a dead letter, and reading goes on."""
    line = 0
    while data := stream.readline(LONGEST_LINE + 1):
        line += 1
        if line == 1:
            data = data.removeprefix(BOM)
        if len(data) > LONGEST_LINE:
            yield _skipped(stream, data, line)
            continue
        text = data.strip()
        if not text:
            continue
        yield record_of(text, line)


_decode = msgspec.json.Decoder().decode


def record_of(text: bytes, line: int) -> Record | DeadLetter:
    """One line that is not empty, without white space round it, as a record; or why it is none."""
    hint = None
    try:
        value = _decode(text)
    except UnicodeDecodeError as error:
        reason, hint = f"not UTF-8 at byte {error.start + 1} of a string", "convert the file to UTF-8"
    except msgspec.MsgspecError as error:
        reason = f"not JSON: {error}"
        if text in {b"[", b"{"}:
            hint = "one event per line; this looks like JSON printed over several lines"
    except RecursionError:
        reason = "nested too deeply"
    else:
        if isinstance(value, dict):
            return Record(
                line,
                cast("dict[str, Any]", value),
                None if len(text) > KEPT else text.decode("utf-8", "backslashreplace"),
            )
        reason, hint = (
            f"a JSON {_NAMES.get(type(cast('object', value)), 'value')}, not an object",
            "one flat JSON object per line",
        )
    return DeadLetter(line=line, field=None, reason=reason, hint=hint, raw=kept(text))


_NAMES: dict[type, str] = {list: "array", str: "string", int: "number", float: "number", bool: "boolean"}


def _skipped(stream: BinaryIO, head: bytes, line: int) -> DeadLetter:
    total = len(head)
    piece = head
    while not piece.endswith(b"\n"):
        piece = stream.readline(2**20)
        if not piece:
            break
        total += len(piece)
    return too_long(head, total, line)


def too_long(head: bytes, total: int, line: int) -> DeadLetter:
    """The dead letter of a line of `total` bytes, its end included."""
    return DeadLetter(
        line=line,
        field=None,
        reason=f"a line of {total:,} bytes, more than {LONGEST_LINE:,}",
        hint="media stays with the platform: send its uri",
        raw=kept(head, total=total),
    )
