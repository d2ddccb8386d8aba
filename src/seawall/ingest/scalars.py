"""The check of each scalar type: the value as Seawall holds it, or an error that names field and mend."""

from __future__ import annotations

import math
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, cast

from seawall.core.clock import parse_time
from seawall.core.errors import EventError
from seawall.core.types import Kind, Media

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seawall.core.types import Scalar

Check: TypeAlias = "Callable[[str, object], Scalar]"

LONGEST = 1_000_000
"""Characters a string may have."""

EARLIEST, LATEST = parse_time("0001-01-01T00:00:00Z"), parse_time("9999-12-31T23:59:59.999999Z")
"""The first and the last time that can be written in UTC."""

_INT64 = 2**63
_HASH = re.compile(r"[0-9a-f]{1,256}")
_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})", flags=re.ASCII
)


def told(value: object) -> str:
    """A value as an error message shows it: its JSON type and a short piece of it.

    >>> told("x" * 100)
    "string 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...'"
    >>> told(None), told(True), told([1])
    ('null', 'boolean true', 'array')
    """
    match value:
        case None:
            return "null"
        case bool():
            return f"boolean {str(value).lower()}"
        case str():
            return f"string {(value if len(value) <= 40 else value[:40] + '...')!r}"
        case int():
            return f"integer {value}" if abs(value) < 10**30 else "an integer of more than 30 digits"
        case float():
            return f"number {value!r}"
        case list() | tuple():
            return "array"
        case dict():
            return "object"
        case _:
            return type(value).__name__


def string(field: str, value: object) -> str:
    """Valid Unicode of bounded length, without NUL (history cannot hold it)."""
    if type(value) is not str:
        hint = "put it in quotes" if isinstance(value, int | float) else None
        raise EventError(f"{field} must be a string, not {told(value)}", field=field, hint=hint)
    if len(value) > LONGEST:
        raise EventError(
            f"{field} has {len(value):,} characters, more than {LONGEST:,}", field=field, hint="shorten it"
        )
    if "\0" in value:
        raise EventError(f"{field} holds a NUL character", field=field, hint="remove it at the source")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise EventError(
                f"{field} is not valid Unicode at character {error.start + 1}",
                field=field,
                hint="send UTF-8 without lone surrogates; --encoding names that of a CSV",
            ) from error
    return value


def integer(field: str, value: object) -> int:
    """A whole number of 64 bits."""
    if type(value) is not int:
        hint = "remove the quotes" if isinstance(value, str) and value.lstrip("-").isdigit() else None
        raise EventError(f"{field} must be an integer, not {told(value)}", field=field, hint=hint)
    if not -_INT64 <= value < _INT64:
        raise EventError(
            f"{field} is {told(value)}, beyond 64 bits",
            field=field,
            hint="declare it as string if it is an id",
        )
    return value


def number(field: str, value: object) -> float:
    """A finite double; an integer is taken as one."""
    if type(value) is float:
        if math.isfinite(value):
            return value
    elif type(value) is int:
        try:
            return float(value)
        except OverflowError:
            pass
    else:
        raise EventError(f"{field} must be a number, not {told(value)}", field=field)
    raise EventError(
        f"{field} is {told(value)}, not a finite number", field=field, hint="send null where unknown"
    )


def boolean(field: str, value: object) -> bool:
    """True or false."""
    if type(value) is not bool:
        raise EventError(f"{field} must be true or false, not {told(value)}", field=field)
    return value


def timestamp(field: str, value: object) -> int:
    """RFC 3339 with an offset, as microseconds since 1970."""
    if type(value) is not str:
        raise EventError(
            f"{field} must be an RFC 3339 time, not {told(value)}",
            field=field,
            hint='like "2026-03-01T10:00:00Z"',
        )
    if _RFC3339.fullmatch(value):
        try:
            micros = parse_time(value.upper())
        except (ValueError, OverflowError):
            micros = EARLIEST - 1  # the 31st of February
        if EARLIEST <= micros <= LATEST:  # an offset can lead out of the years 1 to 9999
            return micros
    raise EventError(
        f"{field} is {told(value)}, not an RFC 3339 time with an offset",
        field=field,
        hint='like "2026-03-01T10:00:00Z", at most six digits after the second',
    )


def hexadecimal(field: str, value: object) -> str:
    """A hash as lower-case hexadecimal; upper case is folded."""
    text = string(field, value).lower()
    if _HASH.fullmatch(text) is None:
        raise EventError(
            f"{field} must be a hash of up to 256 hexadecimal digits, not {told(value)}", field=field
        )
    return text


def media(field: str, value: object) -> Media:
    """{uri, sha256, mime}: a pointer to content that stays with the platform."""
    pointer = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    if "uri" not in pointer:
        raise EventError(
            f"{field} must be an object with a uri, not {told(cast('object', value))}", field=field
        )
    sha256 = pointer.get("sha256")
    mime = pointer.get("mime")
    return Media(
        uri=string(f"{field}.uri", pointer["uri"]),
        sha256=None if sha256 is None else hexadecimal(f"{field}.sha256", sha256),
        mime=None if mime is None else string(f"{field}.mime", mime),
    )


CHECKS: Mapping[Kind, Check] = MappingProxyType(
    {
        Kind.STRING: string,
        Kind.INTEGER: integer,
        Kind.NUMBER: number,
        Kind.BOOLEAN: boolean,
        Kind.TIMESTAMP: timestamp,
        Kind.HASH: hexadecimal,
        Kind.MEDIA: media,
    }
)
"""The check of each scalar type."""
