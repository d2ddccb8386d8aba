"""Lines taken many at once become what the same lines become one by one, however hostile they are."""

from __future__ import annotations

import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seawall.core.errors import EventError
from seawall.core.event import Event
from seawall.ingest import DeadLetter, Intake
from seawall.ingest.model import dead_letter
from seawall.ingest.moments import moments
from seawall.ingest.read_jsonl import read_jsonl
from seawall.ingest.scalars import timestamp
from seawall.ingest.take_lines import LineIntake
from seawall.testing import projects

NOW = 1_772_000_000_000_000
FIELDS = {
    "comment_id": "string",
    "text": "string?",
    "age": "integer",
    "size": "integer?",
    "score": "number?",
    "seen": "boolean?",
    "at": "timestamp?",
    "mark": "hash?",
    "clip": "media?",
    "tags": "list of string?",
    "marks": "list of hash?",
    "scores": "list of number?",
}
COMMENT = projects.event_type("comment", FIELDS, parties=("host", "guest"))
MESSAGE = projects.event_type("message", {"message_id": "string", "when": "timestamp"})
LEAN = projects.project(  # what a scan takes whole
    events=[
        projects.event_type(
            "comment",
            {name: type_ for name, type_ in FIELDS.items() if name not in ("clip", "marks", "scores")},
        )
    ]
)
ONE = projects.project(events=[COMMENT])
TWO = projects.project(events=[COMMENT, MESSAGE])

ODD_TIMES = [
    "2026-02-01T10:00:00Z",
    "2026-02-01t10:00:00.5z",
    "2026-02-01 10:00:00.123456+08:00",
    "2024-02-29T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-02-01T24:00:00Z",
    "2026-02-01T10:00:60Z",
    "2026-02-01T10:00:00",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999-23:59",
    "2026-02-01T10:00:00.Z",
    "2026-02-01T10:00:00.1234567Z",
    "2026-02-01T10:00:00+24:00",
    "2026-02-01T10:00:00-08:60",
    "2026-02-01T10:00:00+0800",
    "２026-02-01T10:00:00Z",
    "",
]
TIMES = (
    st.sampled_from(ODD_TIMES)
    | st.datetimes().map(lambda moment: moment.isoformat() + "Z")
    | st.from_regex(
        r"[0-9]{4}-[0-1][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-5][0-9]:[0-5][0-9]"
        r"(\.[0-9]{1,6})?(Z|[+-][0-2][0-9]:[0-6][0-9])",
        fullmatch=True,
    )
)
WORDS = st.text(max_size=8) | st.sampled_from(
    ["ab12", "AB12", "SG", "sg", "en", "en-GB", "Asia/Tokyo", "K", "İ", "\0", "a\nb"]
)
NUMBERS = (
    st.integers(-5, 5)
    | st.sampled_from(
        [2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 10**30, 10**400, 5.0, -0.0, 1e300]
    )
    | st.floats(allow_nan=False, allow_infinity=False)
)
ANYTHING = st.none() | st.booleans() | NUMBERS | WORDS | TIMES | st.just([]) | st.just({})
LISTS = st.lists(ANYTHING, max_size=3)
MEDIA = st.fixed_dictionaries(
    {"uri": WORDS}, optional={"sha256": WORDS, "mime": WORDS | st.none(), "more": ANYTHING}
)
PARTIES = st.dictionaries(st.sampled_from(["host", "guest", "stranger"]), WORDS | st.none(), max_size=3)


