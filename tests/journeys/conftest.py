"""A real server over the starter project, and a real browser in front of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from seawall.policy.scaffold import scaffold
from seawall.serve.auth.keys import Keys
from seawall.serve.auth.repo import Users
from seawall.serve.auth.roles import Role, Scope
from seawall.serve.clock import SystemClock
from seawall.serve.process import open_ledger
from seawall.serve.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

PASSWORD = "correct horse battery"
START_S = 90


class Served(NamedTuple):
    """A running server: where it answers, its project, and a key that may do everything."""

    url: str
    root: Path
    key: str


def promise_no_budget(root: Path) -> None:
    """Everybody who is active in a journey is acted on: the brake would be right to stop every strategy."""
    for path in (root / "strategies").rglob("*.yml"):
        written = path.read_text()
        path.write_text(re.sub(r"disturbance_per_10k: [\d.]+", "disturbance_per_10k: 10000", written))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("served") / "platform"
    scaffold(root)
    promise_no_budget(root)
    (root / "banks").mkdir()
    (root / "banks" / "known.yml").write_text("bank: known\nhash: pdq\nclause: adult/nudity#c1\n")
    ledger, _ = open_ledger(root, Settings())
    users = Users(ledger, SystemClock())
    for role in Role:
        users.create(role.value, [role], PASSWORD, by="test")
    key = Keys(ledger, SystemClock()).create("test", [Scope.ADMIN], by="test")
    ledger.close()
    log = root.parent / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [Path(sys.executable).parent / "seawall", "serve", "--project", root, "--port", "0"],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "SEAWALL_MIN_FREE_BYTES": "0"},
        )
    try:
        yield Served(_address(server, log), root, key)
    finally:
        server.terminate()
        server.wait(timeout=60)
    assert server.returncode in {0, -15}, log.read_text()


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        for line in log.read_text().splitlines():
            if line.startswith("Seawall serves"):
                return line.rpartition(" ")[2]
        time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield launched
        launched.close()


def sign_in(context: BrowserContext, served: Served, name: str) -> Page:
    """A page of someone who signed in, by keyboard. Whatever the console complains of fails the test."""
    page = context.new_page()
    page.goto(f"{served.url}/sign-in")
    page.get_by_label("Name").fill(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/")
    return page


def comment(number: object, **more: object) -> dict[str, object]:
    """A comment of the starter project, as a platform sends it."""
    return {
        "id": f"journey-{number}",
        "type": "comment",
        "ts": datetime.now(UTC).isoformat(),
        "market": "SG",
        "language": "en",
        "comment_id": f"c-{number}",
        "actor_id": "u-journey",
        "actor_age": 30,
        "account_age_days": 400,
        "followers": 12,
        "device_hash": "61e93816c16c7c67",
        "text": "look at my new page",
        "link_domain": None,
        "parent_id": "v-1",
        "target_id": "u-target",
        "mentions": 0,
        **more,
    }


def post(served: Served, body: object) -> Any:
    """Send one event or many through the API."""
    request = urllib.request.Request(
        f"{served.url}/v1/events",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {served.key}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        pytest.fail(refused.read().decode())
