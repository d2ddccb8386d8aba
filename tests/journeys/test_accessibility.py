"""axe finds no serious or critical violation on any page, light and dark; nothing runs over at 768 wide."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from conftest import comment, post, sign_in  # pyright: ignore[reportMissingImports]
from seawall.serve.web.routes import ROUTES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from conftest import Served

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
THEMES = ("light", "dark")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not there; `make assets` fetches it"),
]


@pytest.fixture(scope="module")
def pages(served: Served) -> list[str]:
    """Every page of the table, each with something on it."""
    sent = post(
        served, [*(comment(number, actor_id="u-axe") for number in range(3)), comment("bad", type="coment")]
    )
    decision = sent["decisions"][0]["decision_id"]
    names = {
        "{decision_id}": decision,
        "{name:path}": "spam/commercial-spam",
        "{name}": "spam.fast_hands",
        "{bank}": "known",
    }
    found = []
    for page in ROUTES:
        path = page.path
        for part, value in names.items():
            path = path.replace(part, value)
        if page.method == "GET" and path != "/sign-in":
            found.append(path)
    return [*found, "/find?q=nothing-is-called-so", "/strategies/none"]


def violations(result: dict[str, Any]) -> list[str]:
    return [
        f"{one['id']}: {node['html'][:160]} {node['any'][0]['message'] if node['any'] else ''}"
        for one in result["violations"]
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_no_page_shuts_anyone_out(served: Served, browser: Browser, pages: list[str], theme: Any) -> None:
    bad: dict[str, list[str]] = {}
    context = browser.new_context(
        viewport={"width": 768, "height": 1024},
        color_scheme=theme,
        bypass_csp=True,  # only for axe itself
    )
    for role, seen in (("strategist", pages), ("admin", ["/accounts", "/audit"])):
        page = sign_in(context, served, role)
        for path in seen:
            page.goto(served.url + path)
            page.wait_for_load_state("networkidle")
            page.add_script_tag(path=AXE)
            found = violations(page.evaluate("axe.run()"))
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append("the page is wider than the window")
            if found:
                bad[f"{role} {path}"] = found
        context.clear_cookies()
    page.goto(f"{served.url}/sign-in")
    page.add_script_tag(path=AXE)
    bad["sign in"] = violations(page.evaluate("axe.run()"))
    assert {path: found for path, found in bad.items() if found} == {}


def test_no_page_breaks_our_content_security_policy(
    served: Served, browser: Browser, pages: list[str]
) -> None:
    page = sign_in(browser.new_context(), served, "strategist")
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if "Content Security" in message.text else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in pages:
        page.goto(served.url + path)
        page.wait_for_load_state("networkidle")
        assert said == [], path
