"""The page of banks: what is in them, what changed, and whether a hash is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from door_fixtures import PASSWORD, Door, open_small
from test_banks_live import FILES, NEAR_A, A, add, asked, decide, turn

from seawall.serve.web import gate
from seawall.signals.bank import Entry, Opinion
from seawall.signals.bank.change import Item

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.serve.live import Live


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Live]:
    monkeypatch.setattr(gate, "built", lambda: True)
    live, _ = open_small(tmp_path, FILES)
    live.start(chores=False)
    yield live
    live.stop()


def text_of(live: Live, path: str) -> str:
    door = Door(live)
    token = re.search(r'name="form_token" value="([^"]+)"', door.get("/sign-in").text)
    assert token
    form = {"form_token": token[1], "name": "analyst", "password": PASSWORD, "next": "/"}
    door.post("/sign-in", data=form)
    answer = door.get(path)
    assert answer.status_code == (404 if "nothing" in path else 200)
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_an_empty_bank_says_how_to_begin(live: Live) -> None:
    page = text_of(live, "/banks/known")
    assert "Nothing is in it yet." in page
    assert "seawall bank add known HASH" in page
    assert "nothing was ever put into this bank" in text_of(live, f"/banks/known?hash={A.hex()}")
    assert "declares none of that name" in text_of(live, "/banks/nothing")


def test_what_is_in_it_what_changed_and_what_waits(live: Live) -> None:
    other = Entry(source="partner", opinion=Opinion.UNCONFIRMED, ref="case 7")
    asked(live, add(Item(Entry(), (A,)), Item(other, (bytes(32),))))
    assert "1 change is being taken in" in text_of(live, "/banks")
    turn(live)
    decide(live, 1)
    live.store.project()
    listed = text_of(live, "/banks")
    assert "known Known. pdq 31 bits 2" in listed
    assert "known_bits" in listed
    page = text_of(live, "/banks/known")
    assert "partner unconfirmed 1" in page
    assert "came in 2 own cli:ann a case" in page
    assert "May go to partner; of severe clauses to hotline" in page


def test_a_hash_is_looked_up(live: Live) -> None:
    asked(live, add(Item(Entry(ref="case <7>"), (A,)), Item(Entry(opinion=Opinion.DISPUTED), (bytes(32),))))
    turn(live)
    decide(live, 1)
    page = text_of(live, f"/banks/known?hash={NEAR_A.upper()}")
    assert "1 entry matches , the nearest 3 bits away." in page
    assert "case &lt;7&gt;" in page
    page = text_of(live, f"/banks/known?hash={'00' * 32}")
    assert "Nothing matches within 31 bits." in page
    assert "Near, and does not match" in page
    assert "a pdq hash has 64 hexadecimal digits" in text_of(live, "/banks/known?hash=xyz")
