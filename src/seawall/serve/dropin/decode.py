"""Bodies of requests as typed values, or the place of what does not fit."""

from __future__ import annotations

import re
from typing import Any, TypeVar, cast

import msgspec

from seawall.serve.dropin.model import ProtocolError

T = TypeVar("T")

_AT = re.compile(r"^(?P<said>.*?)(?: - at `\$?\.?(?P<place>.*)`)?$", re.DOTALL)
_FIELD = re.compile(r"field `([^`]*)`")
_SNAKE = re.compile(r"_([a-z])")


def decode(raw: bytes, kind: type[T], *, error_kind: str, camel: bool = False) -> T:
    """The body as one value of a type.

    Args:
        raw: JSON in UTF-8.
        kind: what it must be.
        error_kind: what the protocol calls a body that does not fit.
        camel: names of fields may be written `in_snake_case` too.

    Raises:
        ProtocolError: it is no JSON, or does not fit; says where.
    """
    try:
        if not camel:
            return msgspec.json.decode(raw, type=kind)
        return msgspec.convert(_camel(msgspec.json.decode(raw)), type=kind)
    except RecursionError:
        raise ProtocolError("The JSON of the request is nested too deeply.", kind=error_kind) from None
    except UnicodeDecodeError as error:
        message = f"The request is not UTF-8 at byte {error.start}."
        raise ProtocolError(message, kind=error_kind) from None
    except msgspec.ValidationError as error:
        found = _AT.match(str(error))
        said, place = (found["said"], found["place"] or "") if found else (str(error), "")
        if (field := _FIELD.search(said)) is not None:
            place = f"{place}.{field[1]}" if place else field[1]
        where = f" at {place}" if place else ""
        raise ProtocolError(f"{said}{where}.", kind=error_kind, place=place or None) from None
    except msgspec.DecodeError as error:
        message = f"The request is not valid JSON: {error}."
        raise ProtocolError(message, kind=error_kind) from None


def _camel(value: object) -> object:
    """The same with the names of fields in camel case; names of attributes are in capitals and stay."""
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        return {_name(key): _camel(each) for key, each in entries.items()}
    if isinstance(value, list):
        return [_camel(each) for each in cast("list[Any]", value)]
    return value


def _name(key: str) -> str:
    return _SNAKE.sub(lambda found: found[1].upper(), key) if key.islower() else key
