"""A strategist changes a condition in the browser, releases it, and sees it decide and explain."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from conftest import comment, post, sign_in  # pyright: ignore[reportMissingImports]

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from conftest import Served

pytestmark = pytest.mark.browser

STRATEGY = "spam.fast_hands"
LINK = "prize-claim.example"


def send(served: Served, number: int) -> dict[str, Any]:
    return post(served, comment(number, link_domain=LINK))


def send_until(served: Served, version: str) -> dict[str, Any]:
    """The first decision under a version: the server switches within two seconds, between two batches."""
    for number in range(1, 60):
        decision = send(served, number)
        if decision["project_version"] != version:
            return decision
        time.sleep(0.25)
    pytest.fail("the release did not come into force")


def write(page: Page, text: str) -> None:
    """Replace what is in the editor, as someone who pastes."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def complaints(page: Page) -> list[str]:
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    return found


def test_a_condition_is_changed_released_and_explained(served: Served, browser: Browser) -> None:
    before = send(served, 0)
    assert STRATEGY not in before["fired"]

    page = sign_in(browser.new_context(viewport={"width": 1280, "height": 800}), served, "strategist")
    found = complaints(page)
    page.keyboard.press("/")
    page.keyboard.type(STRATEGY)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/strategies/{STRATEGY}")
    page.keyboard.press("e")
    page.wait_for_url(f"**/strategies/{STRATEGY}/edit")

    text = page.locator("textarea").input_value()
    condition = text[text.index("when:") : text.index("then:")]
    write(page, text.replace(condition, "when: link_domian IS NOT NULL\n"))
    page.get_by_text("did you mean").first.wait_for()
    assert "link_domain" in page.locator("#checked").inner_text()
    page.get_by_role("button", name="Save and release").click()
    page.get_by_role("alert").wait_for()
    assert "Nothing was saved or released" in page.get_by_role("alert").inner_text()
    assert "link_domian" not in (served.root / "strategies/spam/fast_hands.yml").read_text()

    write(page, text.replace(condition, f"when: link_domain = '{LINK}'\n"))
    page.get_by_text("1 error").wait_for(state="detached")
    page.get_by_label("What changed").fill("the page of the week")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/strategies/{STRATEGY}")

    decision = send_until(served, before["project_version"])
    assert STRATEGY in decision["fired"]

    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/decisions")
    page.goto(f"{served.url}/find?q={decision['event_id']}")
    page.wait_for_url(f"**/decisions/{decision['decision_id']}")
    verdict = page.locator("details.verdict[open]", has_text=STRATEGY)
    assert "fired" in verdict.inner_text()
    assert f"'{LINK}'" in verdict.inner_text()
    assert verdict.locator(".mark.true").count() >= 2
    assert "look at my new page" not in page.content()
    page.keyboard.press("b")
    page.wait_for_url("**/content")
    assert "look at my new page" in page.content()

    page.goto(f"{served.url}/strategies/{STRATEGY}")
    versions = page.locator("section", has=page.get_by_role("heading", name="Versions"))
    assert "the page of the week" in versions.inner_text()
    assert [one for one in found if "422" not in one] == []


def test_a_pause_acts_at_once_and_ends_when_it_is_resumed(served: Served, browser: Browser) -> None:
    page = sign_in(browser.new_context(), served, "lead")
    page.goto(f"{served.url}/strategies/{STRATEGY}")
    page.get_by_label("Why").fill("too many good people")
    page.get_by_role("button", name="Pause everywhere").click()
    page.wait_for_load_state()
    deadline = time.monotonic() + 20
    while "Paused by lead" not in page.content() and time.monotonic() < deadline:
        time.sleep(0.25)
        page.reload()
    assert "too many good people" in page.content()
    decision = send(served, 1001)
    assert STRATEGY not in decision["fired"]
    assert decision["effective_version"] != decision["project_version"]
    page.get_by_label("Why").fill("looked at it")
    page.get_by_role("button", name="Resume").click()
    page.wait_for_load_state()
    for number in range(1002, 1062):
        if STRATEGY in send(served, number)["fired"]:
            return
        time.sleep(0.1)
    pytest.fail("the strategy did not come back")


def test_hands_stay_on_the_keyboard(served: Served, browser: Browser) -> None:
    send(served, 2000)
    page = sign_in(browser.new_context(), served, "moderator")
    page.keyboard.press("?")
    assert page.get_by_role("heading", name="Keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/decisions")
    page.keyboard.press("j")
    first = page.locator("tr.at a").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}")
