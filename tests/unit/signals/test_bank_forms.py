"""Hashes as others write them are read, and what we write is read by ourselves and by them."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest

from seawall.core.clock import parse_time
from seawall.core.errors import UsageError
from seawall.signals.bank.bank import HashBank
from seawall.signals.bank.change import Item, addition, read_change
from seawall.signals.bank.forms import FORM_TABLE, FORMS, form_of
from seawall.signals.bank.model import FOREVER, HASH_KINDS, OWN, Entry, Opinion

PDQ, VPDQ, MD5 = HASH_KINDS["pdq"], HASH_KINDS["vpdq"], HASH_KINDS["md5"]
A, B, C = ("0f" * 32, "a1" * 32, "ff" * 32)
COMMON = Entry(added_by="ann", added_at=parse_time("2026-01-02T03:04:05Z"))


def read(form, text, kind=PDQ, common=COMMON):
    return FORM_TABLE[form].read(text.encode(), kind, common)


def told(parsed):
    return [(item.hashes[0].hex(), item.entry.opinion.value, item.entry.source) for item in parsed.items]


def bank_of(items, kind=PDQ):
    bank = HashBank(kind)
    bank.enact(bank.apply(read_change(addition("known", kind, items, COMMON)), "d"))
    return bank


def test_the_table_has_every_form():
    assert tuple(FORM_TABLE) == FORMS


def test_a_list_has_hashes_alone_or_behind_their_kind():
    parsed = read("list", f"# known\n{A}\n\npdq {B}\nraw_text hello\nmd5 {'0' * 32}\nnonsense\n")
    assert told(parsed) == [(A, "true_positive", OWN), (B, "true_positive", OWN)]
    assert parsed.elsewhere == 2
    assert [line for line, _ in parsed.bad] == [7]


def test_the_csv_of_python_threatexchange():
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["signal_type", "signal_str", "collab", "category", "tags"])
    rows.writerow(["pdq", A, "Sample Signals", "POSITIVE_CLASS", "graphic bullying"])
    rows.writerow(["pdq", B, "Sample Signals", "DISPUTED", ""])
    rows.writerow(["video_md5", "0" * 32, "Sample Signals", "POSITIVE_CLASS", ""])
    rows.writerow(["pdq", C, "Sample Signals", "GUESS", ""])
    parsed = read("threatexchange", out.getvalue())
    assert told(parsed) == [(A, "true_positive", "Sample Signals"), (B, "disputed", "Sample Signals")]
    assert parsed.items[0].entry.tags == ("graphic", "bullying")
    assert parsed.elsewhere == 1
    assert parsed.bad[0][0] == 5
    assert "GUESS" in parsed.bad[0][1]


@pytest.mark.parametrize("indicator", [[], ["998877"]])
def test_the_files_that_its_command_line_keeps(indicator):
    rows = [
        [A, *indicator, "12", "2020-07-01", "true_positive tag_a"],
        [B, *indicator, "13", "", "disputed x"],
    ]
    parsed = read("threatexchange", "".join(",".join(row) + "\r\n" for row in rows))
    assert [(item.entry.opinion.value, item.entry.tags) for item in parsed.items] == [
        ("true_positive", ("tag_a",)),
        ("disputed", ("x",)),
    ]


def test_descriptors_in_json():
    descriptor = {
        "id": "1",
        "raw_indicator": A,
        "type": "HASH_PDQ",
        "owner": {"id": "42", "name": "Exchange"},
        "status": "NON_MALICIOUS",
        "tags": {"data": [{"text": "media"}]},
        "added_on": "2020-07-01T18:31:15+0000",
    }
    other = {**descriptor, "type": "HASH_MD5"}
    plain = {**descriptor, "raw_indicator": B, "status": "MALICIOUS", "tags": ["disputed"]}
    for text in (
        json.dumps([descriptor, other, plain]),
        json.dumps({"data": [descriptor, other, plain]}),
        "\n".join(json.dumps(each) for each in (descriptor, other, plain)),
    ):
        parsed = read("threatexchange", text)
        assert told(parsed) == [(A, "false_positive", "Exchange"), (B, "disputed", "Exchange")]
        assert parsed.items[0].entry.added_at == parse_time("2020-07-01T18:31:15Z")
        assert parsed.elsewhere == 1
    assert read("threatexchange", json.dumps([7, {"tags": 3}])).bad


def test_contents_of_hma():
    content = {
        "id": 7,
        "signals": {"pdq": A, "video_md5": "0" * 32},
        "disable_until_ts": 1,
        "collab_metadata": {"partner": ["9"]},
        "original_media_uri": None,
        "bank": {"name": "KNOWN", "matching_enabled_ratio": 1.0},
    }
    off, later = {**content, "disable_until_ts": 0}, {**content, "disable_until_ts": 1_900_000_000}
    parsed = read("hma", json.dumps([content, off, later]))
    assert [item.entry.disabled_until for item in parsed.items] == [0, FOREVER, 1_900_000_000_000_000]
    assert {item.entry.source for item in parsed.items} == {"partner"}
    assert parsed.elsewhere == 3
    assert told(read("hma", json.dumps({"pdq": B}))) == [(B, "true_positive", OWN)]
    assert read("hma", json.dumps([{"id": 1, "signals": {"pdq": "xx"}}])).bad
    assert read("hma", json.dumps([3])).bad


def test_videos_of_vpdq():
    frames = [f"{A},87,0.000", f"{B},90,0.100"]
    parsed = read("vpdq", json.dumps({"clip 7": frames, "bad": ["x"]}), VPDQ)
    (item,) = parsed.items
    assert (item.entry.ref, item.entry.hashes, item.frames) == ("clip 7", 2, ((87, 0), (90, 100)))
    assert parsed.bad[0][1].startswith("bad: ")
    assert read("vpdq", json.dumps(frames), VPDQ).items[0].entry.ref == A
    assert read("vpdq", "{}", PDQ).bad
    bank = bank_of([item], VPDQ)
    (hit,) = bank.look([bytes.fromhex(B)], within=0, now=0)[0].hits
    assert (hit.quality, hit.at_ms, hit.entry.ref) == (90, 100, "clip 7")
    assert bank.group_of(hit.number) == (0, 2)


@pytest.mark.parametrize("form", ["csv", "jsonl", "threatexchange", "hma", "list"])
def test_what_is_written_is_read_again(form):
    rng = np.random.default_rng(1)
    opinions = list(Opinion)
    items = [
        Item(
            Entry(
                source=OWN if place % 2 else "partner",
                opinion=opinions[place % 4],
                tags=("a", "b") if place % 3 else (),
                added_at=COMMON.added_at,
                added_by="bob",
                clause="spam#c1",
                expires=FOREVER if place % 2 else 2_000_000_000_000_000,
                disabled_until=0 if place % 5 else FOREVER,
                share=bool(place % 2),
            ),
            (rng.bytes(32),),
        )
        for place in range(20)
    ]
    kept = list(bank_of(items).entries())
    text = b"".join(FORM_TABLE[form].write(kept, PDQ, "known")).decode()
    again = read(form, text, common=Entry())
    assert not again.bad
    assert [item.hashes for item in again.items] == [(hits[0].hash,) for _, hits in kept]
    if form in ("csv", "jsonl"):
        assert [item.entry for item in again.items] == [entry for entry, _ in kept]
    if form == "threatexchange":
        assert [item.entry.opinion for item in again.items] == [entry.opinion for entry, _ in kept]
    if form == "hma":
        assert [item.entry.disabled_until for item in again.items] == [
            entry.disabled_until for entry, _ in kept
        ]


@pytest.mark.parametrize("form", ["jsonl", "hma", "vpdq"])
def test_videos_are_written_and_read_again(form):
    frames = tuple((each, 10 * each) for each in range(3))
    video = Item(Entry(ref="7", hashes=3), tuple(bytes.fromhex(each) for each in (A, B, C)), frames)
    kept = list(bank_of([video], VPDQ).entries())
    text = b"".join(FORM_TABLE[form].write(kept, VPDQ, "known")).decode()
    (again,) = read(form, text, VPDQ, Entry()).items
    assert (again.hashes, again.frames, again.entry.ref) == (video.hashes, video.frames, "7")


def test_an_empty_bank_is_written_as_an_empty_file_of_its_form():
    assert b"".join(FORM_TABLE["hma"].write([], PDQ, "known")) == b"[]\n"
    assert b"".join(FORM_TABLE["vpdq"].write([], VPDQ, "known")) == b"{}\n"


def test_a_csv_says_which_column_or_cell_is_wrong():
    assert "no column 'colour'" in read("csv", "hash,colour\n").bad[0][1]
    assert "called hash" in read("csv", "opinion\n").bad[0][1]
    parsed = read(
        "csv",
        f"hash,opinion,share,expires\n{A},maybe,,\n{A},,perhaps,\n{A},,,tomorrow\nzz,,,\n{B},,yes,never\n",
    )
    assert [line for line, _ in parsed.bad] == [2, 3, 4, 5]
    assert parsed.items[0].entry.share


def test_a_form_without_room_for_frames_is_refused_for_videos():
    with pytest.raises(UsageError, match="no room for frames"):
        form_of("csv", VPDQ)
    with pytest.raises(UsageError, match="no form 'cvs'"):
        form_of("cvs", PDQ)
    assert form_of("list", MD5).name == "list"


def test_python_threatexchange_reads_our_list(tmp_path):
    file_api = pytest.importorskip(
        "threatexchange.exchanges.impl.file_api", reason="threatexchange is not installed"
    )
    kept = list(bank_of([Item(COMMON, (bytes.fromhex(A),))]).entries())
    path = tmp_path / "known.txt"
    path.write_bytes(b"".join(FORM_TABLE["list"].write(kept, PDQ, "known")))
    collab = file_api.FileCollaborationConfig(name="x", api="local_file", enabled=True, filename=str(path))
    (delta,) = file_api.LocalFileSignalExchangeAPI.for_collab(collab).fetch_iter([], None)
    assert list(delta.updates) == [("pdq", A)]
