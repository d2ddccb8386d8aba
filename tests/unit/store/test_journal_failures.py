"""What the journal does when the disk does not."""

from __future__ import annotations

import errno
from pathlib import Path
from random import Random

import pytest

from seawall.core.errors import Corrupt, DiskFull, NotFound, StorageError, UsageError
from seawall.store.journal import Journal
from seawall.testing.files_dropping import DroppingFiles
from seawall.testing.files_failing import FailingFiles

FOLDER = Path("/data/journal/main")
FIRST_SEGMENT = FOLDER / f"{0:020d}.seg"


@pytest.fixture
def disk() -> DroppingFiles:
    return DroppingFiles()


@pytest.fixture
def files(disk: DroppingFiles) -> FailingFiles:
    return FailingFiles(disk)


def bodies(journal: Journal) -> list[bytes]:
    return [frame.body for frame in journal.read()]


def test_a_full_disk_keeps_nothing_of_the_group_and_the_journal_goes_on(files: FailingFiles) -> None:
    journal = Journal.open(FOLDER, files=files)
    journal.write([(1, b"before")])
    files.fail("write_at", errno.ENOSPC)
    with pytest.raises(DiskFull, match="No space left"):
        journal.write([(1, b"lost"), (1, b"lost too")])
    assert bodies(journal) == [b"before"]
    offset = journal.write([(1, b"after")])[0]
    assert bodies(journal) == [b"before", b"after"]
    assert journal.at(offset).body == b"after"
    journal.close()
    assert bodies(Journal.open(FOLDER, files=files)) == [b"before", b"after"]


def test_everyone_who_waited_for_a_failed_group_hears_of_it(files: FailingFiles) -> None:
    journal = Journal.open(FOLDER, files=files)
    mine, yours = journal.append([(1, b"mine")]), journal.append([(1, b"yours")])
    files.fail("write_at", errno.ENOSPC)
    with pytest.raises(DiskFull):
        journal.commit(mine)
    journal.write([(1, b"somebody else's")])
    with pytest.raises(DiskFull):
        journal.commit(yours)
    assert bodies(journal) == [b"somebody else's"]


def test_one_sync_carries_everyone_who_waited(files: FailingFiles, disk: DroppingFiles) -> None:
    journal = Journal.open(FOLDER, files=files)
    mine, yours = journal.append([(1, b"mine")]), journal.append([(1, b"yours")])
    journal.commit(yours)
    before = disk.changes
    journal.commit(mine)
    assert disk.changes == before
    assert bodies(journal) == [b"mine", b"yours"]


def test_a_ticket_made_durable_before_a_failure_is_still_good(files: FailingFiles) -> None:
    journal = Journal.open(FOLDER, files=files)
    mine, yours = journal.append([(1, b"mine")]), journal.append([(1, b"yours")])
    journal.commit(yours)
    files.fail("write_at", errno.ENOSPC)
    with pytest.raises(DiskFull):
        journal.write([(1, b"lost")])
    assert journal.commit(mine) == journal.durable


def test_after_a_failed_sync_nothing_goes_in_until_the_disk_was_looked_at(disk: DroppingFiles) -> None:
    journal = Journal.open(FOLDER, files=disk)
    journal.write([(1, b"safe")])
    disk.fail_sync_in(1)
    with pytest.raises(StorageError, match="Input/output"):
        journal.write([(1, b"doubtful")])
    with pytest.raises(StorageError, match="fate is unknown"):
        journal.write([(1, b"more")])
    journal.reopen()
    assert bodies(journal)[0] == b"safe"
    journal.write([(1, b"more")])
    assert bodies(journal)[-1] == b"more"


@pytest.mark.parametrize("seed", range(10))
def test_a_second_sync_is_not_believed_when_the_first_failed(disk: DroppingFiles, seed: int) -> None:
    """Linux calls the pages clean then: what a reopened journal shows must be written anew."""
    journal = Journal.open(FOLDER, files=disk)
    disk.fail_sync_in(1)
    with pytest.raises(StorageError):
        journal.write([(1, b"x" * 3000)])
    journal.reopen()
    shown = bodies(journal)
    disk.cut(Random(seed))
    assert bodies(Journal.open(FOLDER, files=disk)) == shown


def test_a_torn_tail_is_cut_and_reported(disk: DroppingFiles) -> None:
    journal = Journal.open(FOLDER, files=disk)
    journal.write([(1, b"whole")])
    end = journal.durable
    journal.close()
    disk.open(FIRST_SEGMENT, write=True).write_at(b"half a rec", 16 + end)
    recovery = Journal.open(FOLDER, files=disk).recovery
    assert (recovery.cut, recovery.end, recovery.file) == (10, end, str(FIRST_SEGMENT))


