"""What the store was given it gives back: once, whole, by every way of asking."""

from __future__ import annotations

import errno
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_pairs import T0, open_store, pair

from seawall.core.clock import FixedClock
from seawall.core.errors import Busy, Conflict, DiskFull, StorageError, UsageError
from seawall.store import Control, Filter, Limits
from seawall.store.files_os import REAL
from seawall.testing.files_failing import FailingFiles

if TYPE_CHECKING:
    from pathlib import Path

SMALL = Limits(min_free_bytes=0, segment_bytes=4000)  # a few decisions per segment


def ids(recorded) -> list[str]:
    return [one.decision.event_id for one in recorded]


def test_a_decision_comes_back_as_it_was_with_its_event(tmp_path: Path) -> None:
    store = open_store(tmp_path, limits=SMALL)
    pairs = [pair(n) for n in range(40)]
    store.record(pairs)
    for life in range(2):
        for event, decision in pairs:
            assert store.lookup("app", event.id) == decision
            for found in (store.find(decision.decision_id), store.find_event(event.id)):
                assert found is not None
                assert (found.event, found.decision, found.gone) == (event, decision, None)
        assert store.find("nobody") is store.find_event("nobody") is store.lookup("app", "nobody") is None
        assert store.lookup("other", "e1") is None
        store.close()
        if life == 0:
            store = open_store(tmp_path, limits=SMALL)


