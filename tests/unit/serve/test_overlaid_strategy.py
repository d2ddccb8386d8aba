"""A strategy with overlays, decided and shown: each market by its own form, all under one name."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from door_fixtures import FILES, NOON, PASSWORD, Door, a_key, comment, open_small

from seawall.act.facts import Subject
from seawall.review.model import Label
from seawall.serve.auth.roles import Scope
from seawall.serve.backtest import History, backtest
from seawall.serve.traces import verdicts
from seawall.serve.web import gate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.serve.live import Live

SHOP = "strategies/spam/shop.yml"
OVERLAYS = (
    "overlays:\n"
    "  - for: ID\n    when: link_domain = 'toko.example'\n    then: {review: links}\n"
    "  - for: de\n    mode: shadow\n"
)
EVENTS = [
    comment("sg", link_domain="false-shop.example"),
    comment("sg_toko", link_domain="toko.example"),
    comment("id", market="ID", link_domain="false-shop.example"),
    comment("id_toko", market="ID", link_domain="toko.example"),
    comment("de", language="de", link_domain="false-shop.example"),
]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    patch = pytest.MonkeyPatch()
    patch.setattr(gate, "built", lambda: True)
    opened, _ = open_small(tmp_path_factory.mktemp("overlays"), {SHOP: FILES[SHOP] + OVERLAYS})
    opened.start()
    Door(opened, **a_key(opened, Scope.ADMIN)).post("/v1/events", json=EVENTS)
    opened.store.project()
    yield opened
    opened.stop()
    patch.undo()


@pytest.mark.parametrize(
    ("event", "fired", "shadow", "action", "queues"),
    [
        ("sg", True, False, "remove", []),
        ("sg_toko", False, False, "allow", []),
        ("id", False, False, "allow", []),
        ("id_toko", True, False, "allow", ["links"]),
        ("de", False, True, "allow", []),
    ],
)
def test_each_place_has_its_form(
    live: Live, event: str, fired: bool, shadow: bool, action: str, queues: list[str]
) -> None:
    recorded = live.store.find_event(f"e{event}")
    assert recorded is not None
    assert recorded.event is not None
    decision = recorded.decision
    assert ("spam.shop" in decision.fired, "spam.shop" in decision.shadow) == (fired, shadow)
    assert (decision.action, [each.queue for each in decision.review]) == (action, queues)
    (said,) = [
        each for each in verdicts(live.project, recorded.event, decision) if each.strategy.name == "spam.shop"
    ]
    assert said.outcome == ("fired" if fired else "shadow" if shadow else "not fired")
    assert said.truth == ("true" if fired or shadow else "false")


def test_the_page_says_what_is_different_where(live: Live) -> None:
    door = Door(live)
    token = re.search(r'name="form_token" value="([^"]+)"', door.get("/sign-in").text)
    assert token
    door.post("/sign-in", data={"form_token": token[1], "name": "analyst", "password": PASSWORD, "next": "/"})
    said = " ".join(unescape(re.sub(r"<[^>]+>", " ", door.get("/strategies/spam.shop").text)).split())
    assert "For ID link_domain = 'toko.example' Then links For de In mode shadow" in said


@pytest.mark.parametrize("engine", ["column", "duckdb"])
def test_a_backtest_counts_each_place_by_its_form(live: Live, tmp_path: Path, engine: str) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in EVENTS))
    labels = [
        Label(
            label_id=str(each["id"]),
            subject=Subject("comment", str(each["comment_id"])),
            event_id=str(each["id"]),
            clause="spam/links#c1",
            violates=True,
            provenance="import:test",
            reviewer="r",
            inclusion_probability=None,
            at=0,
        )
        for each in EVENTS
    ]
    report = backtest(live.project, History(path=path), now=NOON, engine=engine, labels=labels)
    (shop,) = [each for each in report.strategies if each.strategy == "spam.shop"]
    assert (shop.fired, shop.by_market, shop.reviews_by_day) == (3, {"ID": 1, "SG": 2}, {"links": 1.0})
    assert report.queues_by_day == {"links": 1.0}
    assert [each.event_id for each in shop.examples["missed"]] == ["esg_toko", "eid"]
