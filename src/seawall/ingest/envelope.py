"""The names every event may carry beside its fields, and the check of each."""

from __future__ import annotations

import re
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from seawall.core.errors import EventError
from seawall.ingest.scalars import string, told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST_ID = 512
"""Characters an id may have."""

_MOST_MARKETS = 300
_MARKET = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,6}")


def identifier(field: str, value: object) -> str:
    """A name for something elsewhere: not empty, not endless."""
    text = string(field, value)
    if not 0 < len(text) <= LONGEST_ID:
        raise EventError(f"{field} must have 1 to {LONGEST_ID} characters, not {len(text)}", field=field)
    return text


def market(field: str, value: object) -> str:
    """ISO 3166 alpha-2 in capitals."""
    text = string(field, value)
    if _MARKET.fullmatch(text) is None:
        hint = (
            f"write {text.upper()!r}" if _MARKET.fullmatch(text.upper()) else "two capital letters, like 'SG'"
        )
        raise EventError(
            f"{field} must be an ISO 3166 alpha-2 code, not {told(value)}", field=field, hint=hint
        )
    return text


def language(field: str, value: object) -> str:
    """ISO 639 in lower case; a locale is not a language."""
    text = string(field, value)
    if _LANGUAGE.fullmatch(text) is None:
        short = text.lower().partition("-")[0]
        hint = f"write {short!r}" if _LANGUAGE.fullmatch(short) else "two lower-case letters, like 'en'"
        raise EventError(f"{field} must be an ISO 639 code, not {told(value)}", field=field, hint=hint)
    return text


def locale(field: str, value: object) -> str:
    """A BCP 47 tag."""
    text = string(field, value)
    if _LOCALE.fullmatch(text) is None:
        raise EventError(
            f"{field} must be a BCP 47 tag, not {told(value)}", field=field, hint="like 'en' or 'pt-BR'"
        )
    return text


@lru_cache(maxsize=2048)
def _zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def time_zone(field: str, value: object) -> str:
    """An IANA time zone that this machine knows."""
    text = string(field, value)
    if len(text) > 64 or not _zone(text):
        raise EventError(
            f"{field} is no time zone: {told(value)}", field=field, hint="an IANA name, like 'Asia/Singapore'"
        )
    return text


def markets(field: str, value: object) -> tuple[str, ...]:
    """A list of markets, each once, sorted."""
    if not isinstance(value, list | tuple):
        raise EventError(f"{field} must be a list of markets, not {told(value)}", field=field)
    listed = cast("list[object]", value)
    if len(listed) > _MOST_MARKETS:
        raise EventError(f"{field} has {len(listed):,} markets; there are not that many", field=field)
    return tuple(sorted({market(field, each) for each in listed}))


OPTIONAL: Mapping[str, Callable[[str, object], Any]] = MappingProxyType(
    {
        "market": market,
        "locale": locale,
        "language": language,
        "tz": time_zone,
        "source": identifier,
        "available_in": markets,
    }
)
"""Envelope names an event may leave out. `id`, `type` and `ts` it may not; `parties` depends on its type."""
