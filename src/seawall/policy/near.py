"""Did you mean: the known word nearest to an unknown one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = 80
SHOWN = 8


def near(word: str, known: Iterable[str]) -> str | None:
    """The known word that a slip of the hand would turn into `word`, or None.

    >>> near("subjekt", ["subject", "actor"])
    'subject'
    >>> near("sg", ["SG", "ID"])
    'SG'
    >>> near("zebra", ["subject", "actor"])
    """
    words = sorted(known)
    if len(word) > LONGEST:
        return None
    folded = {each.casefold(): each for each in words}
    if word.casefold() in folded:
        return folded[word.casefold()]
    matches = get_close_matches(word, words, n=1, cutoff=0.65)
    return matches[0] if matches else None


def did_you_mean(word: str, known: Iterable[str], *, what: str = "known") -> str | None:
    """A hint: the nearest word, or the whole choice where it is short.

    >>> did_you_mean("lve", ["live", "off", "shadow"])
    "did you mean 'live'?"
    >>> did_you_mean("zebra", ["live", "off"], what="modes")
    'modes: live, off'
    """
    words = sorted(known)
    nearest = near(word, words)
    if nearest is not None:
        return f"did you mean {nearest!r}?"
    if not words:
        return f"{what}: none yet"
    more = f" and {len(words) - SHOWN} more" if len(words) > SHOWN else ""
    return f"{what}: {', '.join(words[:SHOWN])}{more}"
