"""A reviewer watches a clip: nothing is loaded before they ask, and the keyboard jumps from mark to mark."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pytest

from conftest import PASSWORD  # pyright: ignore[reportMissingImports]
from seawall.policy.scaffold import scaffold
from seawall.serve.auth.roles import Role, Scope
from seawall.serve.clock import SystemClock
from seawall.serve.demo.clips import MODEL, fit_clips
from seawall.serve.demo.host import serving
from seawall.serve.process import open_live
from seawall.serve.settings import Settings
from seawall.simulate.onnx_file import colour_means

pytest.importorskip("av", reason="the extra `media` is not installed")
from seawall.simulate.clips_pyav import Scene, clip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RED, GREY = (232, 22, 30), (120, 130, 140)
CLIP = clip(
    (Scene(2, GREY), Scene(3, RED, "join my group"), Scene(2, GREY), Scene(2, RED, "today", beep=True))
)

pytestmark = pytest.mark.browser


class Watching(NamedTuple):
    url: str
    decision: str
    broken: str
    root: Path


@pytest.fixture(scope="module")
def watching(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    root = tmp_path_factory.mktemp("watching") / "platform"
    scaffold(root)
    fit_clips(root)
    signals = root / "signals" / "media.yml"
    written = signals.read_text()  # what is read of clips here is the model that a test can make
    signals.write_text(written[: written.index("  nudity_max:")])
    strategy = root / "strategies" / "fraud" / "shown_promise.yml"
    strategy.write_text(
        strategy.read_text().replace(
            "shown_profit >= 0.5 OR card_red >= 0.8 OR nudity_max >= 0.99", "card_red >= 0.8"
        )
    )
    models = root.parent / "models"
    models.mkdir()
    (models / MODEL).write_bytes(colour_means(16))
    (root / "media").mkdir()
    (root / "media" / "red.webm").write_bytes(CLIP)
    (root / "media" / "broken.webm").write_bytes(CLIP[:200])
    settings = Settings(min_free_bytes=0, models=models, public_url="http://127.0.0.1")
    live = open_live(root, settings, clock=SystemClock())
    for role in Role:
        live.users.create(role.value, [role], PASSWORD, by="test")
    key = live.keys.create("test", [Scope.ADMIN], by="test")
    live.start()
    try:
        with serving(live) as url:
            sent = [send(url, key, number, name) for number, name in enumerate(("red.webm", "broken.webm"))]
            yield Watching(url, *sent, root)
    finally:
        live.stop()


def send(url: str, key: str, number: int, name: str) -> str:
    event = {
        "id": f"clip-{number}",
        "type": "video",
        "ts": datetime.now(UTC).isoformat(),
        "market": "SG",
        "language": "en",
        "video_id": f"v-{number}",
        "actor_id": f"u-{number}",
        "account_age_days": 300,
        "followers": 8,
        "text": "a nice day",
        "hashtags": [],
        "duration_s": 9,
        "views": 1,
        "paid_partnership": False,
        "media": {"uri": f"file://clips/{name}"},
    }
    answer = httpx.post(
        f"{url}/v1/events", json=event, headers={"Authorization": f"Bearer {key}"}, timeout=120
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["decision_id"]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1280, "height": 800})
    yield made
    made.close()


def sign_in(context: BrowserContext, url: str, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")
    return page


STATE = """(() => { const v = document.querySelector('video');
return [v?.currentTime, v?.readyState, v?.error?.message, v?.seeking, document.hasFocus(),
        document.querySelectorAll('[aria-current=true]').length, document.activeElement?.tagName,
        location.pathname, globalThis.seawallNonce, document.readyState].join(' '); })()"""


def until(page: Page, holds: str, said: list[str]) -> None:
    """Wait until an expression is true; asked from here, since a busy machine may draw no frames."""
    deadline = time.monotonic() + 40
    while not page.evaluate(holds):
        assert time.monotonic() < deadline, (holds, page.evaluate(STATE), said)
        page.wait_for_timeout(100)


def press(page: Page, key: str, holds: str, said: list[str]) -> None:
    """Press a key until something holds: under load the first one is lost now and then."""
    for _ in range(3):
        page.keyboard.press(key)
        for _ in range(50):
            if page.evaluate(holds):
                return
            page.wait_for_timeout(100)
    until(page, holds, said)


def now_at(page: Page) -> float:
    return page.evaluate("document.querySelector('video').currentTime")


def test_a_clip_is_loaded_when_asked_for_and_jumped_through_by_keyboard(
    watching: Watching, context: BrowserContext
) -> None:
    page = sign_in(context, watching.url, "lead")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url) if "/media/" in request.url else None)
    page.goto(f"{watching.url}/decisions/{watching.decision}")
    page.get_by_text("blurred until you ask").wait_for()
    assert loaded == []
    page.keyboard.press("b")
    page.wait_for_url("**/content")
    page.locator("media-controller:defined").wait_for()
    until(page, "document.querySelector('video')?.readyState >= 2", said)
    assert loaded
    press(page, ".", "document.querySelector('video').currentTime > 1.8", said)
    first = now_at(page)
    press(page, ".", "document.querySelector('video').currentTime > 6.5", said)
    press(page, ",", "document.querySelector('video').currentTime < 6", said)
    assert (round(first), round(now_at(page))) == (2, 2)
    press(page, "p", "!document.querySelector('video').paused", said)
    assert said == []
    if AXE.is_file():
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run(document.querySelector('[data-watch]')).then((r) => r.violations)")
        assert [(one["id"], one["nodes"][0]["html"][:90]) for one in found] == []


def test_a_reviewer_sees_the_same_file_before_the_choice(watching: Watching, context: BrowserContext) -> None:
    page = sign_in(context, watching.url, "moderator")
    page.goto(f"{watching.url}/review")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/tasks/**")
    page.keyboard.press("b")
    page.locator("#evidence [data-watch]").wait_for()
    page.locator(".stage.shown").wait_for()


def test_bytes_are_served_in_ranges_to_who_may_see_them_and_never_cached(
    watching: Watching, context: BrowserContext
) -> None:
    page = sign_in(context, watching.url, "lead")
    src = f"{watching.url}/decisions/{watching.decision}/media/media"
    whole = page.request.get(src)
    assert (whole.status, whole.body(), whole.headers["content-type"]) == (200, CLIP, "video/webm")
    assert whole.headers["cache-control"] == "no-store, private"
    assert "sandbox" in whole.headers["content-security-policy"]
    part = page.request.get(src, headers={"Range": "bytes=100-299"})
    assert (part.status, part.body()) == (206, CLIP[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(CLIP)}"
    assert page.request.get(src, headers={"Range": f"bytes={len(CLIP)}-"}).status == 416
    assert page.request.get(src.replace("/media/media", "/media/text")).status == 404
    assert page.request.get(f"{watching.url}/decisions/{watching.broken}/media/media").status in {200, 404}
    other = sign_in(context.browser.new_context(), watching.url, "auditor")
    assert other.request.get(src).status == 403
    assert httpx.get(src, follow_redirects=False).status_code == 303
    copies = [each for each in (watching.root / ".seawall" / "evidence").rglob("*") if each.is_file()]
    assert copies
    assert all(CLIP[:64] not in each.read_bytes() for each in copies)
    assert hashlib.sha256(CLIP).hexdigest() not in " ".join(map(str, copies))
    assert (watching.root / ".seawall" / "evidence.key").stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_looked_at_goes_to_people_with_its_reason(
    watching: Watching, context: BrowserContext
) -> None:
    page = sign_in(context, watching.url, "lead")
    page.goto(f"{watching.url}/decisions/{watching.broken}")
    page.get_by_text("to people: scam").wait_for()
    page.get_by_text("NULL: undecodable").wait_for()
    page.get_by_text("left open: a signal gave no answer").wait_for()
