"""Everything that fired to what is done: the strongest per (target, axis, territory), with its grounds.

An effect is grounded by those who ask for that very action; who asks for less has nothing to add to it. So a
strategy that could only ask for less than what is certain changes no outcome: nothing is bought for it. What
those that fired ask for beneath it is kept apart (`seawall.decide.beneath`), for when the stronger falls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.core.action import Action, Ground, Review
from seawall.decide.ask import STRIKE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from seawall.core.action import Ladders
    from seawall.decide.ask import Ask, Grounded

SEVERITIES = ("low", "medium", "high", "severe")


class Place(NamedTuple):
    """Where actions compete: one target, one axis, one market or the world."""

    target: str
    axis: str
    market: str


class Targets(NamedTuple):
    """Who and what an event's actions can be aimed at: id by name, and the one name of each account.

    An account that plays two parts (the host who also comments) is one target, named `actor` if it is that.
    """

    ids: Mapping[str, str]
    names: Mapping[str, str]


def targets(subject: str, actor: str | None, parties: Mapping[str, str]) -> Targets:
    """The targets of one event.

    >>> targets("c1", "u1", {"host": "u1", "guest": "u2"}).names
    {'subject': 'subject', 'actor': 'actor', 'guest': 'guest', 'host': 'actor'}
    """
    ids = {"subject": subject}
    names = {"subject": "subject"}
    first: dict[str, str] = {}
    accounts = {} if actor is None else {"actor": actor}
    for name, account in [*accounts.items(), *sorted(parties.items())]:
        ids[name] = account
        names[name] = first.setdefault(account, name)
    return Targets(ids, names)


def certain(fired: Iterable[Grounded], names: Mapping[str, str]) -> dict[Place, int]:
    """The rung that is certain at each place, given the names of the targets."""
    rungs: dict[Place, int] = {}
    for each in fired:
        for ask in each.asks:
            for place in _places(ask, names):
                rungs[place] = max(rungs.get(place, 0), ask.rung)
    return rungs


def adds(grounded: Grounded, rungs: Mapping[Place, int], names: Mapping[str, str]) -> bool:
    """Whether firing could change the outcome, given what is certain: routes to people or reaches a rung."""
    return bool(grounded.reviews) or any(
        ask.rung >= rungs.get(place, 0) for ask in grounded.asks for place in _places(ask, names)
    )


def combine(
    fired: Sequence[Grounded], aimed: Targets, ladders: Ladders
) -> tuple[tuple[Action, ...], tuple[Review, ...]]:
    """The actions and the reviews, in an order that does not depend on that of the strategies."""
    rungs = certain(fired, aimed.names)
    strongest: dict[Place, list[tuple[Ask, Ground]]] = {}
    for each in fired:
        for ask in each.asks:
            for place in _places(ask, aimed.names):
                if ask.rung == rungs[place]:
                    strongest.setdefault(place, []).append((ask, each.ground))
    effects: dict[tuple[str, str, str, int | None, tuple[Ground, ...]], list[str]] = {}
    strikes: dict[str, list[tuple[Place, Ask, Ground]]] = {}
    for place, asked in strongest.items():
        if asked[0][0].action == STRIKE:
            strikes.setdefault(place.target, []).extend((place, *each) for each in asked)
            continue
        grounds = gravest_first(ground for _, ground in asked)
        effect = (place.target, place.axis, asked[0][0].action, _longest(asked), grounds)
        effects.setdefault(effect, []).append(place.market)
    actions = [
        Action(axis, action, target, aimed.ids[target], tuple(sorted(markets)), duration, grounds)
        for (target, axis, action, duration, grounds), markets in effects.items()
    ]
    actions += [_strike(target, asked, aimed) for target, asked in strikes.items()]
    return tuple(sorted(actions, key=lambda each: _order(each, ladders))), _reviews(fired, ladders)


def visible(actions: Iterable[Action], ladders: Ladders) -> str:
    """The strongest action on the visibility axis, in any territory; `allow` if there is none."""
    ladder = ladders.axes["visibility"]
    return ladder[
        max((ladder.index(each.action) for each in actions if each.axis == "visibility"), default=0)
    ]


def gravest_first(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    """Each ground once, the gravest first."""
    return tuple(sorted(set(grounds), key=lambda ground: (-SEVERITIES.index(ground.severity), ground)))


def _places(ask: Ask, names: Mapping[str, str]) -> list[Place]:
    name = names.get(ask.target)  # an event need not name every party: then there is nobody to act on
    return [] if name is None else [Place(name, ask.axis, market) for market in ask.territory]


def _longest(asked: Sequence[tuple[Ask, Ground]]) -> int | None:
    durations = [ask.duration_s for ask, _ in asked]
    return None if None in durations else max(duration for duration in durations if duration is not None)


def _strike(target: str, asked: Sequence[tuple[Place, Ask, Ground]], aimed: Targets) -> Action:
    """One strike, from the gravest ground, the others beside it; wherever one of them asks for it."""
    grounds = gravest_first(ground for _, _, ground in asked)
    where = sorted({place.market for place, _, _ in asked})
    lasts = _longest([(ask, ground) for _, ask, ground in asked])
    return Action(asked[0][0].axis, STRIKE, target, aimed.ids[target], tuple(where), lasts, grounds)


def _order(action: Action, ladders: Ladders) -> tuple[int, str, int, tuple[str, ...]]:
    axis = list(ladders.axes).index(action.axis)
    return axis, action.target, -ladders.axes[action.axis].index(action.action), action.territory


def _reviews(fired: Sequence[Grounded], ladders: Ladders) -> tuple[Review, ...]:
    """One per queue: the shortest time-out that any strategy asks for, and then the strongest action."""
    ladder = ladders.axes["visibility"]
    queues: dict[str, list[tuple[int | None, str | None, Ground]]] = {}
    for each in fired:
        for then in each.reviews:
            queues.setdefault(then.queue, []).append((then.timeout_s, then.on_timeout, each.ground))
    reviews: list[Review] = []
    for queue, asked in sorted(queues.items()):
        timeouts = [timeout for timeout, _, _ in asked if timeout is not None]
        results = [result for _, result, _ in asked if result is not None]
        grounds = gravest_first(ground for _, _, ground in asked)
        then = max(results, key=ladder.index, default=None)
        reviews.append(Review(queue, grounds, min(timeouts, default=None), then))
    return tuple(reviews)
