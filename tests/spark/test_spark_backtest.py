"""`seawall backtest --engine spark` says what the other engines say, from JSON lines and from Parquet."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seawall.core.clock import parse_time
from seawall.measure.backtest import Backtest
from seawall.measure.backtest.engine_spark import SparkEngine
from seawall.policy.read import require_project
from seawall.serve import backtest as serving
from seawall.serve.backtest import ENGINES, History, backtest
from seawall.signals import KINDS
from seawall.simulate.day import day
from seawall.simulate.rhythm import HOUR, Period

pytestmark = pytest.mark.spark
STARTER = Path(__file__).resolve().parents[2] / "src" / "seawall" / "policy" / "starter"
NOW = parse_time("2026-03-03T00:00:00Z")
EVENTS = 3_000


@pytest.fixture(scope="module")
def project():
    return require_project(STARTER, kinds=KINDS)


@pytest.fixture(scope="module")
def events() -> list[dict]:
    period = Period(parse_time("2026-03-01T00:00:00Z"), 24 * HOUR)
    return [json.loads(event) for event, _ in day(period, events=EVENTS, seed=3)]


@pytest.fixture(params=["jsonl", "parquet"])
def history(request, events, project, tmp_path) -> Path:
    if request.param == "jsonl":
        path = tmp_path / "day.jsonl"
        path.write_text("".join(f"{json.dumps(event)}\n" for event in events), encoding="utf-8")
        return path
    names = [*project.events["comment"].fields, "id", "type", "ts", "market", "language"]
    rows = [{name: event.get(name) for name in names} for event in events if event["type"] == "comment"]
    table = pa.Table.from_pylist(rows)
    moments = pa.array([parse_time(row["ts"]) for row in rows], pa.timestamp("us"))
    table = table.set_column(table.schema.get_field_index("ts"), "ts", moments)
    path = tmp_path / "comments.parquet"
    pq.write_table(table, path, row_group_size=200)
    return path


def counts(report: Backtest) -> Backtest:
    return msgspec.structs.replace(report, engine="")


def test_every_engine_gives_the_same_report(project, history, spark, monkeypatch):
    """Several types, features over several of them, signals, banks, markets and languages: all of it."""
    engine = SparkEngine(spark.session, spark.folder)
    monkeypatch.setitem(serving._SQL, "spark", lambda: nullcontext(engine))
    reports = {each: backtest(project, History(path=history), now=NOW, engine=each) for each in ENGINES}
    assert sum(each.fired for each in reports["column"].strategies) > 50
    assert counts(reports["duckdb"]) == counts(reports["column"])
    assert counts(reports["spark"]) == counts(reports["column"])