def test_a_clean_stop_leaves_nothing_to_cut(disk: DroppingFiles) -> None:
    journal = Journal.open(FOLDER, files=disk)
    journal.write([(1, b"whole")])
    journal.close()
    assert Journal.open(FOLDER, files=disk).recovery.cut == 0


def test_rot_before_what_was_durable_refuses_to_start(disk: DroppingFiles) -> None:
    journal = Journal.open(FOLDER, files=disk)
    first = journal.write([(1, b"first")])[0]
    second = journal.write([(1, b"second")])[0]
    journal.close()
    disk.open(FIRST_SEGMENT, write=True).write_at(b"\0", 16 + 16 + first)
    with pytest.raises(Corrupt) as caught:
        Journal.open(FOLDER, files=disk)
    assert f"offset {first} of {FIRST_SEGMENT}" in str(caught.value)
    assert f"offset {second}" in str(caught.value)


def test_rot_in_a_complete_segment_is_met_when_it_is_read(disk: DroppingFiles) -> None:
    journal = Journal.open(FOLDER, files=disk, segment_bytes=1)
    journal.write([(1, b"first")])
    journal.write([(1, b"second")])
    journal.close()
    disk.open(FIRST_SEGMENT, write=True).write_at(b"\0", 16 + 16)
    again = Journal.open(FOLDER, files=disk)
    with pytest.raises(Corrupt, match="offset 0"):
        list(again.read())
    assert [frame.body for frame in again.read(again.segments[1])] == [b"second"]


def test_a_segment_under_another_name_is_refused(disk: DroppingFiles) -> None:
    journal = Journal.open(FOLDER, files=disk, segment_bytes=1)
    journal.write([(1, b"first")])
    journal.write([(1, b"second")])
    journal.close()
    disk.rename(FIRST_SEGMENT, FOLDER / f"{7:020d}.seg")
    with pytest.raises(Corrupt, match="header"):
        list(Journal.open(FOLDER, files=disk).read())


def test_two_writers_are_one_too_many(disk: DroppingFiles) -> None:
    first = Journal.open(FOLDER, files=disk)
    with pytest.raises(UsageError, match="another process"):
        Journal.open(FOLDER, files=disk)
    first.close()
    Journal.open(FOLDER, files=disk).close()


def test_readers_see_nothing_that_is_not_durable(disk: DroppingFiles) -> None:
    journal = Journal.open(FOLDER, files=disk)
    ticket = journal.append([(1, b"not yet")])
    assert bodies(journal) == []
    with pytest.raises(NotFound):
        journal.at(ticket.offsets[0])
    journal.commit(ticket)
    assert bodies(journal) == [b"not yet"]


def test_a_record_larger_than_a_read_comes_back_whole(disk: DroppingFiles) -> None:
    journal = Journal.open(FOLDER, files=disk, segment_bytes=3 * 2**20)
    sizes = [10, 2**20 + 5, 0, 3 * 2**20, 1]
    offsets = journal.write((1, bytes([n]) * size) for n, size in enumerate(sizes))
    assert [len(body) for body in bodies(journal)] == sizes
    assert [len(journal.at(offset).body) for offset in offsets] == sizes


def test_a_failed_beginning_of_a_segment_loses_nothing(files: FailingFiles) -> None:
    for call in ("open", "write_at", "sync", "rename", "sync_dir"):
        folder = FOLDER / call
        journal = Journal.open(folder, files=files, segment_bytes=1)
        journal.write([(1, b"first")])
        files.fail(call, errno.EIO)
        with pytest.raises(StorageError):
            journal.write([(1, b"second")])
        files.heal()
        if journal.poisoned:
            journal.reopen()
        journal.write([(1, b"third")])
        journal.close()
        assert bodies(Journal.open(folder, files=files)) in (
            [b"first", b"third"],
            [b"first", b"second", b"third"],
        )


def test_dropping_keeps_everything_from_the_offset_on(disk: DroppingFiles) -> None:
    journal = Journal.open(FOLDER, files=disk, segment_bytes=1)
    offsets = [journal.write([(1, b"%d" % n)])[0] for n in range(5)]
    journal.drop_before(offsets[3])
    assert journal.first <= offsets[3]
    assert [frame.body for frame in journal.read(offsets[3])] == [b"3", b"4"]
    with pytest.raises(NotFound):
        journal.at(offsets[0])
