"""Where something that a person asks to be looked at waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seawall.policy.model import Project, Queue


def queue_for(project: Project, name: str, clauses: Iterable[str] = (), reason: str = "") -> Queue:
    """The queue of the project with this name; else the one that fits best.

    That is the first of: where strategies on the same clause route to, where strategies of the same policy
    do, the queue named like the reason or like the policies' family, and any queue that is not sealed.

    Args:
        project: in force.
        name: `appeals` or `reports`.
        clauses: `policy/id#clause`, gravest first.
        reason: in the reporter's words.

    Raises:
        UsageError: the project has no queue at all that is open to people.
    """
    found = next(_candidates(project, name, tuple(clauses), reason), None)
    if found is None:
        raise UsageError(
            "nobody can look at this: the project has no queue that is not sealed",
            hint=f"add queues/{name}.yml",
        )
    return found


def _candidates(project: Project, name: str, clauses: tuple[str, ...], reason: str) -> Iterator[Queue]:
    open_ = {queue.name: queue for queue in project.queues.values() if not queue.sealed}
    routes = [
        (strategy, route.queue) for strategy in project.strategies.values() for route in strategy.review
    ]
    policies = [clause.partition("#")[0] for clause in clauses]
    wanted = [name]
    wanted += [
        queue
        for clause in clauses
        for strategy, queue in routes
        if f"{strategy.policy}#{strategy.clause}" == clause
    ]
    wanted += [queue for policy in policies for strategy, queue in routes if strategy.policy == policy]
    wanted += [reason, *(policy.partition("/")[0] for policy in policies), *open_]
    return (open_[queue] for queue in wanted if queue in open_)
