"""A moderator clears thirty tasks with the keyboard alone: skip, escalate, ask and undo among them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from review_steps import complaints, counted, grave, press

from conftest import post, sign_in  # pyright: ignore[reportMissingImports]
from seawall.act.tables import GROUNDS, SHIELDS
from seawall.review.tables import LABELS, VERDICTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from conftest import Served

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
THIRTY = 30
CLEARED = 15  # by 0 and 4
SETTLE_S = 40

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there; `make assets` fetches it"),
]


def video(number: int) -> dict[str, object]:
    """A video whose caption promises sure profit, so that people look."""
    return {
        "id": f"profit-{number}",
        "type": "video",
        "ts": datetime.now(UTC).isoformat(),
        "market": "MY",
        "language": "en",
        "video_id": f"v-{number}",
        "actor_id": f"u-profit-{number}",
        "account_age_days": 300,
        "followers": 80,
        "text": "guaranteed returns, join my group",
        "hashtags": [],
        "duration_s": 31,
        "views": number,
        "paid_partnership": False,
    }


def decide(page: Page, key: str) -> None:
    page.keyboard.press(key)
    press(page, "Enter", "/review")


def write(page: Page, key: str, text: str) -> None:
    """Do something else than conclude: its key, a sentence, enter."""
    page.keyboard.press(key)
    field = page.locator("textarea:focus, input[type=text]:focus, input:not([type]):focus")
    field.wait_for()
    page.keyboard.type(text)
    assert field.input_value() == text
    press(page, "Enter", "/review")


@pytest.fixture
def moderator(served: Served, browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, bypass_csp=True)  # only for axe
    return sign_in(context, served, "moderator")


def test_thirty_tasks_by_keyboard_alone(served: Served, browser: Browser, moderator: Page) -> None:
    post(served, [video(number) for number in range(THIRTY + 3)])
    page, found = moderator, complaints(moderator)
    page.keyboard.press("g")
    press(page, "v", "/review")
    while not page.get_by_role("cell", name="33", exact=True).count():
        page.wait_for_timeout(300)  # the projector is on its way
        page.reload()
    assert grave(page, AXE) == []

    press(page, "Enter", "/review/tasks/")
    first = page.url
    assert "guaranteed returns" not in page.content()
    page.keyboard.press("b")
    page.get_by_text("guaranteed returns, join my group").wait_for()
    assert grave(page, AXE) == []
    page.keyboard.press("Enter")
    assert "Choose a clause first" in page.locator("[data-said]").inner_text()

    decide(page, "3")
    assert page.url != first
    press(page, "u", first)  # taken back: the task is before them again
    decide(page, "0")

    write(page, "s", "I know one of the people")
    write(page, "e", "an account with many followers; a lead should see it")
    write(page, "q", "does a savings plan of a bank count?")

    for number in range(THIRTY - 1):
        assert "/review/tasks/" in page.url, number
        decide(page, "3014"[number % 4])
    page.get_by_text("Scams and fraud is clear.").wait_for()
    assert grave(page, AXE) == []
    assert counted(served, VERDICTS, VERDICTS.c.undone.is_(None)) == THIRTY

    deadline = time.monotonic() + SETTLE_S
    while counted(served, LABELS) < THIRTY and time.monotonic() < deadline:
        time.sleep(0.5)
    assert counted(served, LABELS) == THIRTY
    assert counted(served, LABELS, LABELS.c.violates.is_(False)) == CLEARED
    assert counted(served, SHIELDS) == CLEARED  # what a person found stays so
    judged = (GROUNDS.c.strategy == "human", GROUNDS.c.target_kind == "video")
    assert counted(served, GROUNDS, *judged) == THIRTY - CLEARED
    assert counted(served, GROUNDS, *judged, GROUNDS.c.action == "remove") == 7  # by 1, another clause

    _the_ruling_comes_back(served, browser, page)
    assert found == []


def _the_ruling_comes_back(served: Served, browser: Browser, page: Page) -> None:
    manager = sign_in(browser.new_context(bypass_csp=True), served, "policy_manager")
    manager.keyboard.press("g")
    press(manager, "q", "/questions")
    manager.get_by_text("does a savings plan of a bank count?").wait_for()
    assert grave(manager, AXE) == []
    manager.get_by_label("What holds, and why").focus()
    manager.keyboard.type("No: a licensed bank may state the rate it pays.")
    manager.keyboard.press("Tab")
    manager.keyboard.press("Enter")
    manager.get_by_text("No question waits.").wait_for()

    page.goto(f"{served.url}/review")
    press(page, "Enter", "/review/tasks/")
    page.get_by_text("a licensed bank may state the rate it pays").first.wait_for()
    decide(page, "4")


def test_two_windows_show_one_task_and_only_one_verdict_is_taken(served: Served, moderator: Page) -> None:
    post(served, [video(number) for number in (100, 101)])
    page, other = moderator, moderator.context.new_page()
    for window in (page, other):
        window.goto(f"{served.url}/review")
        while not window.locator("[data-enter]").count():
            window.wait_for_timeout(300)
            window.reload()
        press(window, "Enter", "/review/tasks/")
    task = page.url
    assert other.url == task
    decide(other, "3")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("What you chose was not taken").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(other.url)  # the one task they hold, in both windows
    decide(page, "0")
    other.goto(task)
    assert "You have decided it." in other.content()
