"""Whom a domain imitates, of some domains that are worth imitating."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.signals.forms import normalise
from seawall.signals.links.suffixes_tldextract import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIKE_LETTERS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("nn", "m"))
_FOR_A_TYPO = 6  # letters of a name; a shorter one is one letter away from too much
_FOR_A_PART = 5
_FOR_A_FORM = 3


class Imitation(NamedTuple):
    """A domain that passes for another.

    Attributes:
        of: the domain imitated, as its list has it.
        how: `look_alike` (it reads the same), `typo` (one letter away), `part` (its name with words around
        it).
    """

    of: str
    how: str


class Imitations:
    """Finds imitations of some domains."""

    def __init__(self, domains: Iterable[str]) -> None:
        self._own = {parts_of(domain).registrable or domain: domain for domain in domains}
        labels = {parts_of(domain).label: domain for domain in self._own.values()}
        labels.pop("", None)
        self._forms = {_form(label): domain for label, domain in labels.items() if len(label) >= _FOR_A_FORM}
        self._labels = {label: domain for label, domain in labels.items() if len(label) >= _FOR_A_PART}
        self._near = {
            piece: (label, domain)
            for label, domain in labels.items()
            if len(label) >= _FOR_A_TYPO
            for piece in _without_one(label)
        }

    def of(self, host: str) -> Imitation | None:
        """Whom a host imitates; None: nobody, or it is one of them.

        >>> known = Imitations(["paybuddy.example"])
        >>> known.of("paybudcly.example"), known.of("paybuddy.example"), known.of("pay-buddy-help.example")
        (Imitation(of='paybuddy.example', how='look_alike'), None, None)
        >>> known.of("paybuddy-login.example").how, known.of("payubddy.example").how
        ('part', 'typo')
        """
        parts = parts_of(host)
        if parts.registrable in self._own or not parts.label:
            return None
        label = parts.label
        form = self._forms.get(_form(label))
        if form is not None and label not in self._labels:
            return Imitation(form, "look_alike")
        for word in label.split("-"):
            if word != label and word in self._labels:
                return Imitation(self._labels[word], "part")
        if len(label) >= _FOR_A_TYPO - 1:
            for piece in _without_one(label):
                if piece in self._near and _one_away(label, self._near[piece][0]):
                    return Imitation(self._near[piece][1], "typo")
        return None


def _form(label: str) -> str:
    for written, read in _LIKE_LETTERS:
        label = label.replace(written, read)
    return normalise(label).replace(" ", "")


def _without_one(label: str) -> set[str]:
    return {label, *(label[:place] + label[place + 1 :] for place in range(len(label)))}


def _one_away(one: str, other: str) -> bool:
    """Whether one letter more, less, other, or two neighbours exchanged make one of the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    one, other = one[start:], other[start:]
    if len(one) == len(other):
        swapped = one[1::-1] + one[2:]
        return one[1:] == other[1:] or swapped == other
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[1:] == shorter
