"""What fits becomes an event; what does not is refused by field, with the reason and the mend."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.core.errors import EventError
from seawall.core.types import Media
from seawall.ingest import FUTURE_US, Intake, Validator
from seawall.testing import projects

NOW = 1_772_359_200_000_000  # 2026-03-01T10:00:00Z
EVERYTHING = projects.event_type(
    "post",
    {
        "post_id": "string",
        "likes": "integer",
        "score": "number?",
        "ad": "boolean?",
        "made": "timestamp?",
        "phash": "hash?",
        "clip": "media?",
        "tags": "list of string?",
    },
    parties=("host", "guest"),
)


def _post(**more: Any) -> dict[str, Any]:
    return {"id": "e1", "type": "post", "ts": "2026-03-01T10:00:00Z", "post_id": "p1", "likes": 3, **more}


def _refused(record: dict[str, Any]) -> EventError:
    with pytest.raises(EventError) as caught:
        Validator(EVERYTHING).validate(record, now=NOW)
    return caught.value


def test_a_whole_event_is_taken() -> None:
    event = Validator(EVERYTHING).validate(
        _post(
            market="SG",
            language="en",
            locale="en-SG",
            tz="Asia/Singapore",
            source="app",
            available_in=["ID", "SG", "SG"],
            parties={"host": "u1"},
            score=1,
            ad=False,
            made="2026-03-01T18:00:00.5+08:00",
            phash="00FFa1b2",
            clip={"uri": "s3://clip", "mime": "video/mp4"},
            tags=["a", "ü"],
        ),
        now=NOW,
    )
    assert event.ts == NOW
    assert event.available_in == ("ID", "SG")
    assert event.fields == {
        "post_id": "p1",
        "likes": 3,
        "score": 1.0,
        "ad": False,
        "made": NOW + 500_000,
        "phash": "00ffa1b2",
        "clip": Media("s3://clip", None, "video/mp4"),
        "tags": ("a", "ü"),
    }


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"id": None}, "id", "missing"),
        ({"id": ""}, "id", "1 to 512"),
        ({"id": 7}, "id", "must be a string, not integer 7"),
        ({"ts": "2026-03-01T10:00:00"}, "ts", "with an offset"),
        ({"ts": "2026-02-30T10:00:00Z"}, "ts", "not an RFC 3339"),
        ({"ts": "2026-03-01T10:00:00.1234567Z"}, "ts", "not an RFC 3339"),
        ({"ts": 5}, "ts", "not integer 5"),
        ({"ts": "2026-03-01T10:05:00.000001Z"}, "ts", "ahead of the clock"),
        ({"likes": "3"}, "likes", "not string '3'"),
        ({"likes": True}, "likes", "not boolean true"),
        ({"likes": 3.0}, "likes", "not number 3.0"),
        ({"likes": 2**63}, "likes", "beyond 64 bits"),
        ({"likes": None}, "likes", "is null"),
        ({"score": float("nan")}, "score", "not a finite number"),
        ({"score": float("inf")}, "score", "not a finite number"),
        ({"score": 10**400}, "score", "not a finite number"),
        ({"ad": 1}, "ad", "true or false"),
        ({"phash": "xyz"}, "phash", "hexadecimal"),
        ({"clip": "s3://clip"}, "clip", "object with a uri"),
        ({"tags": "a"}, "tags", "must be a list"),
        ({"tags": ["a", None]}, "tags[1]", "not null"),
        ({"post_id": "a\0b"}, "post_id", "NUL"),
        ({"post_id": "a\ud800"}, "post_id", "not valid Unicode at character 2"),
        ({"post_id": "x" * 1_000_001}, "post_id", "1,000,001 characters"),
        ({"market": "sg"}, "market", "ISO 3166"),
        ({"language": "en-US"}, "language", "ISO 639"),
        ({"tz": "Mars/Olympus"}, "tz", "no time zone"),
        ({"available_in": "SG"}, "available_in", "list of markets"),
        ({"parties": ["u1"]}, "parties", "object of role"),
        ({"parties": {"host": 7}}, "parties.host", "must be a string"),
    ],
)
def test_what_does_not_fit_is_refused_by_field(change: dict[str, Any], field: str, reason: str) -> None:
    error = _refused(_post(**change))
    assert error.field == field
    assert reason in error.message


def test_five_minutes_ahead_is_still_taken() -> None:
    assert Validator(EVERYTHING).validate(_post(), now=NOW - FUTURE_US).ts == NOW


def test_the_hint_names_the_field_that_was_probably_meant() -> None:
    record = _post(liks=3)
    del record["likes"]
    assert _refused(record).hint == "the event has 'liks'; did it mean 'likes'?"
    assert _refused(_post(market="sg")).hint == "write 'SG'"
    assert _refused(_post(language="en-US")).hint == "write 'en'"


def test_the_digest_is_of_the_meaning_not_of_the_spelling() -> None:
    validate = Validator(EVERYTHING).validate
    one = validate(_post(score=1), now=NOW).digest
    assert validate(_post(score=1.0, ad=None, unknown="x"), now=NOW).digest == one
    assert validate(_post(ts="2026-03-01T18:00:00+08:00", score=1), now=NOW).digest == one
    assert validate(_post(score=2), now=NOW).digest != one


def test_unknown_names_are_counted_with_what_they_may_have_meant() -> None:
    intake = Intake(projects.project(events=[EVERYTHING]))
    for _ in range(3):
        intake.take(_post(scor=1, colour="red", parties={"hots": "u1"}), now=NOW)
    assert intake.ignored == {("post", "scor"): 3, ("post", "colour"): 3, ("post", "parties.hots"): 3}
    assert intake.near_misses() == {("post", "scor"): "score", ("post", "parties.hots"): "parties.host"}


def test_an_endless_variety_of_names_does_not_fill_memory() -> None:
    intake = Intake(projects.project(events=[EVERYTHING]))
    for n in range(2_000):
        intake.take(_post(**{f"x{n}": 1}), now=NOW)
    assert len(intake.ignored) == 1_000


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ([1], "an event must be an object, not array"),
        ({}, "type is missing"),
        ({"type": 5}, "type must be a string"),
    ],
)
def test_what_has_no_type_is_refused(record: object, reason: str) -> None:
    with pytest.raises(EventError, match=reason):
        Intake(projects.project()).take(record, now=NOW)


def test_an_unknown_type_names_the_nearest() -> None:
    with pytest.raises(EventError) as caught:
        Intake(projects.project()).take({"type": "coment"}, now=NOW)
    assert caught.value.hint == "did you mean 'comment'?"