def test_the_same_decision_again_is_passed_over(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.record([pair(1), pair(1), pair(2)])
    store.record([pair(2), pair(3)])
    assert ids(store.between()) == ["e1", "e2", "e3"]
    store.close()
    store = open_store(tmp_path)
    store.record([pair(3), pair(4)])
    assert ids(store.between()) == ["e1", "e2", "e3", "e4"]
    store.close()


def test_the_same_id_with_another_content_keeps_nothing_of_the_batch(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.record([pair(1)])
    event, decision = pair(1)
    changed = type(event)(**{**{f: getattr(event, f) for f in event.__struct_fields__}, "digest": "f" * 64})
    with pytest.raises(Conflict, match="'e1' of source 'app'"):
        store.record([pair(2), (changed, decision)])
    assert ids(store.between()) == ["e1"]
    store.close()


def test_a_later_round_shares_the_event_and_takes_back_what_was_counted(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    event, first = pair(3)
    _, second = pair(
        3, decision_id="second", round=2, supersedes=first.decision_id, action="allow", actions=(), fired=()
    )
    store.record([(event, first)])
    store.record([(event, second)])
    assert store.lookup("app", "e3") == second
    found = store.find("second")
    assert found is not None
    assert found.event == event
    store.project()
    with store.ledger.read() as connection:
        query = "SELECT action, sum(decisions) FROM rollups_minute GROUP BY action HAVING sum(decisions) > 0"
        assert connection.exec_driver_sql(query).all() == [("allow", 1)]
        query = "SELECT coalesce(sum(fires), 0) FROM fired_minute WHERE mode = 'live'"
        assert connection.exec_driver_sql(query).scalar() == 0
    store.close()


def test_a_full_disk_keeps_nothing_and_the_call_can_be_made_again(tmp_path: Path) -> None:
    files = FailingFiles(REAL)
    store = open_store(tmp_path, files=files)
    store.record([pair(1)])
    for after in (0, 1):  # the payloads are written first, then the decisions
        files.fail("write_at", errno.ENOSPC, after=after)
        with pytest.raises(DiskFull):
            store.record([pair(2), pair(3)])
        assert store.lookup("app", "e2") is None
    store.record([pair(2), pair(3)])
    assert ids(store.between()) == ["e1", "e2", "e3"]
    store.close()


def test_after_a_failed_sync_the_store_mends_itself(tmp_path: Path) -> None:
    files = FailingFiles(REAL)
    store = open_store(tmp_path, files=files)
    store.record([pair(1)])
    for after in (0, 1):
        files.fail("sync", errno.EIO, after=after)
        with pytest.raises(StorageError):
            store.record([pair(2)])
    store.record([pair(2), pair(3)])
    assert ids(store.between()) == ["e1", "e2", "e3"]
    assert ids(store.search().decisions) == ["e3", "e2", "e1"]
    store.close()


def test_a_reader_beside_the_writer_sees_what_is_there_and_changes_nothing(tmp_path: Path) -> None:
    writer = open_store(tmp_path, limits=SMALL)
    writer.record([pair(n) for n in range(20)])
    writer.seal(now=True)
    reader = open_store(tmp_path, read_only=True, effects=False)
    assert ids(reader.between()) == [f"e{n}" for n in range(20)]
    assert reader.find_event("e7") == writer.find_event("e7")
    assert ids(reader.search(limit=2).decisions) == ["e19", "e18"]
    with pytest.raises(UsageError, match="reading only"):
        reader.record([pair(21)])
    with pytest.raises(UsageError, match="another process"):
        open_store(tmp_path)
    reader.close()
    writer.close()


def test_a_damaged_or_missing_index_is_built_again(tmp_path: Path) -> None:
    store = open_store(tmp_path, limits=SMALL)
    for n in range(30):
        store.record([pair(n)])
    store.close()
    indexes = sorted((tmp_path / "journal" / "main").glob("*.idx"))
    assert len(indexes) > 2
    indexes[0].unlink()
    indexes[1].write_bytes(indexes[1].read_bytes()[:-3] + b"xyz")
    store = open_store(tmp_path, limits=SMALL)
    assert [store.find_event(f"e{n}").decision.event_id for n in range(30)] == [f"e{n}" for n in range(30)]
    assert [store.lookup("app", f"e{n}").event_id for n in range(30)] == [f"e{n}" for n in range(30)]
    store.close()


def test_the_door_closes_before_the_disk_is_full_or_the_ledger_far_behind(tmp_path: Path) -> None:
    files = FailingFiles(REAL)
    store = open_store(tmp_path, files=files, limits=Limits(min_free_bytes=1000, lag_limit=500))
    store.room()
    files.free = 999
    with pytest.raises(Busy, match="999 bytes"):
        store.room()
    files.free = None
    store.record([pair(n) for n in range(3)])
    with pytest.raises(Busy, match="behind"):
        store.room()
    store.project()
    store.room()
    store.close()


def test_control_records_are_kept_in_order(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    pause = Control(kind="pause", target="spam.burst", by="ann", reason="too many", at=1)
    resume = Control(kind="resume", target="spam.burst", by="ann", reason="mended", at=2)
    first, second = store.control(pause), store.control(resume)
    assert first < second
    assert list(store.controls()) == [(first, pause), (second, resume)]
    store.project()
    with store.ledger.read() as connection:
        rows = connection.exec_driver_sql("SELECT sequence, kind FROM controls ORDER BY sequence").all()
    assert rows == [(first, "pause"), (second, "resume")]
    store.close()


def test_erasure_reaches_journal_payloads_and_lake(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.record([pair(n) for n in range(6)])
    store.seal(now=True)
    store.record([pair(n) for n in range(6, 10)])
    assert store.erase(["e2", "e7", "unknown"]) == 2
    assert store.erase(["e2", "e7"]) == 0
    store.record([pair(10)])
    for life in range(2):
        for n in range(11):
            found = store.find_event(f"e{n}")
            assert (found.event, found.gone) == ((None, "erased") if n in {2, 7} else (pair(n)[0], None))
            assert found.decision == pair(n)[1]
        assert store.ask("SELECT event_id FROM decisions WHERE event IS NULL").rows == [["e2"]]
        store.close()
        if life == 0:
            store = open_store(tmp_path)
    everything = b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and "idx" not in path.name
    )
    assert b"comment 3 of" in everything
    assert b"comment 7 of" not in everything


def test_retention_drops_events_and_keeps_decisions(tmp_path: Path) -> None:
    clock = FixedClock(T0)
    store = open_store(tmp_path, clock=clock, limits=Limits(min_free_bytes=0, retention_days=30))
    store.record([pair(n) for n in range(4)])
    store.seal(now=True)
    clock.advance(seconds=29 * 86_400)
    store.seal(now=True)
    assert store.find_event("e1").gone is None
    clock.advance(seconds=3 * 86_400)
    _, late = pair(5, decided_at=clock.now())
    store.record([(pair(5)[0], late)])
    store.seal(now=True)
    found = store.find_event("e1")
    assert (found.event, found.gone, found.decision) == (None, "retention", pair(1)[1])
    assert store.find_event("e5").event == pair(5)[0]
    assert store.ask("SELECT event_id FROM decisions WHERE event IS NOT NULL").rows == [["e5"]]
    store.close()


FILTERS = st.builds(
    Filter,
    type=st.sampled_from([None, "comment", "video"]),
    market=st.sampled_from([None, "SG"]),
    action=st.sampled_from([None, "remove"]),
    strategy=st.sampled_from([None, "spam.burst", "spam.words"]),
    subject=st.sampled_from([None, "c12"]),
    actor=st.sampled_from([None, "u1"]),
    since=st.sampled_from([None, T0 + 10_000_000]),
    until=st.sampled_from([None, T0 + 40_000_000]),
    shadow=st.booleans(),
    reviewed=st.sampled_from([None, True, False]),
)


@pytest.fixture(scope="module")
def three_parts(tmp_path_factory: pytest.TempPathFactory):
    """Sixty decisions: some in two files of the lake, some in the tail."""
    store = open_store(tmp_path_factory.mktemp("store"))
    for start in (0, 20, 40):
        store.record([pair(n) for n in range(start, start + 20)])
        if start < 40:
            store.seal(now=True)
    yield store
    store.close()


@settings(max_examples=60)
@given(wanted=FILTERS, limit=st.integers(1, 25))
def test_a_search_page_by_page_finds_what_reading_everything_finds(three_parts, wanted, limit) -> None:
    expected = [f"e{n}" for n in range(59, -1, -1) if wanted.matches(pair(n)[1])]
    found: list[str] = []
    cursor = None
    for _ in range(100):
        page = three_parts.search(wanted, limit=limit, cursor=cursor)
        found += ids(page.decisions)
        cursor = page.cursor
        if cursor is None:
            break
        assert len(page.decisions) == limit
    assert found == expected
    assert ids(three_parts.between(wanted.since, wanted.until)) == [
        f"e{n}" for n in range(60) if Filter(since=wanted.since, until=wanted.until).matches(pair(n)[1])
    ]


def test_a_cursor_that_is_none_of_ours_is_refused(three_parts) -> None:
    with pytest.raises(UsageError, match="no cursor"):
        three_parts.search(cursor="DROP TABLE")


def test_a_sample_is_drawn_from_lake_and_tail_alike(three_parts) -> None:
    everything = ids(three_parts.sample(["comment", "video"], T0, T0 + 10**9, limit=1000))
    assert everything == [f"e{n}" for n in range(60)]
    drawn = ids(three_parts.sample(["comment", "video"], T0, T0 + 10**9, limit=30))
    assert drawn == ids(three_parts.sample(["comment", "video"], T0, T0 + 10**9, limit=30))
    thirds = Counter(int(name[1:]) // 20 for name in drawn)  # two thirds lie in the lake, one in the tail
    assert len(drawn) == 30
    assert min(thirds[part] for part in range(3)) >= 4
    assert three_parts.sample(["comment", "video"], T0, T0, limit=30) == []
    assert three_parts.sample([], T0, T0 + 10**9, limit=30) == []
