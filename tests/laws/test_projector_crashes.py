"""Crash the projector between any two steps: nothing is lost, nothing is counted twice."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, delete, event, select

from seawall.core.action import Review
from seawall.core.decision import Decision
from seawall.core.errors import Corrupt
from seawall.store.entry import Before, Control, Entry, Kind, encode
from seawall.store.journal import Journal
from seawall.store.ledger import Ledger
from seawall.store.projections import PROJECTIONS
from seawall.store.projector import Projector
from seawall.store.tables import CONTROLS, CURSORS, FIRED_MINUTE, LOCKS, ROLLUPS_MINUTE
from seawall.testing.files_dropping import DroppingFiles

sys.path.append(str(Path(__file__).parents[1] / "contracts"))
from store_ledgers import BACKENDS, drop_schema, new_schema

PROJECTED = (ROLLUPS_MINUTE, FIRED_MINUTE, CONTROLS)
NAMES = st.lists(st.sampled_from(["spam.burst", "scam.gift"]), unique=True, max_size=2).map(tuple)
DECISIONS = st.builds(
    Decision,
    decision_id=st.text("0123456789abcdef", min_size=8, max_size=8),
    event_id=st.just("e"),
    type=st.sampled_from(["comment", "video"]),
    ts=st.integers(0, 10**9),
    market=st.sampled_from([None, "SG"]),
    subject=st.sampled_from([None, "c1", "c2"]),
    actor=st.sampled_from(["u1", "u2"]),
    action=st.sampled_from(["allow", "remove"]),
    review=st.sampled_from([(), (Review("q"),)]),
    fired=NAMES,
    shadow=NAMES,
    decided_at=st.integers(0, 10**6),
)
BEFORES = st.none() | st.builds(Before, action=st.just("allow"), reviewed=st.booleans(), fired=NAMES)
CONTROL = Control(kind="pause", target="spam.burst", by="ann", reason="too many", at=5)
ENTRIES = st.builds(Entry, decision=DECISIONS, before=BEFORES) | st.just(CONTROL)
STREAMS = st.dictionaries(
    st.sampled_from(["a", "b"]), st.lists(ENTRIES, min_size=1, max_size=12), min_size=1, max_size=2
)


class Crash(Exception):
    """The process is gone."""


@pytest.fixture(scope="module", params=BACKENDS)
def ledger(request, tmp_path_factory):
    if request.param == "sqlite":
        ledger = Ledger.open(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'ledger.db'}")
        yield ledger
        ledger.close()
        return
    url, server = new_schema()
    ledger = Ledger.open(url)
    yield ledger
    ledger.close()
    drop_schema(url, server)


def journals(streams: dict) -> dict[str, Journal]:
    opened = {}
    for writer, bodies in streams.items():
        opened[writer] = Journal.open(Path("/j") / writer, files=DroppingFiles(), segment_bytes=1500)
        for body in bodies:
            kind = Kind.CONTROL if isinstance(body, Control) else Kind.DECISION
            opened[writer].write([(kind, encode(body))])
    return opened


def empty(ledger: Ledger) -> None:
    with ledger.begin() as connection:
        for table in (*PROJECTED, CURSORS, LOCKS):
            connection.execute(delete(table))


def picture(ledger: Ledger) -> dict[str, list]:
    """Every projected row; a count that came to nothing is as good as no row."""
    with ledger.read() as connection:
        return {table.name: _rows(connection, table) for table in PROJECTED}


def _rows(connection, table: Table) -> list:
    rows = [tuple(row) for row in connection.execute(select(table))]
    return sorted((row for row in rows if row[-1] != 0), key=repr)


@contextmanager
def crashing(ledger: Ledger, after: int):
    """The process dies before the n-th statement from now; a commit counts as one."""
    left = [after]

    def step(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Crash

    event.listen(ledger.engine, "before_cursor_execute", step)
    event.listen(ledger.engine, "commit", step)
    try:
        yield
    finally:
        event.remove(ledger.engine, "before_cursor_execute", step)
        event.remove(ledger.engine, "commit", step)


@settings(max_examples=max(20, settings().max_examples // 2))
@given(streams=STREAMS, crashes=st.lists(st.tuples(st.integers(1, 14), st.integers(1, 5)), max_size=6))
def test_any_number_of_crashes_equals_one_clean_pass(ledger: Ledger, streams, crashes) -> None:
    empty(ledger)
    sources = journals(streams)
    Projector(ledger, sources, PROJECTIONS).catch_up()
    clean = picture(ledger)

    empty(ledger)
    for after, batch in crashes:
        projector = Projector(ledger, sources, PROJECTIONS)
        try:
            with crashing(ledger, after):
                while projector.step(limit=batch):
                    pass
        except Crash:
            continue
    survivor = Projector(ledger, sources, PROJECTIONS)
    while survivor.step(limit=3):
        pass
    assert picture(ledger) == clean
    assert survivor.lag == 0


@settings(max_examples=max(20, settings().max_examples // 2))
@given(streams=STREAMS)
def test_the_order_of_records_does_not_matter(ledger: Ledger, streams) -> None:
    forth = {
        writer: [body for body in bodies if isinstance(body, Entry)] for writer, bodies in streams.items()
    }
    back = {writer: bodies[::-1] for writer, bodies in forth.items()}
    pictures = []
    for order in (forth, back):
        empty(ledger)
        Projector(ledger, journals(order), PROJECTIONS).catch_up()
        pictures.append(picture(ledger))
    assert pictures[0] == pictures[1]


@given(streams=STREAMS)
@settings(max_examples=20)
def test_the_rollups_count_every_decision_once(ledger: Ledger, streams) -> None:
    empty(ledger)
    Projector(ledger, journals(streams), PROJECTIONS).catch_up()
    expected: Counter = Counter()
    for bodies in streams.values():
        for body in bodies:
            if isinstance(body, Entry):
                expected[body.decision.type] += 1 - (body.before is not None)
    with ledger.read() as connection:
        rows = connection.execute(select(ROLLUPS_MINUTE.c.type, ROLLUPS_MINUTE.c.decisions)).all()
    found: Counter = Counter()
    for kind, count in rows:
        found[kind] += count
    assert {kind: count for kind, count in found.items() if count} == {
        kind: count for kind, count in expected.items() if count
    }


def test_a_ledger_that_knows_more_than_the_journal_holds_is_refused(ledger: Ledger) -> None:
    empty(ledger)
    entry = Entry(Decision(decision_id="d", event_id="e", type="comment", ts=0))
    Projector(ledger, journals({"a": [entry, entry]}), PROJECTIONS).catch_up()
    with pytest.raises(Corrupt, match="the journal ends at"):
        Projector(ledger, journals({"a": [entry]}), PROJECTIONS)
