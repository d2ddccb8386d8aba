"""The lake: whole or not at all, compacted without loss, and asked only what may be asked."""

from __future__ import annotations

import errno
import json
from typing import TYPE_CHECKING

import pytest
from store_pairs import T0, open_store, pair

from seawall.core.clock import FixedClock
from seawall.core.errors import StorageError, UsageError
from seawall.store import Limits
from seawall.store.desk import Desk
from seawall.store.files_os import REAL
from seawall.testing.files_failing import FailingFiles

if TYPE_CHECKING:
    from pathlib import Path

COUNT = "SELECT count(*), count(DISTINCT event_id) FROM decisions"


def test_a_row_says_everything_a_decision_says(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.record([pair(15)])
    store.seal(now=True)
    reply = store.ask(
        "SELECT event_id, epoch_us(ts), fired, reviewed, actions->>'$[0].action' AS act, "
        "signals->>'$.late.null' AS why, event->>'text' AS text, (event->>'n')::int AS n, "
        "event->'tags' AS tags, ordinal FROM decisions"
    )
    assert reply.rows == [
        [
            "e15",
            T0 + 15_000_000,
            ["spam.burst"],
            True,
            "remove",
            "timeout",
            "comment 15 of café",
            15,
            '["a","b"]',
            0,
        ]
    ]
    store.close()


def test_sealing_waits_for_age_or_size(tmp_path: Path) -> None:
    clock = FixedClock(T0)
    store = open_store(
        tmp_path, clock=clock, limits=Limits(min_free_bytes=0, seal_seconds=60, seal_bytes=10_000)
    )
    store.record([pair(0)])
    assert store.seal() == 0
    clock.advance(seconds=61)
    assert store.seal() == 1
    store.record([pair(n, decided_at=clock.now()) for n in range(1, 20)])
    assert store.seal() == 19
    assert store.ask(COUNT).rows == [[20, 20]]
    store.close()


@pytest.mark.parametrize("call", ["open", "write_at", "sync", "rename", "sync_dir"])
def test_a_seal_that_fails_anywhere_leaves_the_lake_as_it_was(tmp_path: Path, call: str) -> None:
    files = FailingFiles(REAL)
    store = open_store(tmp_path, files=files)
    store.record([pair(0)])
    store.seal(now=True)
    store.record([pair(1)])
    for after in range(3):
        files.fail(call, errno.EIO, after=after)
        try:
            store.seal(now=True)
        except StorageError:
            assert len(store.search().decisions) == 2
        files.heal()
    store.seal(now=True)
    assert store.ask(COUNT).rows == [[2, 2]]
    store.close()
    store = open_store(tmp_path)
    assert store.ask(COUNT).rows == [[2, 2]]
    store.close()


def test_leftovers_of_a_crash_are_removed_at_the_next_start(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.record([pair(0)])
    store.seal(now=True)
    store.close()
    folder = next((tmp_path / "lake" / "decisions").iterdir())
    (folder / "00000099-main.parquet").write_bytes(b"half a file")
    (folder / "00000099-main.parquet.new").write_bytes(b"half a file")
    store = open_store(tmp_path)
    assert len(list(folder.iterdir())) == 1
    assert store.ask(COUNT).rows == [[1, 1]]
    store.close()


def test_many_small_files_become_one_without_loss(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for n in range(40):
        store.record([pair(n)])
        store.seal(now=True)
    manifest = json.loads((tmp_path / "lake" / "manifest.json").read_text())
    assert len(manifest["files"]) < 20
    assert store.ask(COUNT).rows == [[40, 40]]
    assert [one.decision.event_id for one in store.search().decisions] == [f"e{n}" for n in range(39, -1, -1)]
    store.close()
    store = open_store(tmp_path)
    assert store.ask(COUNT).rows == [[40, 40]]
    store.close()


def test_a_lost_lake_is_sealed_again_from_the_journal(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.record([pair(n) for n in range(5)])
    store.seal(now=True)
    store.close()
    (tmp_path / "lake").rename(tmp_path / "moved")
    store = open_store(tmp_path)
    assert len(store.search().decisions) == 5
    assert store.seal(now=True) == 5
    assert store.ask(COUNT).rows == [[5, 5]]
    store.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory):
    desk = Desk(tmp_path_factory.mktemp("lake"), seconds=5)
    yield desk
    desk.close()


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "CREATE TABLE t AS SELECT 1",
        "ATTACH '{folder}/other.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "PRAGMA memory_limit = '100GB'",
        "SELECT 1; SELECT 2",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
        "SELECT nothing FROM decisions",
        "SELEC",
        "",
    ],
)
def test_the_desk_refuses_whatever_is_no_harmless_question(desk: Desk, tmp_path: Path, sql: str) -> None:
    with pytest.raises(UsageError):
        desk.ask(sql.format(folder=tmp_path), paths=[])
    assert list(tmp_path.iterdir()) == []


def test_an_empty_lake_has_its_columns(desk: Desk) -> None:
    assert desk.ask(
        "SELECT count(*), max(ts) FROM decisions WHERE list_contains(fired, 'x')", paths=[]
    ).rows == [[0, None]]


def test_a_question_that_takes_too_long_is_stopped_and_the_next_is_answered(tmp_path: Path) -> None:
    desk = Desk(tmp_path, seconds=1.5)
    with pytest.raises(UsageError, match="longer than"):
        desk.ask(
            "SELECT count(*) FROM range(100000000) a, range(100000) b WHERE a.range * b.range = 7", paths=[]
        )
    desk.close()
    patient = Desk(tmp_path, seconds=30)
    assert patient.ask("SELECT 1 AS one", paths=[]).rows == [[1]]
    patient.close()


def test_a_question_that_eats_too_much_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path, seconds=60, memory="40MB")
    with pytest.raises(UsageError, match=r"(?i)memory"):
        desk.ask("SELECT list(a.range || 'xxxxxxxxxxxxxxxxxxxxxxx') FROM range(5000000) a", paths=[])
    desk.close()


def test_no_more_rows_than_asked_for(desk: Desk) -> None:
    reply = desk.ask("SELECT * FROM range(10)", paths=[], limit=3)
    assert (len(reply.rows), reply.more) == (3, True)
    assert desk.ask("SELECT * FROM range(3)", paths=[], limit=3).more is False
