"""The clauses a reviewer may cite on a task, as their market has them, and what citing one brings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.policy.model import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.core.decision import Decision
    from seawall.policy.model import Clause, Policy, Project
    from seawall.review.model import Task

HOLD = "hold"
REMOVE = "remove"
_DIGITS = "123456789"
_EXAMPLES = "### Examples"


class Choice(NamedTuple):
    """One clause to choose.

    Attributes:
        value: `policy/id#clause`.
        digit: the key that chooses it; empty beyond the ninth.
        clause: as it holds in the market of the task.
        overlay: that market, if it changes the clause.
        brings: the actions that follow, in words; empty for an exception.
        at_issue: it is the gravest clause behind the task.
    """

    value: str
    digit: str
    clause: Clause
    overlay: str | None
    brings: tuple[str, ...]
    at_issue: bool

    @property
    def text(self) -> str:
        """The clause without its examples."""
        return self.clause.text.partition(_EXAMPLES)[0].strip()

    @property
    def examples(self) -> str:
        """The examples of the clause; empty if it has none."""
        return self.clause.text.partition(_EXAMPLES)[2].strip()


def choices(project: Project, task: Task, decision: Decision | None) -> list[Choice]:
    """The clauses of the policies behind a task, rules before exceptions; none for a blind task.

    That a policy stands there would tell a blind reviewer what was suspected.
    """
    if task.blind:
        return []
    found = [
        (policy, held)
        for policy in _behind(project, task)
        for held in sorted(policy.clauses.values(), key=lambda clause: clause.exception)
    ]
    chosen: list[Choice] = []
    for at, (policy, held) in enumerate(found):
        value = f"{policy.name}#{held.id}"
        clause = local(policy, held, task.market)
        asked = () if clause.exception else confirmed(decision, value) or usual(project, value, task.market)
        chosen.append(
            Choice(
                value,
                _DIGITS[at] if at < len(_DIGITS) else "",
                clause,
                None if clause is held else task.market,
                asked,
                value == task.clause,
            )
        )
    return chosen


def elsewhere(
    project: Project, shown: list[Choice], market: str | None
) -> Iterator[tuple[Policy, list[Clause]]]:
    """Every other policy with its clauses, as a list to choose from."""
    listed = {choice.value.partition("#")[0] for choice in shown}
    for policy in project.policies.values():
        if policy.name not in listed:
            yield policy, [local(policy, clause, market) for clause in policy.clauses.values()]


def local(policy: Policy, clause: Clause, market: str | None) -> Clause:
    """A clause as it holds in a market."""
    return policy.overlays.get(market or "", {}).get(clause.id, clause)


def asked_for(project: Project, decision: Decision | None, value: str, market: str | None) -> tuple[str, ...]:
    """The actions a verdict must name so that citing a clause has the consequence the page shows.

    None where machines asked for it already: then the verdict confirms them. A hold was only until somebody
    looked, so it is not confirmed.
    """
    return () if confirmed(decision, value) else usual(project, value, market)


def confirmed(decision: Decision | None, value: str) -> tuple[str, ...]:
    """What machines asked for under a clause, if it can stand as it is."""
    if decision is None:
        return ()
    asked = tuple(
        dict.fromkeys(
            action.action
            for action in (*decision.actions, *decision.beneath)
            for ground in action.grounds
            if ground.policy == value
        )
    )
    return () if HOLD in asked else asked


def usual(project: Project, value: str, market: str | None) -> tuple[str, ...]:
    """What the strategies of a clause ask for in a market, the strongest of each axis.

    Where none says, its content is removed.
    """
    policy, _, clause = value.partition("#")
    asked = {
        then.action
        for strategy in project.strategies.values()
        if (strategy.policy, strategy.clause) == (policy, clause)
        and strategy.mode is not Mode.OFF
        and (not strategy.markets or market in strategy.markets)
        for then in strategy.then
        if then.action != HOLD
    }
    ladders = project.ladders.axes.values()
    strongest = tuple(
        next(action for action in reversed(ladder) if action in asked)
        for ladder in ladders
        if asked.intersection(ladder)
    )
    return strongest or (REMOVE,)


def _behind(project: Project, task: Task) -> list[Policy]:
    named = [task.clause, *(reason.clause for reason in task.reasons)]
    names = dict.fromkeys(name.partition("#")[0] for name in named)
    return [project.policies[name] for name in names if name in project.policies]
