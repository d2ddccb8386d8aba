"""A project under its control records: what is stopped acts on nobody; people see what they are called to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.policy.model import Mode, ReviewThen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from seawall.policy.model import Project, Strategy, StrategyOverlay


def under(project: Project, *, shadowed: Collection[str] = (), called: Collection[str] = ()) -> Project:
    """The project as it decides; the same one where nothing holds.

    Args:
        project: as it was released. Its version stays: what holds is part of the effective version.
        shadowed: live strategies that act on nobody, and are evaluated as in shadow.
        called: live strategies all of whose fires go to people too.
    """
    changed = {
        name: _under(project, strategy, name in shadowed, name in called)
        for name, strategy in project.strategies.items()
        if strategy.mode is Mode.LIVE and (name in shadowed or name in called)
    }
    if not changed:
        return project
    return msgspec.structs.replace(project, strategies={**project.strategies, **changed})


def queue_of_call(project: Project, strategy: Strategy) -> str | None:
    """Where people look at what a strategy does that they were called to; None in a project without queues.

    That is the first of: its own queue, that of strategies on the same clause, on the same policy, the queue
    named like the policy's family, a sealed one, and any but that of the random lane.
    """
    return next(_queues(project, strategy), None)


def _under(project: Project, strategy: Strategy, shadowed: bool, called: bool) -> Strategy:  # noqa: FBT001
    if shadowed:
        return msgspec.structs.replace(
            strategy, mode=Mode.SHADOW, overlays=tuple(_stopped(each) for each in strategy.overlays)
        )
    queue = queue_of_call(project, strategy)
    if not called or queue is None:
        return strategy
    route = (ReviewThen(queue=queue),)
    overlays = tuple(
        msgspec.structs.replace(each, review=route) if each.review == () else each
        for each in strategy.overlays
    )
    return msgspec.structs.replace(strategy, review=strategy.review or route, overlays=overlays)


def _stopped(overlay: StrategyOverlay) -> StrategyOverlay:
    return msgspec.structs.replace(overlay, mode=Mode.SHADOW) if overlay.mode is Mode.LIVE else overlay


def _queues(project: Project, strategy: Strategy) -> Iterator[str]:
    routes = [(each, then.queue) for each in project.strategies.values() for then in each.review]
    yield from (then.queue for then in strategy.review)
    cited = (strategy.policy, strategy.clause)
    yield from (queue for each, queue in routes if (each.policy, each.clause) == cited)
    yield from (queue for each, queue in routes if each.policy == strategy.policy)
    family = strategy.policy.partition("/")[0]
    yield from (name for name in project.queues if name == family)
    yield from (name for name, queue in project.queues.items() if queue.sealed)
    lane = project.random_lane.queue if project.random_lane else None
    yield from (name for name in project.queues if name != lane)
    yield from project.queues
