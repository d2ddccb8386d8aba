"""A removed person reads why in Malay, appeals, is reinstated; a blind second look moves the precision."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from appeal_steps import a_platform, serving
from review_steps import complaints, counted, grave, press

from conftest import comment, post, sign_in  # pyright: ignore[reportMissingImports]
from seawall.appeal.catalogue import catalogue
from seawall.review.conclude import conclude
from seawall.review.lease import lease
from seawall.review.model import Outcome, Purpose, Reviewer
from seawall.review.tables import LABELS, TASKS
from seawall.serve.clock import SystemClock
from seawall.serve.process import open_ledger
from seawall.serve.settings import Settings
from seawall.serve.wiring import open_project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from conftest import Served

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STRATEGY, CLAUSE, DOMAIN = "fraud.known_bad_domain", "fraud/scams#c2", "prize-desk.example"
OTHERS = 35
MALAY = catalogue("ms")
SETTLE_S = 60

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there; `make assets` fetches it"),
]


def everything_is_drawn(root: Path) -> None:
    """Whatever this strategy fires on is looked at again, and it may disturb more than it could.

    Everybody who is active here is acted on, which no budget of a real platform allows.
    """
    strategy = root / "strategies/fraud/known_bad_domain.yml"
    promised, found = re.subn(
        r"disturbance_per_10k: [\d.]+", "disturbance_per_10k: 10000", strategy.read_text()
    )
    assert found == 1
    strategy.write_text(promised)
    path = root / "seawall.yml"
    written = path.read_text()
    assert "  rates: " in written
    path.write_text(written.replace("    harassment.pile_on:", f"    {STRATEGY}: 1\n    harassment.pile_on:"))


def label_all(served: Served, count: int) -> None:
    """Somebody looks again at everything that waits to be measured, and finds it rightly removed."""
    project = open_project(served.root)
    ledger, _ = open_ledger(served.root, Settings())
    reviewer = Reviewer(name="somebody", role="quality")
    now = SystemClock().now
    try:
        for _ in range(count):
            with ledger.begin() as connection:
                task = lease(connection, project.queues["second_look"], reviewer, now=now())
                assert task is not None
                conclude(
                    connection, task.task_id, reviewer, outcome=Outcome.VIOLATES, clause=CLAUSE,
                    policies=project.policies, now=now(),
                )  # fmt: skip
    finally:
        ledger.close()


def wait_for(served: Served, count: int, *, labels: bool = False) -> None:
    drawn = (TASKS, TASKS.c.purpose == Purpose.RANDOM)
    known = (LABELS, LABELS.c.provenance == Purpose.RANDOM)
    deadline = time.monotonic() + SETTLE_S
    while counted(served, *(known if labels else drawn)) < count:
        assert time.monotonic() < deadline
        time.sleep(0.3)


def precision(page: Page, served: Served) -> str:
    page.goto(f"{served.url}/measure")
    return (
        page.get_by_role("row").filter(has=page.get_by_role("link", name=STRATEGY, exact=True)).inner_text()
    )


def test_a_reinstated_person_moves_the_precision(browser: Browser, tmp_path: Path) -> None:
    with (
        a_platform() as platform,
        serving(tmp_path / "platform", platform, edit=everything_is_drawn) as served,
    ):
        others = [
            comment(f"other-{number}", actor_id=f"u-other-{number}", link_domain=DOMAIN)
            for number in range(OTHERS)
        ]
        post(served, others)
        wait_for(served, OTHERS)
        label_all(served, OTHERS)
        wait_for(served, OTHERS, labels=True)
        analyst = sign_in(browser.new_context(viewport={"width": 1280, "height": 800}), served, "analyst")
        assert "100.0 %" in precision(analyst, served)

        wronged = comment("back", market="MY", locale="ms-MY", language="ms", link_domain=DOMAIN)
        assert post(served, wronged)["action"] == "remove"
        removal = platform.wait_for(action="remove", target={"kind": "comment", "id": "c-back"})
        notice = platform.wait_for(kind="notice", notice="action", locale="ms")
        phone = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
        person = phone.new_page()
        person.goto(notice["link"])
        assert MALAY.say("by.machine") in person.get_by_role("main").inner_text()
        for _ in range(20):
            person.keyboard.press("Tab")
            if person.evaluate("document.activeElement.name") == "text":
                break
        person.keyboard.type("Ini kedai saya sendiri. Sila semak semula.")
        person.keyboard.press("Tab")
        person.keyboard.press("Tab")
        person.keyboard.press("Enter")
        person.get_by_text(MALAY.say("page.sent")).wait_for()

        moderator = sign_in(browser.new_context(bypass_csp=True), served, "moderator")
        wrong = complaints(moderator)
        moderator.goto(f"{served.url}/review")
        press(moderator, "Enter", "/review/tasks/")  # the appeal is due before anything drawn
        assert "Ini kedai saya sendiri." in moderator.get_by_role("main").inner_text()
        moderator.keyboard.press("0")
        press(moderator, "Enter", "/review")
        platform.wait_for(key=removal["key"], action=None)
        person.reload()
        assert MALAY.say("title.overturned") in person.get_by_role("main").inner_text()

        quality = sign_in(browser.new_context(bypass_csp=True), served, "quality")
        wrong_there = complaints(quality)
        quality.keyboard.press("g")
        press(quality, "v", "/review")
        press(quality, "Enter", "/review/tasks/")
        assert STRATEGY not in quality.get_by_role("main").inner_text()  # blind
        assert grave(quality, AXE) == []
        quality.keyboard.press("0")
        press(quality, "Enter", "/review")
        wait_for(served, OTHERS + 1, labels=True)
        after = precision(analyst, served)
        assert "97.2 %" in after
        assert f"n {OTHERS + 1}" in after
        assert [*wrong, *wrong_there] == []
