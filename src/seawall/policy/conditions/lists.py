"""Lists: elements are never NULL, so that only the list itself can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seawall.core.types import Value


def items_of(values: tuple[Value, ...] | None) -> int | None:
    """The number of elements of a list."""
    return None if values is None else len(values)


def list_contains(values: tuple[Value, ...] | None, value: Value) -> bool | None:
    """Whether the value is an element of the list."""
    return None if values is None or value is None else value in values


def element(values: tuple[Value, ...] | None, position: int | None) -> Value:
    """The element at a position that counts from 1, or from the end if negative; NULL where there is none.

    >>> element(("a", "b"), 1), element(("a", "b"), -1), element(("a", "b"), 0)
    ('a', 'b', None)
    """
    if values is None or position is None or position == 0 or abs(position) > len(values):
        return None
    return values[position - 1 if position > 0 else position]


def list_has_any(values: tuple[Value, ...] | None, others: tuple[Value, ...] | None) -> bool | None:
    """Whether an element of the one list is an element of the other.

    >>> list_has_any(("a", "b"), ("b", "c")), list_has_any((), ())
    (True, False)
    """
    return None if values is None or others is None else not set(values).isdisjoint(others)


def list_has_all(values: tuple[Value, ...] | None, others: tuple[Value, ...] | None) -> bool | None:
    """Whether every element of the second list is one of the first.

    >>> list_has_all(("a", "b"), ("b",)), list_has_all(("a",), ())
    (True, True)
    """
    return None if values is None or others is None else set(values).issuperset(others)