def _mostly(usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(usual, usual, usual, ANYTHING)


COMMENTS = st.fixed_dictionaries(
    {
        "id": _mostly(st.sampled_from(["e1", "e2", "é"])),
        "type": st.sampled_from(["comment"] * 8 + ["message", "other", None, 5]),
        "ts": _mostly(st.sampled_from(["2026-02-01T10:00:00Z", "2026-02-01T10:00:00.25+01:00"])),
        "comment_id": _mostly(WORDS),
        "age": _mostly(st.integers(0, 9)),
    },
    optional={
        "text": _mostly(WORDS),
        "size": _mostly(NUMBERS),
        "score": _mostly(NUMBERS),
        "seen": _mostly(st.booleans()),
        "at": _mostly(TIMES),
        "mark": _mostly(st.sampled_from(["ab12", "AB12", "xyz"])),
        "clip": _mostly(MEDIA),
        "tags": _mostly(LISTS),
        "marks": _mostly(st.lists(st.sampled_from(["ab", "AB", "x"]), max_size=3)),
        "scores": _mostly(LISTS),
        "market": _mostly(st.sampled_from(["SG", "sg"])),
        "language": _mostly(st.sampled_from(["en", "EN"])),
        "locale": _mostly(WORDS),
        "tz": _mostly(WORDS),
        "source": _mostly(WORDS),
        "available_in": _mostly(st.lists(st.sampled_from(["SG", "US", "sg"]), max_size=3)),
        "parties": _mostly(PARTIES),
        "sise": ANYTHING,
        "class": ANYTHING,
    },
)
MESSAGES = st.fixed_dictionaries(
    {
        "id": st.just("m1"),
        "type": st.just("message"),
        "ts": st.just("2026-02-01T10:00:00Z"),
        "message_id": WORDS,
        "when": _mostly(TIMES),
    }
)


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    record = draw(st.one_of(COMMENTS, COMMENTS, COMMENTS, MESSAGES))
    text = json.dumps(record, ensure_ascii=draw(st.booleans()))
    match draw(st.integers(0, 12)):
        case 0:
            text = text.replace('"age"', '"\\u0061ge"')
        case 1:
            text = (
                text[:-1] + ', "age": ' + json.dumps(draw(ANYTHING)) + "}"
            )  # a name twice: the last one holds
        case 2:
            text = " \t" + text.replace(",", " ,\r") + "\x0b "
        case 3:
            text = text[: draw(st.integers(0, len(text)))]
        case 4:
            text = draw(
                st.sampled_from(["", " ", "[1]", "null", "NaN", '"x"', "{", "{}", "[" * 5_000, text + "x"])
            )
        case 5:
            text = text[:-1] + ', "text": "\\ud83d"}'
        case 6:
            text = text[:-1] + ', "score": 1e999}'
        case _:
            pass
    data = text.encode("utf-8", "replace")
    return data.replace(b"SG", b"\xff") if draw(st.integers(0, 30)) == 0 else data


def _one_by_one(given: list[bytes], intake: Intake) -> list[Event | DeadLetter]:
    found: list[Event | DeadLetter] = []
    for record in read_jsonl(io.BytesIO(b"\n".join(given))):
        if isinstance(record, DeadLetter):
            found.append(record)
            continue
        try:
            found.append(intake.take(record.data, now=NOW))
        except EventError as error:
            found.append(dead_letter(record, error))
    return found


@given(
    project=st.sampled_from([ONE, TWO, LEAN]),
    given_lines=st.lists(lines(), max_size=12),
    twice=st.booleans(),
    scans=st.booleans(),
)
def test_lines_taken_together_are_what_they_are_one_by_one(project, given_lines, twice, scans) -> None:
    alone, together = Intake(project), Intake(project)
    bulk = LineIntake(together, scans=scans, many=0, few=0)
    for _ in range(1 + twice):  # names that were unknown are expected the second time
        expected = _one_by_one(given_lines, alone)
        taken = bulk.take(given_lines, first=1, now=NOW)
        got: dict[int, Event | DeadLetter] = dict(taken.letters)
        for rows in taken.types:
            assert (rows.places[1:] > rows.places[:-1]).all()
            for row, place in enumerate(rows.places.tolist()):
                got[place] = rows.event(row)
                for name in (*project.events[rows.type].fields, "market", "tz", "ts", "id", "type"):
                    event = got[place]
                    value = event.fields[name] if name in event.fields else getattr(event, name)
                    assert rows.column(name).values[row] == value
        assert [got[place] for place in sorted(got)] == expected
        assert [repr(got[place]) for place in sorted(got)] == [
            repr(each) for each in expected
        ]  # 1 is not 1.0
    assert together.ignored == alone.ignored


@given(texts=st.lists(TIMES, max_size=8))
def test_times_read_together_are_what_the_check_says(texts) -> None:
    times, read = moments(texts)
    for text, time, sound in zip(texts, times.tolist(), read.tolist(), strict=True):
        try:
            expected = timestamp("ts", text)
        except EventError:
            expected = None
        assert not sound or time == expected
    plain = [text for text in texts if text.endswith("Z") and text[10:11] == "T" and text.isascii()]
    for text, sound in zip(plain, moments(plain)[1].tolist(), strict=True):
        try:
            timestamp("ts", text)
        except EventError:
            assert not sound
        else:
            assert sound  # the usual form never takes the long way
