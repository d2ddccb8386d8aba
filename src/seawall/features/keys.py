"""A number for every key, and for every value that is counted apart: one for all features that hold it.

Several features count by the same account, and others count accounts apart. Each looks up in arrays what the
number of an account is to it, and the account itself is looked up once for all of them.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from seawall.features.model import Key

    Ints = NDArray[np.int64]

_MOST_LISTS = 64
_LEAST = 100_000


class Keys:
    """Numbers by key.

    Attributes:
        size: every number is below.
    """

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}
        self._names: list[Key] = []
        self._free: list[int] = []
        self._lists: dict[int, tuple[Sequence[Key], Ints]] = {}
        self._room = _LEAST

    @property
    def size(self) -> int:
        """Every number is below."""
        return len(self._names)

    def find(self, key: Key) -> int:
        """The number of a key; -1 if it has none."""
        return self._numbers.get(key, -1)

    def name(self, number: int) -> Key:
        """The key that has a number."""
        return self._names[number]

    def of(self, distinct: Sequence[Key]) -> Ints:
        """The numbers of keys; those that had none get one. Features ask about the same lists.

        A list may hold a key twice: what several event types bring stands behind each other.
        """
        known = self._lists.get(id(distinct))
        if known is not None and known[0] is distinct:
            return known[1]
        numbers = self._numbered(distinct)
        missing = np.flatnonzero(numbers < 0)
        if len(missing):
            new = [distinct[place] for place in missing.tolist()]
            self._add(list(dict.fromkeys(new)))
            numbers[missing] = self._numbered(new)
        if len(self._lists) >= _MOST_LISTS:
            self._lists.clear()
        self._lists[id(distinct)] = distinct, numbers
        return numbers

    def _numbered(self, keys: Sequence[Key]) -> Ints:
        return np.fromiter(map(self._numbers.get, keys, repeat(-1)), np.int64, len(keys))

    def _add(self, keys: list[Key]) -> None:
        again = min(len(self._free), len(keys))
        new = self._free[len(self._free) - again :]
        del self._free[len(self._free) - again :]
        for number, key in zip(new, keys, strict=False):
            self._names[number] = key
        new += range(len(self._names), len(self._names) + len(keys) - again)
        self._names += keys[again:]
        self._numbers.update(zip(keys, new, strict=True))

    @property
    def crowded(self) -> bool:
        """Whether so many were added that it pays to look which nobody holds any more."""
        return len(self._numbers) > self._room

    def keep(self, held: Iterable[Ints]) -> None:
        """Forget the keys of all numbers but these."""
        used = np.zeros(self.size, np.bool_)
        for numbers in held:
            used[numbers] = True
        self._lists.clear()
        listed: list[bool] = used.tolist()
        for key, number in [each for each in self._numbers.items() if not listed[each[1]]]:
            del self._numbers[key]
            self._names[number] = None
            self._free.append(number)
        self._room = max(_LEAST, 2 * len(self._numbers))
