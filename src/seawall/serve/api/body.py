"""Reads request bodies: bounded, of a form that is taken here, as JSON values with the place of a fault."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from seawall.serve.api.problems import DoorError

if TYPE_CHECKING:
    from starlette.requests import Request

JSON_TYPES = frozenset({"", "application/json", "text/json"})
LINE_TYPES = frozenset(
    {"application/x-ndjson", "application/ndjson", "application/jsonl", "application/json-seq"}
)
_BYTE = re.compile(r"byte (\d+)")


class Fault(NamedTuple):
    """A line of NDJSON that is no JSON."""

    detail: str
    raw: bytes


class Body(NamedTuple):
    """What a request brought.

    Attributes:
        items: JSON values in order; a `Fault` where a line of NDJSON could not be read.
        single: it was one object, not a list.
    """

    items: list[object | Fault]
    single: bool


async def read_body(request: Request, *, limit: int) -> bytes:
    """The whole body, read no further than the limit.

    Raises:
        DoorError: `too-large`, or `media-type` for a compressed one.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise DoorError(
            "media-type", "compressed bodies are not taken", hint="send it without Content-Encoding"
        )
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise DoorError(
                "too-large",
                f"the body is larger than {limit:,} bytes; nothing of it was taken",
                hint="send it in several requests, or raise SEAWALL_MAX_BODY_BYTES",
            )
        chunks.append(chunk)
    return b"".join(chunks)


def parse_body(raw: bytes, content_type: str, *, max_items: int) -> Body:
    r"""One object, a list of them, or one per line.

    Raises:
        DoorError: `malformed`, `media-type` or `too-large`.

    >>> parse_body(b'{"id": "e1"}', "application/json", max_items=9)
    Body(items=[{'id': 'e1'}], single=True)
    >>> parse_body(b'{"id": "e1"}\n{"id": "e2"}\n', "application/x-ndjson", max_items=9).single
    False
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in LINE_TYPES:
        lines = [line for line in raw.split(b"\n") if line.strip()]
        _bound(len(lines), max_items)
        return Body([_line(line) for line in lines], single=False)
    if media_type not in JSON_TYPES:
        raise DoorError(
            "media-type",
            f"events come as application/json or application/x-ndjson, not {media_type}",
            hint="set Content-Type to what the body is",
        )
    value = _decode(raw)
    if isinstance(value, list):
        items: list[object | Fault] = list(value)  # pyright: ignore[reportUnknownArgumentType]
        _bound(len(items), max_items)
        return Body(items, single=False)
    return Body([value], single=True)


def _bound(count: int, most: int) -> None:
    if count == 0:
        raise DoorError("malformed", "the body holds no event", hint="send at least one")
    if count > most:
        raise DoorError(
            "too-large",
            f"{count:,} events in one request, {most:,} are taken; nothing of it was",
            hint="send them in several requests",
        )


def _line(line: bytes) -> object | Fault:
    try:
        return _decode(line)
    except DoorError as error:
        return Fault(error.message, line)


def _decode(raw: bytes) -> object:
    if not raw.strip():
        raise DoorError("malformed", "the body is empty", hint="send one event or a list of them as JSON")
    try:
        return msgspec.json.decode(raw)
    except RecursionError:
        raise DoorError("malformed", "the JSON is nested too deeply", hint="an event is flat") from None
    except UnicodeDecodeError as error:
        raise DoorError(
            "malformed", f"byte {error.start:,} is not UTF-8", hint="encode the body as UTF-8"
        ) from None
    except msgspec.DecodeError as error:
        raise DoorError("malformed", f"not JSON: {_place(raw, str(error))}") from None


def _place(raw: bytes, message: str) -> str:
    found = _BYTE.search(message)
    if not found:
        return message
    before = raw[: int(found[1])]
    line = before.count(b"\n") + 1
    column = len(before) - (before.rfind(b"\n") + 1) + 1
    return f"{message.removeprefix('JSON is malformed: ')}, line {line}, column {column}"
