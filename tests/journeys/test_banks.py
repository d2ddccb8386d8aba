"""An analyst puts a hash into a bank by command, and finds it known on the page, by keyboard alone."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import sign_in  # pyright: ignore[reportMissingImports]

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from conftest import Served

pytestmark = pytest.mark.browser

KNOWN, NEAR = "0f" * 32, "0e" + "0f" * 31


def test_a_hash_that_came_in_is_known_a_moment_later(served: Served, browser: Browser) -> None:
    seawall = Path(sys.executable).parent / "seawall"
    words = [
        "bank",
        "add",
        "known",
        KNOWN,
        "--ref",
        "case 7",
        "--reason",
        "a verdict",
        "--project",
        served.root,
    ]
    subprocess.run([seawall, *words], check=True, capture_output=True)
    page = sign_in(browser.new_context(viewport={"width": 1280, "height": 800}), served, "analyst")
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.wait_for_url(f"{served.url}/banks")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/banks/known")
    until = time.monotonic() + 60
    while not page.get_by_text("a verdict").count() and time.monotonic() < until:
        time.sleep(0.5)
        page.reload()
    page.get_by_label("pdq hash").focus()
    page.keyboard.type(NEAR)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/banks/known?hash={NEAR}")
    assert "the nearest 1 bit away" in page.get_by_role("status").inner_text()
    assert page.get_by_role("cell", name="case 7").count() == 1
