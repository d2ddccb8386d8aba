"""What one decision did to each person: pure, before it is put into words."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from seawall.act.standing import WEIGHTS
from seawall.appeal.model import Cited, Done, NoticeKind, Statement
from seawall.core.action import SUPPORT
from seawall.policy.flatten import forms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.act.facts import Ground
    from seawall.policy.model import Clause, Project

SHORT = 280
"""Characters of a clause that a notice quotes."""

_MARKUP = re.compile(r"[*_`#>]+|\[([^\]]*)\]\([^)]*\)")


def statements_of(grounds: Iterable[Ground], project: Project) -> tuple[Statement, ...]:
    """One statement for each person and kind, of grounds that stand and come from one decision.

    What is done to an item is told to who answers for it. A decision on a clause that sends its content to
    the sealed lane is told to nobody: a notice would tip off.
    """
    grounds = tuple(grounds)
    sealed = sealed_clauses(project)
    if any(ground.clause in sealed for ground in grounds):
        return ()
    by_person: defaultdict[tuple[str, NoticeKind], list[Ground]] = defaultdict(list)
    for ground in grounds:
        account = ground.key.target_id if ground.key.target_kind == "account" else ground.actor
        if account is not None:
            kind = NoticeKind.SUPPORT if ground.key.axis == SUPPORT else NoticeKind.ACTION
            by_person[account, kind].append(ground)
    return tuple(
        _statement(account, kind, own, project) for (account, kind), own in sorted(by_person.items())
    )


def sealed_clauses(project: Project) -> frozenset[str]:
    """Clauses of which a strategy routes what it finds to a sealed queue."""
    return frozenset(
        f"{strategy.policy}#{strategy.clause}"
        for strategy in project.strategies.values()
        for form in forms(strategy)
        for route in form.review
        if (queue := project.queues.get(route.queue)) is not None and queue.sealed
    )


def clause_in(project: Project, reference: str, market: str | None) -> Clause | None:
    """The clause as it holds in a market; None if the project has left it."""
    name, _, id_ = reference.partition("#")
    policy = project.policies.get(name)
    if policy is None:
        return None
    return policy.overlays.get(market or "", {}).get(id_) or policy.clauses.get(id_)


def cited(project: Project, reference: str, market: str | None, *, severity: str, ground: str) -> Cited:
    """A clause as a person reads it; what the project has left is cited by its name.

    Args:
        project: in force.
        reference: `policy/id#clause`.
        market: where it was judged.
        severity: that it had when it was decided.
        ground: terms or law, likewise.
    """
    clause = clause_in(project, reference, market)
    if clause is None:
        return Cited(reference, reference, "", severity, ground)
    return Cited(reference, clause.title, plain(clause.text), severity, ground, clause.jurisdictions)


def plain(markdown: str) -> str:
    r"""The first paragraph without its markup, cut between words.

    >>> plain("Do not **sell** what [nobody](https://x.example) may own.\n\nGuidance: ...")
    'Do not sell what nobody may own.'
    >>> len(plain("word " * 100)) <= SHORT
    True
    """
    first = next((part for part in re.split(r"\n\s*\n", markdown.strip()) if not part.startswith("#")), "")
    text = " ".join(_MARKUP.sub(r"\1", first).split())
    if len(text) <= SHORT:
        return text
    return text[: SHORT - 1].rpartition(" ")[0] + "…"


def gravity(severity: str) -> int:
    """More is graver; a severity nobody knows is the gravest.

    >>> gravity("low") < gravity("severe") < gravity("unheard of")
    True
    """
    return WEIGHTS.get(severity, max(WEIGHTS.values()) + 1)


def _statement(account: str, kind: NoticeKind, grounds: list[Ground], project: Project) -> Statement:
    first = grounds[0]
    reasons = {(ground.clause, ground.severity, ground.ground) for ground in grounds}
    ordered = sorted(reasons, key=lambda reason: (-gravity(reason[1]), reason))
    longest: dict[tuple[object, str], Done] = {}
    for ground in grounds:
        done = Done(ground.key, ground.action, ground.ends)
        known = longest.get((done.key, done.action))
        if known is None or (known.until is not None and (done.until is None or done.until > known.until)):
            longest[done.key, done.action] = done
    return Statement(
        kind=kind,
        account=account,
        own=account == first.actor or first.actor is None,
        subject=first.subject,
        done=tuple(sorted(longest.values(), key=lambda done: (done.key, done.action))),
        clauses=()
        if kind is NoticeKind.SUPPORT
        else tuple(
            cited(project, clause, first.market, severity=severity, ground=ground)
            for clause, severity, ground in ordered
        ),
        machine=all(ground.machine for ground in grounds),
        occasion=first.occasion,
    )
