"""Somebody is removed, reads why in Malay, appeals, and is reinstated; the numbers move."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from appeal_steps import a_platform, serving
from review_steps import complaints, grave, press

from conftest import comment, post, sign_in  # pyright: ignore[reportMissingImports]
from seawall.appeal.catalogue import catalogue

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = os.environ.get("SEAWALL_PICTURES")  # a folder, to look at every page
WIDTHS = (1280, 768, 390)
MALAY = catalogue("ms")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there; `make assets` fetches it"),
]


def seen(page: Page, name: str) -> list[str]:
    """axe at each width, light and dark; a picture where somebody wants to look."""
    found: list[str] = []
    before = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{name} at {width}: {each}" for each in grave(page, AXE)]
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}.png", full_page=True)
            page.emulate_media(color_scheme="dark")
            page.screenshot(path=Path(PICTURES) / f"{name}-{width}-dark.png", full_page=True)
            page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)
    return found


def measured(page: Page, row: str) -> str:
    page.goto(f"{page.url.split('/', 3)[0]}//{page.url.split('/', 3)[2]}/measure")
    cells = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=row, exact=True))
    return cells.inner_text()


def test_a_removed_person_is_reinstated_and_the_numbers_move(browser: Browser, tmp_path: Path) -> None:
    with a_platform() as platform, serving(tmp_path / "platform", platform) as served:
        decision = post(
            served,
            comment("back", market="MY", locale="ms-MY", language="ms", link_domain="prize-desk.example"),
        )
        assert decision["action"] == "remove"
        removal = platform.wait_for(action="remove")
        notice = platform.wait_for(kind="notice", notice="action")
        assert notice["locale"] == "ms"

        console = browser.new_context(
            viewport={"width": 1280, "height": 800}, bypass_csp=True
        )  # only for axe
        analyst = sign_in(console, served, "analyst")
        assert "nothing to count yet" in measured(analyst, "Overturned, of decided appeals")
        found = seen(analyst, "measure-before")

        phone = browser.new_context(
            viewport={"width": 390, "height": 800}, java_script_enabled=False, locale="ms-MY"
        )
        person = phone.new_page()
        person.goto(notice["link"])
        said = person.get_by_role("main").inner_text()
        assert MALAY.say("by.machine") in said
        assert MALAY.say("page.until", date="X")[:20] in said
        person.get_by_label(MALAY.say("page.text")).fill("Ini kedai saya sendiri. Sila semak semula.")
        person.get_by_label(MALAY.say("page.evidence")).fill("https://kedai.example/tentang")
        person.get_by_role("button", name=MALAY.say("page.send")).click()
        assert MALAY.say("page.sent") in person.get_by_role("main").inner_text()
        assert MALAY.say("state.received") in person.get_by_role("main").inner_text()

        moderator = sign_in(browser.new_context(bypass_csp=True), served, "moderator")
        wrong = complaints(moderator)
        moderator.goto(f"{served.url}/review")
        press(moderator, "Enter", "/review/tasks/")
        task = moderator.get_by_role("main").inner_text()
        assert "Ini kedai saya sendiri." in task
        assert "fraud.known_bad_domain" not in task  # blind
        found += seen(moderator, "review-appeal")
        person.reload()
        assert MALAY.say("state.reading") in person.get_by_role("main").inner_text()
        moderator.keyboard.press("0")
        press(moderator, "Enter", "/review")

        restored = platform.wait_for(key=removal["key"], action=None)
        assert restored["version"] > removal["version"]
        outcome = platform.wait_for(kind="notice", notice="outcome")
        assert outcome["title"] == MALAY.say("title.overturned")
        person.reload()
        last = person.get_by_role("main").inner_text()
        assert MALAY.say("title.overturned") in last
        assert MALAY.say("outcome.sorry") in last

        after = measured(analyst, "Overturned, of decided appeals")
        assert re.search(r"100\.0 %\s+20\.7 % to 100\.0 %", after), after
        assert "100.0 %" in measured(analyst, "Reinstated for whatever reason")
        found += seen(analyst, "measure-after")
        analyst.get_by_role("row").filter(has_text="Overturned").get_by_role("link").click()
        assert "overturned" in analyst.get_by_role("main").inner_text()
        found += seen(analyst, "measure-rows")

        look = browser.new_context(bypass_csp=True).new_page()
        for number, name in enumerate(("person-decided", "person-decided-zh")):
            look.goto(notice["link"] + ("?lang=zh" if number else ""))
            found += seen(look, name)
        post(served, comment("open", actor_id="u-open", locale="en", link_domain="prize-desk.example"))
        opened = platform.wait_for(kind="notice", account="u-open")
        look.goto(opened["link"])
        found += seen(look, "person-open")
        look.goto(f"{served.url}/n/not-a-link")
        found += seen(look, "person-gone")
        assert found == []
        assert wrong == []
