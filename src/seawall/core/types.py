"""The types a field, feature or signal can have, and the values they hold."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """A scalar type. `number` is an IEEE double without NaN; `integer` is a signed 64-bit integer."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIMESTAMP = "timestamp"  # microseconds since 1970, UTC
    HASH = "hash"  # lower-case hexadecimal text
    MEDIA = "media"  # {uri, sha256, mime}; conditions may only ask whether it is NULL


class FieldType(msgspec.Struct, frozen=True):
    """A scalar, or a list of scalars; `nullable` allows NULL for the whole, never for an element."""

    kind: Kind
    is_list: bool = False
    nullable: bool = False

    def __str__(self) -> str:
        """As it is written in an event file.

        >>> str(FieldType(Kind.STRING, is_list=True, nullable=True))
        'list of string?'
        """
        return f"{'list of ' if self.is_list else ''}{self.kind}{'?' if self.nullable else ''}"


def parse_type(text: str) -> FieldType:
    """Read a type as an event file writes it.

    Raises:
        ValueError: the word is no type.

    >>> parse_type("list of string?")
    FieldType(kind=<Kind.STRING: 'string'>, is_list=True, nullable=True)
    """
    word = text.strip()
    nullable = word.endswith("?")
    word = word.removesuffix("?").strip()
    is_list = word.startswith("list of ")
    return FieldType(Kind(word.removeprefix("list of ").strip()), is_list=is_list, nullable=nullable)


class Media(msgspec.Struct, frozen=True):
    """A pointer to content that stays with the platform."""

    uri: str
    sha256: str | None = None
    mime: str | None = None


Scalar = str | int | float | bool | Media
Value = Scalar | tuple[Scalar, ...] | None
