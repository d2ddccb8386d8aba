"""Three-valued logic and comparisons: None is NULL, and every function is total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from seawall.core.types import Value


def both(*parts: bool | None) -> bool | None:
    """AND.

    >>> both(True, None), both(False, None)
    (None, False)
    """
    if False in parts:
        return False
    return None if None in parts else True


def either(*parts: bool | None) -> bool | None:
    """OR.

    >>> either(True, None), either(False, None)
    (True, None)
    """
    if True in parts:
        return True
    return None if None in parts else False


def opposite(part: bool | None) -> bool | None:  # noqa: FBT001  a value, not a switch
    """NOT."""
    return None if part is None else not part


def equal(a: Value, b: Value) -> bool | None:
    """`=`."""
    return None if a is None or b is None else a == b


def unequal(a: Value, b: Value) -> bool | None:
    """`<>`."""
    return None if a is None or b is None else a != b


def less(a: Any, b: Any) -> bool | None:
    """`<`. Texts compare by code point, which is the order of their UTF-8 bytes."""
    return None if a is None or b is None else a < b


def at_most(a: Any, b: Any) -> bool | None:
    """`<=`."""
    return None if a is None or b is None else a <= b


def greater(a: Any, b: Any) -> bool | None:
    """`>`."""
    return None if a is None or b is None else a > b


def at_least(a: Any, b: Any) -> bool | None:
    """`>=`."""
    return None if a is None or b is None else a >= b


def distinct(a: Value, b: Value) -> bool:
    """IS DISTINCT FROM: never NULL."""
    return a != b


def not_distinct(a: Value, b: Value) -> bool:
    """IS NOT DISTINCT FROM: never NULL."""
    return a == b


def between(a: Any, low: Any, high: Any) -> bool | None:
    """`a >= low AND a <= high`.

    >>> between(1, 5, None)
    False
    """
    return both(at_least(a, low), at_most(a, high))


def is_null(a: Value) -> bool:
    """IS NULL."""
    return a is None


def is_true(a: bool | None) -> bool:  # noqa: FBT001  a value, not a switch
    """IS TRUE."""
    return a is True


def is_false(a: bool | None) -> bool:  # noqa: FBT001  a value, not a switch
    """IS FALSE."""
    return a is False


def coalesce(*values: Value) -> Value:
    """The first that is not NULL."""
    return next((value for value in values if value is not None), None)


def nullif(a: Value, b: Value) -> Value:
    """NULL if they are equal, else the first."""
    return None if a == b else a


def member_of(items: Collection[Value]) -> Callable[[Value], bool | None]:
    """IN over a list without NULL."""
    known = frozenset(items)

    def contains(a: Value) -> bool | None:
        return None if a is None else a in known

    return contains
