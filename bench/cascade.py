"""What the cascade spares on the simulated day: calls and cost, against buying everything and against peers.

    python -m bench.cascade [--events N] [--write docs/explanation/cascade.md]

The starter project decides the simulated day together with 18 strategies that read five simulated detectors.
These cost what such things cost (list 1 us, hash 20 us, text model 5 ms, image model 100 ms, LLM 800 ms) and
are right at stated rates. Nothing sleeps: costs are added up. Every way of buying must end the same.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from seawall.core.clock import parse_time
from seawall.core.decision import Decision, Reading
from seawall.decide.case import Case
from seawall.decide.engine import build
from seawall.decide.filters import definitions
from seawall.decide.model import Done, Sample
from seawall.decide.residual import waits_for
from seawall.decide.sample import drawn
from seawall.decide.shares import Learner
from seawall.features import FeatureState
from seawall.ingest import Intake
from seawall.policy.model import Mode, Strategy, Then
from seawall.policy.read import require_project
from seawall.signals import KINDS, Detectors
from seawall.simulate.day import day
from seawall.simulate.rhythm import HOUR, Period
from seawall.testing import projects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.core.event import Event
    from seawall.policy.model import Project

COSTS = {"bad_list": 1.0, "bad_hash": 20.0, "text_model": 5_000.0, "image_model": 100_000.0, "llm": 800_000.0}
FALSE = {"bad_list": 0.02, "bad_hash": 0.01, "text_model": 0.08, "image_model": 0.04, "llm": 0.03}
"""How often a score is above 0.9 where nothing is wrong; where something is, four times in five."""

TRUE = 0.8
NOW = parse_time("2030-01-01T00:00:00Z")
CONDITIONS = (  # 9 shapes, on comments and on videos
    ("account_age_days < 60 AND text_model > 0.9 AND llm > 0.9", "remove"),
    ("link_domain IS NOT NULL AND (bad_list > 0.9 OR text_model > 0.9)", "ineligible"),
    ("bad_hash > 0.9 OR (account_age_days < 10 AND image_model > 0.9)", "remove"),
    ("followers < 200 AND image_model > 0.9 AND text_model > 0.9 AND llm > 0.9", "remove"),
    ("text_model > 0.95 AND NOT (bad_list > 0.9)", "label"),
    ("(bad_list > 0.9 OR bad_hash > 0.9) AND llm > 0.9", "hold"),
    ("account_age_days < 120 AND text_model + image_model > 1.85", "interstitial"),
    ("followers < 1000 AND text_model > 0.9 AND image_model > 0.9", "ineligible"),
    ("account_age_days < 30 AND (image_model > 0.9 OR llm > 0.9)", "label"),
)


class Spent(NamedTuple):
    """What one way of buying came to."""

    calls: Counter[str]
    outcomes: list[Any]

    @property
    def seconds(self) -> float:
        """Of the simulated detectors."""
        return sum(COSTS.get(name, 0.0) * count for name, count in self.calls.items()) / 1e6


def project_of(root: Path) -> Project:
    """The starter project with the strategies and detectors above."""
    starter = require_project(root, kinds=KINDS)
    clause = next(iter(starter.strategies.values()))
    added: dict[str, Strategy] = {}
    for kind in ("comment", "video"):
        for n, (when, action) in enumerate(CONDITIONS):
            name = f"dear.{kind}_{n}"
            then = Then(action=action, target="subject")
            added[name] = projects.strategy(
                name, when, then, on=(kind,), policy=clause.policy, clause=clause.clause, mode=Mode.LIVE
            )
    signals = {
        name: projects.signal(name, on=("comment", "video"), cost_us=cost) for name, cost in COSTS.items()
    }
    return msgspec.structs.replace(
        starter, strategies=starter.strategies | added, signals=starter.signals | signals
    )


def scores(event_id: str, *, wrong: bool) -> dict[str, Reading]:
    """What the simulated detectors say of one event; the same on every machine."""
    said: dict[str, Reading] = {}
    for name, false in FALSE.items():
        raw = int.from_bytes(blake2b(f"{event_id} {name}".encode(), digest_size=8).digest(), "big")
        high, within = divmod(raw, 2**32)
        above = high / 2**32 < (TRUE if wrong else false)
        said[name] = Reading(0.9 + 0.1 * within / 2**32 if above else 0.9 * within / 2**32)
    return said


class Day:
    """Every event with its features and what each detector would say, computed beforehand."""

    def __init__(self, project: Project, events: int, seed: int) -> None:
        intake, state = Intake(project), FeatureState(definitions(project), warm=False)
        detectors = Detectors(msgspec.structs.replace(project, signals=_own(project)), KINDS)
        self.events: list[Event] = []
        self.features: list[dict[str, Reading]] = []
        self.says: list[dict[str, Reading]] = []
        start = parse_time("2026-01-05T00:00:00Z")
        for line, truth in day(Period(start, int(24 * HOUR)), events=events, seed=seed):
            event = intake.take(json.loads(line), now=NOW)
            self.events.append(event)
            self.features.append(dict(state.observe(event)))
            own = {name: detectors.read(name, [event])[0] for name in _own(project)
                   if event.type in project.signals[name].on}  # fmt: skip
            self.says.append(own | scores(event.id, wrong=json.loads(truth)["clause"] is not None))
        detectors.close()

    def pieces(self, size: int = 1_000) -> Iterator[range]:
        """Places of batches."""
        places = iter(range(len(self.events)))
        while piece := list(islice(places, size)):
            yield range(piece[0], piece[-1] + 1)


def _own(project: Project) -> dict[str, Any]:
    return {name: spec for name, spec in project.signals.items() if name not in COSTS}


def seawall(project: Project, lived: Day, *, everything: bool = False, learning: bool = False) -> Spent:
    """The engine, batch by batch; with learning, shares are frozen between batches as the worker does."""
    sample = Sample(1.0, budget_us=1e12) if everything else Sample(0.01, project.name)
    engine = build(project, sample=sample)
    learner, calls, outcomes = Learner(), Counter[str](), list[Any]()
    for piece in lived.pieces():
        events, features = [lived.events[n] for n in piece], [lived.features[n] for n in piece]
        audit = [everything or drawn(sample, event) for event in events]
        state = engine.start(events, features, audit=audit)
        while not isinstance(step := engine.step(state), Done):
            calls[step.signal] += len(step.rows)
            engine.supply(state, step.signal, [lived.says[piece[row]][step.signal] for row in step.rows])
        outcomes += [_outcome(each) for each in step.decisions]
        if learning:
            learner.take(engine.lessons(state, dear_us=1_000.0))
            if (shares := learner.learned()) is not None:
                engine = engine.learned(shares, effective_version="learned")
    return Spent(calls, outcomes)


def rule_by_rule(project: Project, lived: Day) -> Spent:
    """What rule engines with lazy inputs do at best: each rule by itself, its cheapest open signal first.

    Values are shared between rules, and a rule stops as soon as it is decided.
    """
    engine, calls, fired = build(project), Counter[str](), list[Any]()
    for event, features, says in zip(lived.events, lived.features, lived.says, strict=True):
        case = Case(engine.plans[event.type], event, features, audit=False)
        fired.append(_one_by_one(case, says, calls))
    return Spent(calls, fired)


def _one_by_one(case: Case, says: dict[str, Reading], calls: Counter[str]) -> tuple[str, ...]:
    plan = case.plan
    must, open_ = plan.program(case.row())
    true = [n for n in must if n in case.holds and n in plan.live]
    for n in open_:
        while n in case.holds and n in plan.live:
            certain, still = plan.alone(n)(case.row())
            true += [n] if certain else []
            left = plan.left(n, case, case.settled) if still else False
            if isinstance(left, bool):
                break
            name = min(waits_for(left), key=lambda each: (plan.costs[each], each))
            calls[name] += 1
            case.know(name, says[name], failed=False)
    return tuple(sorted(plan.names[n] for n in set(true)))


def _outcome(decision: Decision) -> tuple[Any, ...]:
    return decision.action, decision.actions, decision.review, tuple(sorted(decision.fired))


def compare(events: int, seed: int) -> list[tuple[str, Spent]]:
    """Every way of buying, with its outcomes held against those of buying everything."""
    project = project_of(Path(__file__).parents[1] / "src/seawall/policy/starter")
    lived = Day(project, events, seed)
    everything = seawall(project, lived, everything=True)
    rules = rule_by_rule(project, lived)
    assert rules.outcomes == [each[3] for each in everything.outcomes], "rule by rule fires otherwise"
    found = [("buying everything", everything), ("cheapest first within each rule", rules)]
    for name, learning in (("Seawall, nothing learned yet", False), ("Seawall, learning as it goes", True)):
        spent = seawall(project, lived, learning=learning)
        for one, other in zip(spent.outcomes, everything.outcomes, strict=True):
            assert one[:3] == other[:3], f"{name}: another outcome"
        found.append((name, spent))
    return found


def table(found: list[tuple[str, Spent]]) -> list[str]:
    """As Markdown."""
    names = list(COSTS)
    rows = [
        "| way of buying | " + " | ".join(f"{name} calls" for name in names) + " | cost | of everything |",
        "|---|" + "---:|" * (len(names) + 2),
    ]
    whole = found[0][1].seconds
    for way, spent in found:
        calls = " | ".join(f"{spent.calls[name]:,}" for name in names)
        rows.append(f"| {way} | {calls} | {spent.seconds:,.0f} s | {100 * spent.seconds / whole:.2f} % |")
    return rows


BEGIN, END = "<!-- bench/cascade.py -->", "<!-- end -->"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, help="a page whose table between its two marks is replaced")
    chosen = parser.parse_args()
    rows = table(compare(chosen.events, chosen.seed))
    print(*rows, sep="\n")
    if chosen.write is not None:
        text = chosen.write.read_text("utf-8")
        before, after = text.partition(BEGIN)[0], text.partition(END)[2]
        chosen.write.write_text(before + "\n".join((BEGIN, *rows, END)) + after, "utf-8")


if __name__ == "__main__":
    main()
