"""A lead takes back a bad strategy's day; since it is large, a second person has to agree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from review_steps import complaints, counted, grave, press, send_links

from conftest import sign_in  # pyright: ignore[reportMissingImports]
from seawall.act.tables import FALLS, GROUNDS, HOLDING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from conftest import Served

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STRATEGY, DOMAIN = "fraud.known_bad_domain", "prize-desk.example"
SENT = 60  # a removal and a strike each

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there; `make assets` fetches it"),
]


def person(served: Served, browser: Browser, name: str) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)  # only for axe
    return sign_in(context, served, name)


def tab_to(page: Page, name: str) -> None:
    """Move to a button as somebody without a mouse does."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText?.trim()") == name:
            return
    pytest.fail(f"the keyboard does not reach {name}")


def open_strategy(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type(STRATEGY)
    press(page, "Enter", f"/strategies/{STRATEGY}")
    press(page, "o", "/undo")


def test_a_bad_strategys_day_is_undone_by_two(served: Served, browser: Browser) -> None:
    decisions = send_links(served, SENT, prefix="day", domain=DOMAIN)
    assert all(STRATEGY in one["fired"] for one in decisions)
    lead = person(served, browser, "lead")
    found = complaints(lead)
    by_strategy = GROUNDS.c.strategy == STRATEGY
    while counted(served, GROUNDS, by_strategy) < 2 * SENT:
        lead.wait_for_timeout(300)  # the projector is on its way

    open_strategy(lead)
    seen = lead.get_by_role("main").inner_text()
    assert "120 actions on 60 accounts" in seen
    assert "remove 60, strike 60" in seen
    assert "SG 120" in seen
    assert "120 lifted" in seen
    assert grave(lead, AXE) == []
    samples = [link.get_attribute("href") for link in lead.get_by_role("cell").get_by_role("link").all()]
    assert len(samples) == 10
    assert all("-day-" in str(address) for address in samples)

    tab_to(lead, "Look")
    lead.keyboard.press("Tab")
    for _ in range(30):  # past the samples
        if lead.evaluate("document.activeElement.name") == "reason":
            break
        lead.keyboard.press("Tab")
    lead.keyboard.type("a partner's domain got into the list")
    press(lead, "Enter", "/undos/")
    address = lead.url
    assert "waits for a second person" in lead.get_by_role("main").inner_text()
    assert "Allow it" not in lead.get_by_role("main").inner_text()
    assert grave(lead, AXE) == []
    assert counted(served, FALLS) == 0

    second = person(served, browser, "strategist")
    second.keyboard.press("g")
    press(second, "o", "/undos")
    assert grave(second, AXE) == []
    second.keyboard.press("j")
    press(second, "Enter", "/undos/")
    assert second.url == address
    assert grave(second, AXE) == []
    tab_to(second, "Allow it")
    second.keyboard.press("Enter")
    second.get_by_text("It is done").wait_for()
    assert counted(served, FALLS) == 2 * SENT
    assert counted(served, HOLDING, HOLDING.c.action.is_not(None)) == 0  # as if it had never been

    lead.reload()
    assert "applied by strategist" in lead.get_by_role("main").inner_text()
    assert found == []


def test_who_asked_cannot_allow_it_and_may_withdraw(served: Served, browser: Browser) -> None:
    send_links(served, SENT, prefix="again", domain=DOMAIN)
    while counted(served, GROUNDS, GROUNDS.c.event_id.like("journey-again-%")) < 2 * SENT:
        browser.contexts[0].pages[0].wait_for_timeout(300)
    lead = person(served, browser, "lead")
    open_strategy(lead)
    lead.get_by_label("Why").fill("the same again")
    press(lead, "Enter", "/undos/")
    tab_to(lead, "Withdraw")
    lead.keyboard.press("Enter")
    lead.get_by_text("refused by lead").wait_for()
    assert counted(served, FALLS, FALLS.c.by == "lead") == 0
