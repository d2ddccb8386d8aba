"""What was accepted is handed out until it is done, and never after."""

from __future__ import annotations

import errno
from pathlib import Path
from random import Random

import pytest

from seawall.core.errors import Busy, DiskFull
from seawall.store.inbox import Inbox
from seawall.testing.files_dropping import DroppingFiles
from seawall.testing.files_failing import FailingFiles

FOLDER = Path("/data/inbox/main")


def opened(files, *, limit: int = 100, segment_bytes: int = 300) -> Inbox:
    return Inbox(FOLDER, files=files, limit=limit, segment_bytes=segment_bytes)


def raw(inbox: Inbox) -> list[bytes]:
    return [one.raw for one in inbox.pending()]


def test_what_is_done_is_not_handed_out_again() -> None:
    files = DroppingFiles()
    inbox = opened(files)
    receipts = [inbox.accept([b"%d" % n], at=n, via="app")[0] for n in range(20)]
    inbox.done(receipts[4])
    assert raw(inbox) == [b"%d" % n for n in range(5, 20)]
    inbox.accept([b"20"], at=20)
    assert len(inbox) == 16
    inbox.close()
    again = opened(files)
    assert raw(again) == [b"%d" % n for n in range(5, 21)]
    first = next(again.pending())
    assert (first.at, first.via, first.receipt) == (5, "app", receipts[5])


def test_one_can_go_on_behind_a_receipt() -> None:
    inbox = opened(DroppingFiles())
    receipts = inbox.accept([b"a", b"b", b"c"], at=0)
    assert [one.raw for one in inbox.pending(receipts[0])] == [b"b", b"c"]
    inbox.done(receipts[1])
    assert [one.raw for one in inbox.pending(receipts[0])] == [b"c"]


def test_space_is_given_back_when_all_is_done() -> None:
    files = DroppingFiles()
    inbox = opened(files)
    for n in range(50):
        receipts = inbox.accept([bytes([n]) * 50], at=n)
        inbox.done(receipts[-1])
    assert len(inbox.journal.segments) <= 2
    assert raw(inbox) == []
    inbox.close()
    assert raw(opened(files)) == []


def test_the_door_closes_when_too_many_wait() -> None:
    inbox = opened(DroppingFiles(), limit=2)
    receipts = inbox.accept([b"a", b"b"], at=0)
    with pytest.raises(Busy):
        inbox.accept([b"c"], at=0)
    inbox.done(receipts[-1])
    inbox.accept([b"c"], at=0)
    assert raw(inbox) == [b"c"]


def test_a_full_disk_takes_nothing() -> None:
    files = FailingFiles(DroppingFiles())
    inbox = opened(files)
    files.fail("write_at", errno.ENOSPC)
    with pytest.raises(DiskFull):
        inbox.accept([b"a", b"b"], at=0)
    assert (len(inbox), raw(inbox)) == (0, [])
    inbox.accept([b"a"], at=0)
    assert raw(inbox) == [b"a"]


@pytest.mark.parametrize("seed", range(8))
def test_a_power_cut_loses_nothing_accepted(seed: int) -> None:
    files = DroppingFiles()
    inbox = opened(files)
    receipts = inbox.accept([b"a" * 600, b"b" * 600, b"c"], at=0)
    inbox.done(receipts[0])
    files.cut(Random(seed))
    assert raw(opened(files)) == [b"b" * 600, b"c"]
