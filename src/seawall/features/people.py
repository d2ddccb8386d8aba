"""What people concluded, as facts that features count: one finding of the journal is a fact or two.

The columns are those of `seawall.policy.people.PEOPLE`. A finding counts from when it is in the journal: a
decision sees what was recorded before it, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.event import Event
from seawall.features.told import Fact

if TYPE_CHECKING:
    from seawall.core.types import Value
    from seawall.store.entry import Finding

GOLD = "gold"
"""The purpose of tasks whose truth is known: what is concluded there is about the reviewer."""


def facts_of(finding: Finding) -> tuple[Fact, ...]:
    """The facts of a finding; none of one that a newer Seawall wrote."""
    match finding.kind:
        case "verdict" if finding.purpose != GOLD:
            return (_verdict(finding), _label(finding))
        case "appeal":
            return (_appeal(finding),)
        case "strike":
            return (_strike(finding),)
        case _:
            return ()


def _verdict(finding: Finding) -> Fact:
    said: dict[str, Value] = {
        "outcome": finding.outcome,
        "violates": finding.outcome == "violates",
        "purpose": finding.purpose,
        "reviewer": finding.by,
    }
    return Fact(_event(finding, "verdicts", finding.clause, said), finding.finding_id)


def _label(finding: Finding) -> Fact:
    """What a verdict says is true of a version of a subject and a clause, until another one says else."""
    violates = finding.outcome == "violates"
    clause = finding.clause if violates else finding.about or finding.clause
    said: dict[str, Value] = {"violates": violates, "purpose": finding.purpose, "reviewer": finding.by}
    version = f"{finding.surface}\0{finding.subject}\0{finding.content_version}"
    return Fact(_event(finding, "labels", clause, said), f"{version}\0{clause}")


def _appeal(finding: Finding) -> Fact:
    outcomes = ("upheld", "reduced", "overturned")
    said: dict[str, Value] = {each: finding.outcome == each for each in outcomes}
    said |= {"outcome": finding.outcome, "reviewer": finding.by}
    return Fact(_event(finding, "appeals", finding.clause, said), finding.finding_id)


def _strike(finding: Finding) -> Fact:
    said: dict[str, Value] = {"severity": finding.severity, "weight": finding.weight}
    return Fact(
        _event(finding, "strikes", finding.clause, said),
        finding.about,
        holds=finding.outcome == "given",
        ends=finding.ends,
    )


def _event(finding: Finding, source: str, clause: str, said: dict[str, Value]) -> Event:
    about: dict[str, Value] = {
        "actor": finding.actor,
        "surface": finding.surface,
        "subject": finding.subject,
        "content_version": finding.content_version,
        "clause": clause,
        "policy": clause.partition("#")[0],
    }
    return Event(
        id=finding.finding_id,
        type=source,
        ts=finding.at,
        market=finding.market,
        language=finding.language,
        fields=about | said,
    )
