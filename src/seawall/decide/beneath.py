"""What lies beneath the actions of a decision: what each strategy that fired asks for itself.

`combine` shows one action for each place, the strongest. A weaker ask of another strategy holds again when
the stronger falls, so the decision keeps it. What is kept is exact: with it, what any of the strategies would
have asked for without the others can be read from the decision alone.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from seawall.core.action import Action, Ground
from seawall.decide.combine import gravest_first

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from seawall.decide.ask import Grounded
    from seawall.decide.combine import Targets

_Places = dict[str, int | None]  # how long, by market


class _Own(NamedTuple):
    """One action that one strategy asks for on one target."""

    ground: Ground
    axis: str
    action: str
    target: str


def beneath(fired: Sequence[Grounded], aimed: Targets, actions: Iterable[Action]) -> tuple[Action, ...]:
    """The asks that `actions` do not show as they are: weaker, shorter, or for fewer places.

    What it says of a strategy, an action and a target is the whole of it: it takes the place of what
    `actions` say of the three.

    Args:
        fired: what each strategy asks for.
        aimed: the targets of the event.
        actions: what `combine` made of it.
    """
    if len(fired) == 1 and _apart(fired[0], aimed.names):
        return ()
    asked, shown = _asked(fired, aimed.names), _shown(actions)
    kept: defaultdict[tuple[str, str, str, tuple[str, ...], int | None], list[Ground]] = defaultdict(list)
    for own, places in asked.items():
        if places != shown.get(own):
            for markets, duration in _alike(places):
                kept[own.axis, own.action, own.target, markets, duration].append(own.ground)
    found = [
        Action(axis, action, target, aimed.ids[target], markets, duration, gravest_first(grounds))
        for (axis, action, target, markets, duration), grounds in kept.items()
    ]
    return tuple(sorted(found, key=_order))


def _apart(only: Grounded, names: Mapping[str, str]) -> bool:
    """Whether nothing that one strategy asks for can lie beneath another ask of its own: the common case."""
    where = [(names.get(ask.target), ask.axis) for ask in only.asks]
    return len(set(where)) == len(where)


def _asked(fired: Sequence[Grounded], names: Mapping[str, str]) -> dict[_Own, _Places]:
    """What each strategy asks for where; of one action in one place, its longest."""
    asked: defaultdict[_Own, _Places] = defaultdict(dict)
    for each in fired:
        for ask in each.asks:
            target = names.get(ask.target)  # nobody to act on, as in `combine`
            if target is not None:
                places = asked[_Own(each.ground, ask.axis, ask.action, target)]
                for market in ask.territory:
                    places[market] = _longer(places.get(market, 0), ask.duration_s)
    return asked


def _shown(actions: Iterable[Action]) -> dict[_Own, _Places]:
    shown: defaultdict[_Own, _Places] = defaultdict(dict)
    for action in actions:
        for ground in action.grounds:
            places = shown[_Own(ground, action.axis, action.action, action.target)]
            places.update(dict.fromkeys(action.territory, action.duration_s))
    return shown


def _longer(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def _alike(places: _Places) -> list[tuple[tuple[str, ...], int | None]]:
    by_duration: defaultdict[int | None, list[str]] = defaultdict(list)
    for market, duration in places.items():
        by_duration[duration].append(market)
    return [(tuple(sorted(markets)), duration) for duration, markets in by_duration.items()]


def _order(action: Action) -> tuple[str, str, str, tuple[str, ...], int]:
    return action.target, action.axis, action.action, action.territory, action.duration_s or 0
