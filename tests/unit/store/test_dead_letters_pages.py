"""Dead letters by day, the newest first, however often one turns the page."""

from __future__ import annotations

import errno
from pathlib import Path
from random import Random

import msgspec
import pytest

from seawall.core.errors import DiskFull, UsageError
from seawall.store.dead_letters import DeadLetters
from seawall.testing.files_dropping import DroppingFiles
from seawall.testing.files_failing import FailingFiles

FOLDER = Path("/data/dead")
DAY_US = 86_400_000_000


class Refused(msgspec.Struct, frozen=True):
    reason: str
    field: str | None = None
    hint: str | None = None
    raw: str = "{}"


def filled(files, days: dict[int, int]) -> DeadLetters:
    letters = DeadLetters(FOLDER, files=files)
    for day, count in days.items():
        for n in range(count):
            letters.add([Refused(f"{day}.{n}", field="ts", raw='{"é\n": 1}')], at=day * DAY_US + n, via="app")
    return letters


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 100])
def test_every_letter_is_on_one_page(limit: int) -> None:
    letters = filled(DroppingFiles(), {10: 3, 11: 1, 13: 4})
    found, cursor = [], None
    while True:
        page = letters.page(limit=limit, cursor=cursor)
        found += [letter.reason for letter in page.letters]
        cursor = page.cursor
        if cursor is None:
            break
        assert len(page.letters) == limit
    assert found == ["13.3", "13.2", "13.1", "13.0", "11.0", "10.2", "10.1", "10.0"]


def test_a_letter_keeps_the_field_the_reason_and_the_record() -> None:
    letters = DeadLetters(FOLDER, files=DroppingFiles())
    letters.add([Refused("not a time", field="ts", hint="RFC 3339", raw="{bad\n\x00é")], at=7, via="app")
    letter = letters.page().letters[0]
    assert (letter.at, letter.field, letter.reason, letter.hint) == (7, "ts", "not a time", "RFC 3339")
    assert (letter.via, letter.raw) == ("app", "{bad\n\x00é")


def test_one_day_alone() -> None:
    letters = filled(DroppingFiles(), {10: 3, 11: 1})
    assert [one.reason for one in letters.page(day="1970-01-12").letters] == ["11.0"]
    assert letters.days() == ["1970-01-11", "1970-01-12"]
    assert letters.page(day="1999-01-01").letters == ()


def test_counting_from_a_time_on() -> None:
    letters = filled(DroppingFiles(), {10: 3, 11: 1})
    assert letters.since(10 * DAY_US + 1) == (3, 11 * DAY_US)
    assert letters.since(12 * DAY_US) == (0, None)


def test_old_days_are_dropped() -> None:
    letters = filled(DroppingFiles(), {10: 3, 11: 1})
    assert letters.drop(before="1970-01-12") == ["1970-01-11"]
    assert letters.days() == ["1970-01-12"]


@pytest.mark.parametrize("seed", range(8))
def test_a_torn_line_is_passed_over_and_the_next_goes_on(seed: int) -> None:
    files = DroppingFiles()
    letters = filled(files, {10: 2})
    files.open(FOLDER / "1970-01-11.jsonl", write=True).write_at(b'{"at":1,"rea', 10**6)
    files.cut(Random(seed))
    letters = DeadLetters(FOLDER, files=files)
    assert [one.reason for one in letters.page().letters] == ["10.1", "10.0"]
    letters.add([Refused("after")], at=10 * DAY_US + 9)
    assert [one.reason for one in letters.page().letters] == ["after", "10.1", "10.0"]


def test_a_full_disk_keeps_none_of_them() -> None:
    files = FailingFiles(DroppingFiles())
    letters = filled(files, {10: 1})
    files.fail("write_at", errno.ENOSPC)
    with pytest.raises(DiskFull):
        letters.add([Refused("a"), Refused("b")], at=10 * DAY_US)
    letters.add([Refused("c")], at=10 * DAY_US)
    assert [one.reason for one in letters.page().letters] == ["c", "10.0"]


@pytest.mark.parametrize("cursor", ["x", "../../etc/passwd.1", "1970-01-11.-1", "1970-01-11"])
def test_a_cursor_that_is_none_of_ours_is_refused(cursor: str) -> None:
    with pytest.raises(UsageError, match="no cursor"):
        filled(DroppingFiles(), {10: 1}).page(cursor=cursor)
