"""A strategy as it stands in one place: its own words, then what its overlays change; the last one wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.policy.model import Strategy, StrategyOverlay

_CHANGES = ("when", "except_when", "then", "review", "mode", "when_span", "except_span")


def flattened(strategy: Strategy, market: str | None, language: str | None) -> Strategy:
    """The strategy for an event posted in a market in a language, without overlays.

    >>> from seawall.policy.model import StrategyOverlay
    >>> from seawall.testing.projects import AT, strategy
    >>> there = StrategyOverlay(name="SG", markets=("SG",), when="text = 'b'", span=AT)
    >>> one = strategy("spam", "text = 'a'", overlays=(there,))
    >>> flattened(one, "SG", None).when, flattened(one, "ID", None).when
    ("text = 'b'", "text = 'a'")
    """
    if not strategy.overlays:
        return strategy
    changed: dict[str, Any] = {"overlays": ()}
    for overlay in strategy.overlays:
        if applies(overlay, market, language):
            changed |= changes(overlay)
    return msgspec.structs.replace(strategy, **changed)


def applies(overlay: StrategyOverlay, market: str | None, language: str | None) -> bool:
    """Whether an overlay holds for an event."""
    return market in overlay.markets if overlay.language is None else language == overlay.language


def changes(overlay: StrategyOverlay) -> dict[str, Any]:
    """The fields of the strategy that an overlay says, with what it says."""
    return {name: said for name in _CHANGES if (said := getattr(overlay, name)) is not None}


def forms(strategy: Strategy) -> tuple[Strategy, ...]:
    """Every form that a strategy has somewhere, each once; first the one where no overlay holds.

    An event meets exactly one of them. They share the name, since what is reported, promised and braked is
    the strategy.
    """
    if not strategy.overlays:
        return (strategy,)
    return tuple(dict.fromkeys(flattened(strategy, *place) for place in _places(strategy)))


def _places(strategy: Strategy) -> Iterator[tuple[str | None, str | None]]:
    markets = {market for each in strategy.overlays for market in each.markets}
    languages = {each.language for each in strategy.overlays if each.language is not None}
    for market in (None, *sorted(markets)):
        for language in (None, *sorted(languages)):
            yield market, language
