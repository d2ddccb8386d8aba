"""The first page of a demo: every link of its guide leads to a page that shows what it promises."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from review_steps import complaints, grave

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
EVENTS, PATIENCE_S = 4_000, 900
FEWEST = 8
SIGN_IN = r"^\s+([a-z_]+)\s+([0-9a-z]{4}(?:-[0-9a-z]{4}){4})\s*$"
SHOWS = {
    "found: every comment": ("fraud.double_your_coins", "remove"),
    "the condition, its parts": ("regexp_matches", "Record"),
    "the decision on somebody who only asked": ("What became of it", "They appealed", "overturned"),
    "what they were told in Malay": ("Bahasa Melayu", "Betul"),
    "what the platform was told": ("The platform of this demo", "What holds"),
    "the numbers that moved": ("Promise beside record", "too few labels"),
    "the comment, the help that was offered": ("offer help", "A person found"),
    "the strategy: support is an axis": ("wellbeing.at_risk", "care"),
    "the decision, with the file": ("What was looked at", "card_red"),
    "every video on which": ("fraud.shown_promise",),
    "what looking at clips was bought for": ("card_red",),
    "the item that was reported": ("reports from", "cluster"),
    "one of the reports": ("integrity.false_reports",),
    "when it fired, in shadow and live": ("spam.same_text_burst", "in shadow"),
    "whom it acted on": ("Decisions",),
    "take it all back": ("spam.same_text_burst",),
    "the promise of every strategy": ("Promise beside record",),
    "a lure that could not be read": ("unsupported language",),
    "one of them, with the count": ("device_link_accounts_1h",),
    "a comment that was held": ("hold",),
    "what the child said": ("minors.says_too_young",),
    "the third segment": ("driving.keeps_driving",),
    "a decision with both grounds": ("fraud.sure_profit_sg", "SG"),
}
"""What a page has to say, by the beginning of the link that leads to it."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(1_800),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there; `make assets` fetches it"),
]


class Running(NamedTuple):
    """A demo that is served: where, and its sign-ins."""

    url: str
    passwords: dict[str, str]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("guide")
    log = folder / "demo.log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).parent / "seawall", "demo", "--dir", folder / "project"]
    with log.open("w") as output:
        process = subprocess.Popen(
            [*command, "--events", str(EVENTS), "--port", str(port)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "SEAWALL_MIN_FREE_BYTES": "0"},
        )
    try:
        deadline = time.monotonic() + PATIENCE_S
        while "Seawall serves" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.3)
        found = re.findall(SIGN_IN, log.read_text(), re.MULTILINE)
        yield Running(f"http://127.0.0.1:{port}", dict(found))
    finally:
        process.terminate()
        process.wait(timeout=60)
    for door in (port, port + 1):  # what it started it stops
        with socket.socket() as knock:
            assert knock.connect_ex(("127.0.0.1", door)) != 0


def signed_in(browser: Browser, demo: Running, role: str) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True).new_page()
    page.goto(f"{demo.url}/sign-in")
    page.get_by_label("Name").fill(role)
    page.keyboard.press("Tab")
    page.keyboard.type(demo.passwords[role])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{demo.url}/")
    return page


def test_every_link_of_the_guide_leads_to_what_it_promises(demo: Running, browser: Browser) -> None:
    page = signed_in(browser, demo, "lead")
    found = complaints(page)
    links = page.locator(".guide li a")
    stops = [(link.inner_text(), str(link.get_attribute("href"))) for link in links.all()]
    assert page.locator(".guide ol > li").count() >= FEWEST
    assert grave(page, AXE) == []
    short: dict[str, list[str]] = {}
    for says, address in stops:
        wanted = next(words for begins, words in SHOWS.items() if says.startswith(begins))
        answer = page.goto(address if address.startswith("http") else demo.url + address)
        assert answer is not None
        assert answer.ok, (says, address)
        shown = page.get_by_role("main").inner_text()
        missing = [word for word in wanted if word.casefold() not in shown.casefold()]
        if missing:
            short[says] = missing
    assert short == {}
    assert found == []


@pytest.mark.parametrize("role", ["moderator", "admin", "strategist", "auditor"])
def test_nobody_is_led_where_they_may_not_go(demo: Running, browser: Browser, role: str) -> None:
    page = signed_in(browser, demo, role)
    for address in [str(link.get_attribute("href")) for link in page.locator(".guide li a").all()]:
        answer = page.goto(address if address.startswith("http") else demo.url + address)
        assert answer is not None
        assert answer.ok, address
