"""What attacks on language models look like, by family: the patterns of `patterns.txt`."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

FAMILIES = ("override", "role_play", "extraction", "delimiter", "encoded", "many_shot", "exfiltration")
"""What the families are called."""

TURNS = re.compile(
    r"(?:^|\n) ?(?:user|human|q|question|prompt) ?:[^\n]{3,400}\n+ ?"
    r"(?:assistant|ai|bot|a|answer|model|response) ?:"
)
"""A made-up turn of a conversation."""

MANY = 4
"""Made-up turns in one text from which it is many-shot."""

_DISCUSSES = "discusses"


class Pattern(NamedTuple):
    """One pattern of a family.

    Attributes:
        family: one of `FAMILIES`.
        weight: 0 to 1.
        text: the regular expression, over folded text with single spaces.
    """

    family: str
    weight: float
    text: re.Pattern[str]


@cache
def patterns() -> tuple[Pattern, ...]:
    """All patterns, in no order: what a text holds counts once for each family, by its heaviest."""
    return tuple(each for each in _read() if each.family != _DISCUSSES)


@cache
def discusses() -> re.Pattern[str]:
    """Words of those who speak about attacks."""
    return next(each.text for each in _read() if each.family == _DISCUSSES)


def _read() -> list[Pattern]:
    fragments: dict[str, str] = {}
    found: list[Pattern] = []
    for line in files("seawall.signals.prompts").joinpath("patterns.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        family, second, text = line.split("\t")
        for name, fragment in fragments.items():
            text = text.replace(f"<{name}>", fragment)
        if family == "fragment":
            fragments[second] = text
        else:
            found.append(Pattern(family, float(second), re.compile(text)))
    return found
