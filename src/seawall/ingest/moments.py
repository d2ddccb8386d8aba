"""Many RFC 3339 times at once, to microseconds since 1970."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seawall.ingest.scalars import EARLIEST, LATEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Digits = NDArray[np.int64]

_HEAD = 19  # 2026-03-01T10:00:00
_FINEST = 6
_MARKS = ((4, b"-"), (7, b"-"), (10, b"Tt "), (13, b":"), (16, b":"))
_LENGTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.int64)
_BEFORE = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334], np.int64)
_DAYS_TO_1970 = 719_162


def moments(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Times, and which of the texts were read; a text that was not may still be a time of a rarer form.

    >>> times, read = moments(["1970-01-01T00:00:01.5Z", "1970-01-01T08:00:00+08:00", "yesterday"])
    >>> times.tolist(), read.tolist()
    ([1500000, 0, 0], [True, True, False])
    """
    times, read = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.bool_)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    for length in np.unique(lengths).tolist():
        places = np.flatnonzero(lengths == length)
        chosen = texts if len(places) == len(texts) else [texts[place] for place in places.tolist()]
        joined = "".join(chosen)
        if length <= _HEAD or not joined.isascii():
            continue
        rows = np.frombuffer(joined.encode(), np.uint8).reshape(len(chosen), length)
        zulu = (rows[:, -1] | 0x20) == ord("z")
        for mask, tail in ((zulu, 1), (~zulu, 6)):
            if mask.any() and _HEAD + tail <= length <= _HEAD + tail + 1 + _FINEST:
                these = rows if mask.all() else rows[mask]
                times[places[mask]], read[places[mask]] = _read(these, tail)
    times[~read] = 0
    return times, read


def _read(rows: NDArray[np.uint8], tail: int) -> tuple[Digits, NDArray[np.bool_]]:
    """Rows of one length whose offset takes up the last `tail` characters."""
    sound = np.ones(len(rows), np.bool_)
    for place, marks in _MARKS:
        found = rows[:, place] == marks[0]
        for mark in marks[1:]:
            found |= rows[:, place] == mark
        sound &= found
    year, month, day = _number(rows, 0, 4, sound), _number(rows, 5, 7, sound), _number(rows, 8, 10, sound)
    hour, minute = _number(rows, 11, 13, sound), _number(rows, 14, 16, sound)
    second, micros = _number(rows, 17, 19, sound), np.zeros(len(rows), np.int64)
    end = rows.shape[1] - tail
    if end > _HEAD:
        sound &= rows[:, _HEAD] == ord(".")
        if end == _HEAD + 1:
            sound[:] = False
        else:
            micros = _number(rows, _HEAD + 1, end, sound) * 10 ** (_FINEST - (end - _HEAD - 1))
    away = _offset(rows[:, end:], sound) if tail > 1 else 0
    month = np.where((month >= 1) & (month <= 12), month, 0)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    sound &= (year >= 1) & (month > 0) & (day >= 1) & (day <= _LENGTHS[month] + (leap & (month == 2)))
    sound &= (hour < 24) & (minute < 60) & (second < 60)
    past = year - 1
    days = past * 365 + past // 4 - past // 100 + past // 400
    days += _BEFORE[month] + (leap & (month > 2)) + day - 1 - _DAYS_TO_1970
    seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - away
    times = seconds * 1_000_000 + micros
    return times, sound & (times >= EARLIEST) & (times <= LATEST)


def _offset(rows: NDArray[np.uint8], sound: NDArray[np.bool_]) -> Digits:
    sign = np.where(rows[:, 0] == ord("-"), -1, 1)
    sound &= ((rows[:, 0] == ord("+")) | (rows[:, 0] == ord("-"))) & (rows[:, 3] == ord(":"))
    hours, minutes = _number(rows, 1, 3, sound), _number(rows, 4, 6, sound)
    sound &= (hours < 24) & (minutes < 60)
    return sign * (hours * 3_600 + minutes * 60)


def _number(rows: NDArray[np.uint8], start: int, end: int, sound: NDArray[np.bool_]) -> Digits:
    total = np.zeros(len(rows), np.int64)
    for place in range(start, end):
        digit = rows[:, place] - np.uint8(48)  # anything but a digit wraps round to more than nine
        sound &= digit <= 9
        total = total * 10 + digit
    return total
