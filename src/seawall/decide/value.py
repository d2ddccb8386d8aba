"""What a signal is worth: the cost that would be spared if it were known.

Deciding what is left of a condition costs something, to be expected from the costs of its signals and the
shares of its parts: an AND looks first at what is cheap and likely false, an OR at what is cheap and likely
true. A signal spares the difference between that cost and the cost were the signal free. The one that spares
most for its own cost is bought; for one condition alone, that is the signal its best order begins with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.decide.residual import Part, waits_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seawall.decide.residual import Left

FREE_US = 1e-3
"""What a signal without cost is taken to cost, so that it can be compared."""


class Expected(NamedTuple):
    """Of what is left of a condition: what deciding it will cost, and how likely it is true."""

    cost: float
    share: float


class Open(NamedTuple):
    """One strategy that waits.

    Attributes:
        left: what is open of its condition.
        share: how likely each of its parts is true, by name.
        weight: how likely this strategy will still matter once those that would outdo it are known.
    """

    left: Left
    share: Callable[[str], float]
    weight: float


def expected(left: Left, costs: Mapping[str, float], share: Callable[[str], float]) -> Expected:
    """The cost of the best order of looking, and the chance to be true. Parts are taken as independent.

    >>> from seawall.decide.residual import Parts
    >>> both = Parts(True, (Part("dear", ("d",)), Part("cheap", ("c",))))
    >>> expected(both, {"d": 100.0, "c": 1.0}, lambda part: 0.1 if part == "cheap" else 0.5)
    Expected(cost=11.0, share=0.05)

    An AND is best looked at by cost / (1 - share), an OR by cost / share (W. E. Smith 1956).
    """
    if isinstance(left, Part):
        return Expected(sum(costs[name] for name in left.signals), share(left.name))
    looked = [expected(part, costs, share) for part in left.parts if waits_for(part)]
    if not left.every:
        looked = [Expected(cost, 1 - true) for cost, true in looked]
    looked.sort(key=lambda each: (each.cost / (1 - each.share) if each.share < 1 else float("inf"), each))
    cost, going_on = 0.0, 1.0
    for each in looked:
        cost += going_on * each.cost
        going_on *= each.share
    return Expected(cost, going_on if left.every else 1 - going_on)


def best(waiting: Sequence[Open], costs: Mapping[str, float]) -> str | None:
    """Of signals that all cost something, the one that spares most for its cost; None: nobody waits.

    Ties go to the cheaper, then by name.
    """
    spared: dict[str, list[float]] = {}
    for each in waiting:
        whole = expected(each.left, costs, each.share).cost
        for name in waits_for(each.left):
            rest = expected(each.left, {**costs, name: 0.0}, each.share).cost
            spared.setdefault(name, []).append(each.weight * (whole - rest))

    def rank(name: str) -> tuple[float, float, str]:
        value = sum(sorted(spared[name])) / costs[name]  # the order of strategies is no input
        return -round(value, 9), costs[name], name

    return min(spared, key=rank, default=None)
