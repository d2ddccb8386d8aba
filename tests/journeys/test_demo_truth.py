"""A demo's numbers against its truth: what the Measure page estimates covers what the simulator knows."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from seawall.core.clock import FixedClock, parse_time
from seawall.measure.leaked import leaked_items
from seawall.measure.model import Estimate, Window
from seawall.measure.strategy import strategy_disturbance, strategy_precision
from seawall.policy.model import Mode
from seawall.review.tables import LABELS
from seawall.serve.demo.day import live_day, prepare, simulate_day
from seawall.serve.effects import LANE_SALT
from seawall.serve.process import open_live
from seawall.serve.settings import Settings

EVENTS = 7_000
NOON = parse_time("2026-06-01T12:00:00Z")
LANE = (("rate: 0.35", "rate: 0.9"), ("everything: 0.03", "everything: 0.15"))  # a small day needs more


pytestmark = pytest.mark.timeout(1_800)


class Line(NamedTuple):
    """One event of the day, with what was decided and what is true."""

    decision: dict[str, Any]
    truth: dict[str, Any]


class Lived(NamedTuple):
    """A day that was lived: its lines, and what the pages estimate of it."""

    lines: list[Line]
    precision: dict[str, Estimate]
    disturbance: dict[str, Estimate]
    leakage: Estimate
    active: int
    alone: list[bool]
    together: list[bool]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """The same day, drawn and judged the same way each time: only the salt is a test's own."""
    root = tmp_path_factory.mktemp("truth") / "project"
    settings = Settings(min_free_bytes=0, public_url="http://127.0.0.1:8400")
    paths, _ = prepare(root, settings)
    written = (root / "seawall.yml").read_text()
    for before, after in LANE:
        assert before in written
        written = written.replace(before, after)
    (root / "seawall.yml").write_text(written)
    (paths.data / LANE_SALT).write_text("f" * 64)
    clock = FixedClock(NOON)
    simulate_day(paths, events=EVENTS, clock=clock, progress=lambda _: None)
    live_day(paths, settings, progress=lambda _: None)
    pairs = zip(*(path.read_text().splitlines() for path in (paths.decisions, paths.truth)), strict=True)
    lines = [Line(json.loads(decision), json.loads(truth)) for decision, truth in pairs]
    window = Window(NOON - 25 * 3_600_000_000, NOON + 3_600_000_000)
    live = open_live(root, settings, clock=FixedClock(NOON + 60_000_000))
    try:
        active = live.store.active(window.since, window.until)
        strategies = [one for one in live.project.strategies.values() if one.mode is Mode.LIVE]
        with live.store.ledger.read() as connection:
            truths = {line.truth["event_id"]: line.truth["clause"] is not None for line in lines}
            wrong: dict[bool, list[bool]] = {False: [], True: []}
            columns = (LABELS.c.provenance, LABELS.c.event_id, LABELS.c.violates)
            for provenance, event_id, violates in connection.execute(select(*columns)):
                if event_id in truths:
                    wrong[provenance == "random"].append(bool(violates) != truths[event_id])
            return Lived(
                lines,
                {one.name: strategy_precision(connection, one, window) for one in strategies},
                {
                    one.name: strategy_disturbance(connection, one, window, active=active)
                    for one in strategies
                },
                leaked_items(connection, window),
                active,
                wrong[False],
                wrong[True],
            )
    finally:
        live.stop()


def asked_by(line: Line, strategy: str) -> bool:
    """The strategy asked for something other than help."""
    return any(
        ground["strategy"] == strategy and action["axis"] != "support"
        for action in line.decision["actions"]
        for ground in action["grounds"]
    )


def covers(estimate: Estimate, truth: float) -> bool:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low <= truth <= estimate.high


def test_precision_covers_the_truth_wherever_there_is_a_value(lived: Lived) -> None:
    known = {name: one for name, one in lived.precision.items() if one.value is not None}
    assert len(known) >= 3
    missed = {}
    for name, estimate in known.items():
        fired = [line for line in lived.lines if name in line.decision["fired"]]
        truth = sum(line.truth["clause"] is not None for line in fired) / len(fired)
        if not covers(estimate, truth):
            missed[name] = (estimate.low, truth, estimate.high)
    assert missed == {}


def test_where_labels_are_too_few_there_is_no_value_but_how_many_are_missing(lived: Lived) -> None:
    few = [one for one in lived.precision.values() if one.value is None]
    assert few
    assert all(one.n < 30 and "too few labels" in one.sentence for one in few)


def test_disturbance_covers_the_people_who_were_really_wronged(lived: Lived) -> None:
    missed = {}
    for name, estimate in lived.disturbance.items():
        wronged = {
            line.decision["actor"]
            for line in lived.lines
            if asked_by(line, name) and line.truth["clause"] is None
        }
        truth = len(wronged) / lived.active * 10_000
        if estimate.basis == "labels" and not covers(estimate, truth):
            missed[name] = (estimate.low, truth, estimate.high)
    assert missed == {}


def test_leakage_covers_what_really_got_through(lived: Lived) -> None:
    violating = [
        line for line in lived.lines if line.truth["clause"] is not None and line.decision["subject"]
    ]
    through = [
        line
        for line in violating
        if not any(
            action["axis"] == "visibility" and action["action"] != "label"
            for action in line.decision["actions"]
        )
    ]
    assert lived.leakage.value is not None
    assert covers(lived.leakage, len(through) / len(violating))


def test_those_who_label_err_as_they_say(lived: Lived) -> None:
    """They know the truth, and one alone misses it now and then; two who confer hardly ever do."""
    assert len(lived.alone) > 100
    assert 0 < sum(lived.alone) / len(lived.alone) < 0.06
    assert len(lived.together) > 500
    assert sum(lived.together) / len(lived.together) < 0.005
