"""Varied sentences from templates: `{slot}` is replaced by one of its options, slots included."""

from __future__ import annotations

import re
from json.encoder import encode_basestring as quote
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

__all__ = ["Grammar", "quote"]

_SLOT = re.compile(r"\{(\w+)\}")


class Grammar:
    """Templates and the slots they are filled from.

    Raises:
        KeyError: a template names a slot that is not there.

    >>> from random import Random
    >>> Grammar(["hello {who}"], {"who": ["{one} and you"], "one": ["me"]}).say(Random(1))
    'hello me and you'
    """

    def __init__(self, templates: Sequence[str], slots: Mapping[str, Sequence[str]]) -> None:
        self._templates = [_SLOT.split(template) for template in templates]
        self._slots = {name: [_SLOT.split(option) for option in options] for name, options in slots.items()}
        for parts in (*self._templates, *(part for options in self._slots.values() for part in options)):
            for slot in parts[1::2]:
                self._slots[slot]

    def say(self, rng: Random) -> str:
        """One sentence."""
        return self._fill(self._templates[int(rng.random() * len(self._templates))], rng)

    def pool(self, rng: Random, size: int) -> tuple[str, ...]:
        """`size` sentences as JSON string literals, for picking from quickly."""
        return tuple(quote(self.say(rng)) for _ in range(size))

    def _fill(self, parts: list[str], rng: Random) -> str:
        if len(parts) == 1:
            return parts[0]
        said = parts.copy()
        for index in range(1, len(parts), 2):
            options = self._slots[parts[index]]
            said[index] = self._fill(options[int(rng.random() * len(options))], rng)
        return "".join(said)
