"""A backtest says what deciding would have said, whichever engine counts and in however many parts."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from seawall.act.facts import Subject
from seawall.core.clock import FixedClock, parse_time
from seawall.core.errors import UsageError
from seawall.decide.model import Sample
from seawall.ingest import Intake
from seawall.measure.backtest import Backtest, Tally, chunks_of, conclude, prepared, run_columns
from seawall.measure.backtest.render import as_text
from seawall.measure.backtest.tally import by_key
from seawall.policy.read import require_project
from seawall.review.model import Label
from seawall.serve.backtest import History, backtest
from seawall.serve.cli.app import build
from seawall.serve.worker import Worker
from seawall.signals import KINDS, Detectors
from seawall.simulate.day import day
from seawall.simulate.rhythm import HOUR, Period
from seawall.store import Recorded

STARTER = Path(__file__).resolve().parents[3] / "src" / "seawall" / "policy" / "starter"
NOW = parse_time("2026-03-03T00:00:00Z")
EVENTS = 3_000


@pytest.fixture(scope="module")
def project():
    return require_project(STARTER, kinds=KINDS)


@pytest.fixture(scope="module")
def lines() -> list[tuple[dict, dict]]:
    period = Period(parse_time("2026-03-01T00:00:00Z"), 24 * HOUR)
    return [(json.loads(event), json.loads(truth)) for event, truth in day(period, events=EVENTS, seed=3)]


@pytest.fixture(scope="module")
def history(lines, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("history") / "day.jsonl"
    path.write_text("".join(f"{json.dumps(event)}\n" for event, _ in lines), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def comments(lines, project, tmp_path_factory) -> Path:
    """The comments alone, as Parquet, in groups of 200 rows."""
    names = [*project.events["comment"].fields, "id", "type", "ts", "market", "language"]
    rows = [{name: event.get(name) for name in names} for event, _ in lines if event["type"] == "comment"]
    table = pa.Table.from_pylist(rows)
    moments = pa.array([parse_time(row["ts"]) for row in rows], pa.timestamp("us"))
    table = table.set_column(table.schema.get_field_index("ts"), "ts", moments)
    path = tmp_path_factory.mktemp("history") / "comments.parquet"
    pq.write_table(table, path, row_group_size=200)
    return path


def counts(report: Backtest) -> Backtest:
    return msgspec.structs.replace(report, engine="")


def test_both_engines_give_the_same_numbers(project, history):
    """Several types, features over several of them, signals, banks, markets and languages."""
    by_columns, by_sql = (
        backtest(project, History(path=history), now=NOW, engine=engine) for engine in ("column", "duckdb")
    )
    assert counts(by_columns) == counts(by_sql)
    assert by_columns.events == EVENTS
    assert sum(each.fired for each in by_columns.strategies) > 50
    assert any(each.signal_missing for each in by_columns.strategies)


def test_parts_of_a_file_add_up_to_the_whole(project, comments):
    """Features look back over the border; the order of parts does not show."""
    whole, parts = (backtest(project, History(path=comments), now=NOW, workers=workers) for workers in (1, 3))
    assert parts == whole
    assert (
        any(
            "actor_comments_10m" in example.read
            for each in whole.strategies
            for kept in each.examples.values()
            for example in kept
        )
        or whole.events
    )


def test_a_parquet_file_is_read_as_its_records_are(project, comments):
    by_record = [
        Intake(project).take(record, now=NOW)
        for row in pq.read_table(comments).to_pylist()
        if (record := {**row, "ts": row["ts"].isoformat() + "Z"})
    ]
    with pytest.MonkeyPatch.context():
        detectors = Detectors(project, KINDS)
        tally = run_columns(
            project,
            chunks_of(project, [(event, None) for event in by_record], size=500),
            prepared(project),
            detectors,
        )
        detectors.close()
    assert conclude(project, tally, engine="column", labelled=False) == backtest(
        project, History(path=comments), now=NOW, workers=1
    )


def test_it_finds_what_was_decided_and_what_nobody_needed_to_know(project, lines):
    """Deciding leaves open what would change nothing; nothing that fired is lost."""
    intake = Intake(project)
    events = [intake.take(event, now=NOW) for event, _ in lines]
    worker = Worker(project, store=None, clock=FixedClock(NOW), warm=False)
    decisions = worker.decide(events)
    worker.close()
    detectors = Detectors(project, KINDS)
    tally = run_columns(
        project, chunks_of(project, list(zip(events, decisions, strict=True))), prepared(project), detectors
    )
    detectors.close()
    report = conclude(project, tally, engine="column", labelled=False)
    fired, opened = {}, {}
    for decision in decisions:
        for name in (*decision.fired, *decision.shadow):
            fired[name] = fired.get(name, 0) + 1
        for name in decision.undetermined:
            opened[name] = opened.get(name, 0) + 1
    for each in report.strategies:
        assert each.no_longer == 0
        assert each.as_before == fired.get(each.strategy, 0)
        assert each.newly is not None
        assert each.newly <= opened.get(each.strategy, 0)


def label(event: dict, *, violates: bool, clause: str = "", probability: float | None = None) -> Label:
    return Label(
        label_id=event["id"],
        subject=Subject("comment", event["comment_id"]),
        event_id=event["id"],
        clause=clause,
        violates=violates,
        provenance="import:test",
        reviewer="r",
        inclusion_probability=probability,
        at=0,
    )


def test_labels_give_precision_recall_and_examples(project, lines):
    """Of 60 labelled comments the strategy fires on 40, rightly on 30, and misses 10 of 40."""
    chosen = [event for event, _ in lines if event["type"] == "comment"][:80]
    for place, event in enumerate(chosen):
        event["text"] = "Send 50 coins today, get 100 back" if place < 40 else "lovely"
        event["account_age_days"] = 1
    clause = "fraud/scams#c1"
    labels = [
        label(
            event,
            violates=place < 30 or 40 <= place < 50,
            clause=clause if place < 50 else "",
            probability=0.5,
        )
        for place, event in enumerate(chosen[:60])
    ]
    intake, detectors = Intake(project), Detectors(project, KINDS)
    pairs = [(intake.take(event, now=NOW), None) for event in chosen]
    tally = run_columns(
        project, chunks_of(project, pairs), prepared(project), detectors, labels=by_key(labels)
    )
    detectors.close()
    report = conclude(project, tally, engine="column", labelled=True)
    (found,) = (each for each in report.strategies if each.strategy == "fraud.double_your_coins")
    assert (found.fired, report.labelled) == (40, 60)
    assert found.precision.value == 0.75
    assert found.recall.value == 0.75
    assert found.recall.low < 0.75 < found.recall.high
    assert [len(found.examples[kind]) for kind in ("fired", "missed", "wrong")] == [3, 3, 3]
    assert [each.what for each in found.missed_promises] == ["precision", "disturbance_per_10k"]
    others = [each for each in report.strategies if each.strategy != "fraud.double_your_coins"]
    assert all(each.precision.value is None for each in others if not each.fired)


def test_nothing_judged_says_nothing():
    assert Tally().first is None


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_the_command_says_it_in_three_forms(history, form):
    arguments = ["backtest", "--project", str(STARTER), "--events", str(history), "--format", form]
    said = CliRunner().invoke(build(), [*arguments, "--strategy", "spam.shouting"], catch_exceptions=False)
    assert said.exit_code == 0
    assert "spam.shouting" in said.stdout
    assert "spam.hidden_link" not in said.stdout
    if form == "json":
        assert json.loads(said.stdout)["events"]


def test_a_slip_is_told_with_its_mend(project, history):
    with pytest.raises(UsageError, match="no strategy") as wrong:
        backtest(project, History(path=history), now=NOW, strategies=["spam.shoutin"])
    assert "spam.shouting" in str(wrong.value.hint)
    with pytest.raises(UsageError, match="no engine"):
        backtest(project, History(path=history), now=NOW, engine="colum")


class Held:
    """A store that holds what was decided, with so much of it in the audit sample."""

    def __init__(self, project, lines, probability: float) -> None:
        intake = Intake(project)
        events = [intake.take(event, now=NOW) for event, _ in lines]
        sample = Sample(probability, "test")
        worker = Worker(project, store=None, clock=FixedClock(NOW), warm=False, sample=sample)
        decided = worker.decide(events)
        worker.close()
        self._held = [
            Recorded(event, decision, None, "w", n)
            for n, (event, decision) in enumerate(zip(events, decided, strict=True))
        ]

    def between(self) -> list[Recorded]:
        return self._held

    story = between


def of_signals(report: Backtest) -> dict:
    return {each.strategy: each for each in report.strategies}


def test_signals_as_they_were_read_are_weighted_by_the_audit_sample(project, lines):
    """Where everything was bought nothing is guessed; where half was, the truth lies within the interval."""
    anew, all_, half = (
        of_signals(backtest(project, History(store=Held(project, lines, p)), now=NOW, recorded=recorded))
        for p, recorded in ((1.0, False), (1.0, True), (0.5, True))
    )
    told = missed = 0
    for name, each in anew.items():
        assert each.estimated is None
        whole, guess = all_[name].estimated, half[name].estimated
        assert all_[name].fired == each.fired
        assert whole.value is None or round(whole.value, 6) == each.fired
        if guess.value is not None:
            told += guess.low < guess.value < guess.high
            missed += not guess.low <= each.fired <= guess.high
        assert half[name].signal_missing >= each.signal_missing
    assert told > 3
    assert missed <= 1, "intervals of 95 %, one draw of the sample, which is always the same"
    assert any(half[name].signal_missing > each.signal_missing for name, each in anew.items())


def test_engines_weight_alike(project, lines):
    store = Held(project, lines, 0.3)
    labels = [
        label(event, violates=n % 3 == 0) for n, (event, _) in enumerate(lines) if "comment_id" in event
    ]
    reports = [
        backtest(project, History(store=store), now=NOW, recorded=True, labels=labels, engine=engine)
        for engine in ("column", "duckdb")
    ]
    assert counts(reports[0]) == counts(reports[1])
    assert "audit sample" in as_text(reports[0])


def test_a_file_holds_no_signals_that_were_read(project, history):
    with pytest.raises(UsageError, match="no signals that were read"):
        backtest(project, History(path=history), now=NOW, recorded=True)
    arguments = ["backtest", "--project", str(STARTER), "--events", str(history), "--signals", "recorded"]
    assert CliRunner().invoke(build(), arguments).exit_code != 0
