"""The text of a cell to the JSON value its field wants; what cannot be read stays text, to be refused."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import msgspec

from seawall.core.types import FieldType, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_INTEGER = re.compile(r"[+-]?\d{1,40}", flags=re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d{1,400}\.?\d{0,400}|\.\d{1,400})([eE][+-]?\d{1,5})?", flags=re.ASCII)
_WORDS: Mapping[str, bool] = MappingProxyType(
    {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
)
_NAIVE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?", flags=re.ASCII)


def cell(text: str, type_: FieldType) -> Any:
    """The value a cell stands for. An empty cell is NULL, except in a string that may not be NULL.

    >>> cell("12", FieldType(Kind.INTEGER)), cell("twelve", FieldType(Kind.INTEGER))
    (12, 'twelve')
    >>> cell("", FieldType(Kind.STRING)), cell("", FieldType(Kind.STRING, nullable=True))
    ('', None)
    >>> cell("a|b", FieldType(Kind.STRING, is_list=True))
    ['a', 'b']
    """
    if text == "" and not (type_.kind is Kind.STRING and not type_.nullable and not type_.is_list):
        return [] if type_.is_list and not type_.nullable else None
    if type_.is_list:
        return _elements(text, FieldType(type_.kind))
    return READERS[type_.kind](text)


def moment(text: str) -> str:
    """A time as RFC 3339; one without an offset is taken as UTC, a date as its midnight.

    >>> moment("2013-11-07T06:20:48"), moment("2013-11-07")
    ('2013-11-07T06:20:48Z', '2013-11-07T00:00:00Z')
    """
    naive = _NAIVE.fullmatch(text.strip())
    if naive is None:
        return text.strip()
    clock = naive[2] or "00:00:00"
    seconds = clock if clock.count(":") == 2 else f"{clock}:00"
    whole, _, fraction = seconds.partition(".")
    return f"{naive[1]}T{whole}{'.' + fraction[:6] if fraction else ''}Z"


def plain(value: Any) -> Any:
    """A Parquet value as JSON has it.

    >>> plain(datetime(2026, 3, 1, 10)), plain(Decimal("1.5"))
    ('2026-03-01T10:00:00Z', 1.5)
    """
    match value:
        case datetime():
            aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            return aware.isoformat().replace("+00:00", "Z")
        case date():
            return f"{value.isoformat()}T00:00:00Z"
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case bytes():
            return value.hex()
        case list():
            return [plain(each) for each in cast("list[Any]", value)]
        case _:
            return value


def _elements(text: str, type_: FieldType) -> Any:
    if text.startswith("["):
        try:
            return msgspec.json.decode(text)
        except msgspec.DecodeError:
            return text
    return [cell(part.strip(), type_) for part in text.split("|")]


def _integer(text: str) -> Any:
    return int(text) if _INTEGER.fullmatch(text.strip()) else text


def _number(text: str) -> Any:
    return float(text) if _NUMBER.fullmatch(text.strip()) else text


def _boolean(text: str) -> Any:
    return _WORDS.get(text.strip().lower(), text)


def _string(text: str) -> Any:
    return text


def _media(text: str) -> Any:
    if not text.startswith("{"):
        return {"uri": text}
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


READERS: Mapping[Kind, Callable[[str], Any]] = MappingProxyType(
    {
        Kind.STRING: _string,
        Kind.INTEGER: _integer,
        Kind.NUMBER: _number,
        Kind.BOOLEAN: _boolean,
        Kind.TIMESTAMP: moment,
        Kind.HASH: _string,
        Kind.MEDIA: _media,
    }
)
"""How the text of a cell is read as each scalar type."""
