"""Features that are defined by each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.policy.conditions.fault import Refused
from seawall.policy.conditions.lex import TokenKind, lex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.policy.model import FeatureSpec


def cycle_through(name: str, features: Mapping[str, FeatureSpec]) -> tuple[str, ...] | None:
    """The shortest way from a feature through the filters back to itself, or None.

    A filter may read no feature at all; a circle is worth its own words, as no order of writing mends it.
    """
    ways: list[tuple[str, ...]] = [(name,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for each in named_in(features[way[-1]]) & features.keys():
            if each == name:
                return (*way, name)
            if each not in seen:
                seen.add(each)
                ways.append((*way, each))
    return None


def named_in(feature: FeatureSpec) -> frozenset[str]:
    """Every name in a feature's filter."""
    try:
        tokens = lex(feature.where or "")
    except Refused:
        return frozenset()
    return frozenset(
        token.text.lower() for token in tokens if token.kind in (TokenKind.NAME, TokenKind.QUOTED)
    )
