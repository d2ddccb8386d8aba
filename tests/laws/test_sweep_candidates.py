"""What the lake is asked for is never too little: wherever a strategy fires, its event is chosen."""

from __future__ import annotations

import duckdb
import msgspec
import pytest
from hypothesis import given
from test_engine_cascade import _decide, _events, _project, _strategies

from seawall.policy.model import Mode
from seawall.serve.sweep.candidates import where
from seawall.serve.sweep.model import Selection
from seawall.store.rows import as_sent


@pytest.fixture(scope="module")
def lake() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE decisions"
        " (type VARCHAR, market VARCHAR, language VARCHAR, source VARCHAR, event VARCHAR)"
    )
    return connection


@given(strategies=_strategies(), given_=_events())
def test_an_event_on_which_a_strategy_fires_is_chosen(
    lake: duckdb.DuckDBPyConnection, strategies: list, given_: tuple
) -> None:
    project = _project(strategies)
    (decision,) = _decide(project, [given_], everything=True)
    event = given_[0]
    lake.execute("DELETE FROM decisions")
    sent = msgspec.json.encode(as_sent(event)).decode()
    lake.execute(
        "INSERT INTO decisions VALUES (?, ?, ?, ?, ?)",
        [event.type, event.market, event.language, event.source, sent],
    )
    for name in decision.fired:
        assert project.strategies[name].mode is Mode.LIVE
        sql = f"SELECT count(*) FROM decisions WHERE {where(project, Selection(strategies=(name,)))}"
        assert lake.execute(sql).fetchone() == (1,)


def test_an_event_that_cannot_matter_is_not_chosen(lake: duckdb.DuckDBPyConnection) -> None:
    from seawall.policy.model import Then
    from seawall.testing import projects

    young = projects.strategy(
        "young", "account_age_days < 3 AND sa > 0.5", Then(action="remove", target="subject")
    )
    project = projects.project(strategies=[young], signals=[projects.signal("sa")])
    lake.execute("DELETE FROM decisions")
    for age in ("1", "9", "null"):
        lake.execute(
            "INSERT INTO decisions VALUES ('comment', 'SG', 'en', NULL, ?)",
            [f'{{"account_age_days": {age}}}'],
        )
    lake.execute("INSERT INTO decisions VALUES ('comment', 'SG', 'en', NULL, NULL)")
    sql = f"SELECT event FROM decisions WHERE {where(project, Selection(strategies=('young',)))}"
    found = [row[0] for row in lake.execute(sql).fetchall()]
    assert found == ['{"account_age_days": 1}', '{"account_age_days": null}', None]
