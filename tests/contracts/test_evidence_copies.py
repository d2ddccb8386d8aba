"""Evidence copies: what comes back is what was kept, unread and unchanged by others, and it goes in time."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.core.errors import Corrupt
from seawall.store.evidence_copies import PIECE, EvidenceCopies

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = os.urandom(PIECE * 3 + 1_234)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
SECRET = b"k" * 32


@pytest.fixture
def copies(tmp_path: Path) -> EvidenceCopies:
    made = EvidenceCopies(tmp_path / "evidence", secret=SECRET)
    made.keep(DIGEST, CONTENT, "video/webm", day="2026-12-26")
    return made


def whole(copies: EvidenceCopies, start: int = 0, end: int | None = None) -> bytes:
    copy = copies.find(DIGEST)
    assert copy is not None
    return b"".join(copies.read(copy, start, copy.size if end is None else end))


@given(st.data())
def test_any_part_is_that_part_of_what_was_kept(copies: EvidenceCopies, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(CONTENT)))
    end = data.draw(st.integers(start, len(CONTENT)))
    assert whole(copies, start, end) == CONTENT[start:end]


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1])
def test_files_of_every_size_come_back(tmp_path: Path, size: int) -> None:
    copies = EvidenceCopies(tmp_path, secret=SECRET)
    copies.keep("a" * 64, bytes(size), "image/png", day="2026-12-26")
    copy = copies.find("a" * 64)
    assert copy is not None
    assert (copy.size, copy.mime) == (size, "image/png")
    assert b"".join(copies.read(copy, 0, size)) == bytes(size)


def test_neither_content_nor_digest_stands_on_the_disk(copies: EvidenceCopies, tmp_path: Path) -> None:
    (path,) = [each for each in tmp_path.rglob("*") if each.is_file()]
    raw = path.read_bytes()
    assert DIGEST not in str(path)
    assert not any(CONTENT[at : at + 16] in raw for at in range(0, len(CONTENT), 4_096))


def test_with_another_secret_there_is_nothing(copies: EvidenceCopies, tmp_path: Path) -> None:
    assert EvidenceCopies(tmp_path / "evidence", secret=b"x" * 32).find(DIGEST) is None


@pytest.mark.parametrize("change", ["flip", "cut_a_piece", "swap", "head"])
def test_a_change_is_seen(copies: EvidenceCopies, tmp_path: Path, change: str) -> None:
    (path,) = [each for each in tmp_path.rglob("*") if each.is_file()]
    raw = bytearray(path.read_bytes())
    head, sealed = 60, PIECE + 16
    if change == "flip":
        raw[head + 100] ^= 1
    elif change == "cut_a_piece":
        raw = raw[: head + sealed]
    elif change == "swap":
        one, other = slice(head, head + sealed), slice(head + sealed, head + 2 * sealed)
        raw[one], raw[other] = raw[other], raw[one]
    else:
        raw[24] ^= 1  # says another size
    path.write_bytes(raw)
    with pytest.raises(Corrupt):
        whole(copies)


def test_a_copy_stays_until_its_day_and_the_later_day_counts(copies: EvidenceCopies) -> None:
    copies.keep(DIGEST, CONTENT, "video/webm", day="2026-12-01")  # sooner: changes nothing
    assert copies.drop(today="2026-12-01") == []
    copies.keep(DIGEST, CONTENT, "video/webm", day="2027-01-15")
    assert copies.drop(today="2026-12-31") == ["2026-12-26"]
    assert whole(copies) == CONTENT
    assert copies.drop(today="2027-01-15") == ["2027-01-15"]
    assert copies.find(DIGEST) is None


def test_a_copy_can_be_removed_at_once(copies: EvidenceCopies) -> None:
    assert copies.remove(DIGEST)
    assert copies.find(DIGEST) is None
    assert not copies.remove(DIGEST)
