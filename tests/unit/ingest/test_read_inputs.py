"""Files of every format to records; a bad line is a dead letter, and nothing after it is lost."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seawall.core.errors import UsageError
from seawall.ingest import DeadLetter, Mapping, Record, read
from seawall.ingest import read_jsonl as jsonl
from seawall.testing import projects

COMMENT = projects.event_type()
TYPES = {"comment": COMMENT}


def _read(data: bytes, format_: str = "jsonl", **more: Any) -> list[Record | DeadLetter]:
    return list(read(io.BytesIO(data), format_, types=TYPES, **more))


def _rows(items: list[Record | DeadLetter]) -> list[dict[str, Any]]:
    return [item.data for item in items if isinstance(item, Record)]


def _letters(items: list[Record | DeadLetter]) -> list[tuple[int | None, str]]:
    return [(item.line, item.reason) for item in items if isinstance(item, DeadLetter)]


def test_json_lines_go_on_after_a_bad_one() -> None:
    items = _read(b'\xef\xbb\xbf{"id":"a"}\n\nnot json\n[1]\n{"id":"\xff"}\n{"id":"b"}')
    assert _rows(items) == [{"id": "a"}, {"id": "b"}]
    assert [line for line, _ in _letters(items)] == [3, 4, 5]
    reasons = [reason for _, reason in _letters(items)]
    assert reasons[0].startswith("not JSON")
    assert reasons[1] == "a JSON array, not an object"
    assert reasons[2].startswith("not UTF-8")


def test_a_line_that_is_nested_too_deeply_is_a_dead_letter() -> None:
    assert _letters(_read(b"[" * 100_000 + b"\n")) == [(1, "nested too deeply")]


def test_an_absurdly_long_line_is_skipped_without_being_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LONGEST_LINE", 100)
    items = _read(b'{"id":"' + b"x" * 5_000_000 + b'"}\n{"id":"b"}\n')
    assert _rows(items) == [{"id": "b"}]
    letter = items[0]
    assert isinstance(letter, DeadLetter)
    assert letter.reason == "a line of 5,000,010 bytes, more than 100"
    assert len(letter.raw) < 200


def test_a_table_is_mapped_onto_an_event() -> None:
    mapping = Mapping(
        COMMENT,
        columns={"CONTENT": "text", "AUTHOR": "actor_id", "ID": "comment_id"},
        either={"market": "SG", "ts": "DATE", "id": "ID"},
        constants={"account_age_days": "7"},
    )
    data = b'ID,AUTHOR,DATE,CONTENT\nc1,ann,2013-11-07T06:20:48,"hi, ""you""\nthere"\nc2,,2013-11-08,\n'
    assert _rows(_read(data, "csv", mapping=mapping)) == [
        {
            "text": 'hi, "you"\nthere',
            "actor_id": "ann",
            "comment_id": "c1",
            "market": "SG",
            "ts": "2013-11-07T06:20:48Z",
            "id": "c1",
            "account_age_days": 7,
            "type": "comment",
        },
        {
            "text": "",
            "actor_id": None,
            "comment_id": "c2",
            "market": "SG",
            "ts": "2013-11-08T00:00:00Z",
            "id": "c2",
            "account_age_days": 7,
            "type": "comment",
        },
    ]


def test_rows_without_an_id_are_numbered_by_their_line() -> None:
    rows = _rows(_read(b"text\nhi\n\nho\n", "csv", mapping=Mapping(COMMENT)))
    assert [row["id"] for row in rows] == ["row-2", "row-4"]


def test_ragged_rows_are_dead_letters_with_their_line() -> None:
    items = _read(b"comment_id,text\nc1,hi\nc2\nc3,a,b\nc4,ho\n", "csv")
    assert [row["comment_id"] for row in _rows(items)] == ["c1", "c4"]
    assert _letters(items) == [
        (3, "1 columns where the header has 2"),
        (4, "3 columns where the header has 2"),
    ]


def test_a_quote_that_never_closes_costs_one_line_only() -> None:
    items = _read(b'comment_id,text\nc1,"hi\nc2,ho\nc3,"fine"\n', "csv")
    assert [row["comment_id"] for row in _rows(items)] == ["c2", "c3"]
    assert _letters(items)[0][0] == 2


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("\ufefftext\ncafé\n".encode(), None),
        ("\ufefftext\ncafé\n".encode("utf-16-le"), None),
        ("text\ncafé\n".encode("latin-1"), "latin-1"),
    ],
)
def test_encodings_are_told_by_the_mark_or_by_name(data: bytes, encoding: str | None) -> None:
    assert _rows(_read(data, "csv", mapping=Mapping(COMMENT), encoding=encoding))[0]["text"] == "café"


def test_a_wrong_encoding_leaves_a_text_that_its_check_will_refuse() -> None:
    assert (
        _rows(_read("text\ncafé\n".encode("latin-1"), "csv", mapping=Mapping(COMMENT)))[0]["text"]
        == "caf\udce9"
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_other_delimiters_are_seen_in_the_header(delimiter: str) -> None:
    data = f"comment_id{delimiter}text\nc1{delimiter}hi\n".encode()
    assert _rows(_read(data, "csv"))[0]["text"] == "hi"


@pytest.mark.parametrize(
    ("data", "mapping", "said"),
    [
        (b"", Mapping(COMMENT), "the CSV is empty"),
        (b"a,a\n", Mapping(COMMENT), "column 'a' twice"),
        (b"CONTENT\nhi\n", Mapping(COMMENT, columns={"CONTNT": "text"}), "no column 'CONTNT'"),
        (b"CONTENT\nhi\n", Mapping(COMMENT, columns={"CONTENT": "txt"}), "no field 'txt'"),
    ],
)
def test_a_table_that_cannot_be_read_at_all_is_an_error(data: bytes, mapping: Mapping, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        _read(data, "csv", mapping=mapping)


def test_parquet_rows_become_json_values() -> None:
    table = pa.table(
        {
            "comment_id": ["c1"],
            "ts": pa.array([datetime(2026, 3, 1, 10)], pa.timestamp("us")),  # noqa: DTZ001 -- a column without zone
            "account_age_days": pa.array([Decimal(7)], pa.decimal128(5, 0)),
            "text": ["hi"],
        }
    )
    sink = io.BytesIO()
    pq.write_table(table, sink)
    assert _rows(_read(sink.getvalue(), "parquet", mapping=Mapping(COMMENT))) == [
        {
            "comment_id": "c1",
            "ts": "2026-03-01T10:00:00Z",
            "account_age_days": 7,
            "text": "hi",
            "type": "comment",
            "id": "row-1",
        }
    ]


def test_what_is_no_parquet_is_said_to_be_none() -> None:
    with pytest.raises(UsageError, match="not a Parquet file"):
        _read(b"id\n1\n", "parquet")
