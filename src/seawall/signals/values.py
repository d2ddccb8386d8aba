"""The cell of a table as a value of a signal's type."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.types import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def _boolean(text: str) -> bool:
    return text.strip().lower() in {"true", "1", "t"}


_READ: Mapping[Kind, Callable[[str], str | int | float | bool]] = MappingProxyType(
    {Kind.STRING: str, Kind.HASH: str, Kind.INTEGER: int, Kind.NUMBER: float, Kind.BOOLEAN: _boolean}
)


def read_as(kind: Kind, text: str) -> str | int | float | bool:
    """A cell as a value.

    Raises:
        ValueError: it is no such value.

    >>> read_as(Kind.NUMBER, "0.5"), read_as(Kind.BOOLEAN, "true")
    (0.5, True)
    """
    return _READ[kind](text)
