"""What people of the review journeys do, by keyboard: as they would, and no quicker than pages come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from conftest import comment, post  # pyright: ignore[reportMissingImports]
from seawall.serve.process import open_ledger
from seawall.serve.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from playwright.sync_api import Page
    from sqlalchemy import ColumnElement, Table

    from conftest import Served

AXE_GRAVE = {"serious", "critical"}


def complaints(page: Page) -> list[str]:
    """What the browser complains of; a list that grows while the page lives. A refused form is no fault."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "console",
        lambda message: (
            found.append(message.text)
            if message.type == "error" and "status of 4" not in message.text
            else None
        ),
    )
    return found


def press(page: Page, key: str, until: str) -> None:
    """Press a key that leads to another page."""
    before = page.url
    page.keyboard.press(key)
    page.wait_for_url(lambda url: url != before and until in url)
    page.wait_for_load_state("networkidle")


def grave(page: Page, axe: Path) -> list[str]:
    """What axe finds serious or critical, light and dark, and whether the page is wider than the window."""
    found: list[str] = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.add_script_tag(path=axe)
        result: dict[str, Any] = page.evaluate("axe.run()")
        found += [
            f"{theme} {one['id']}: {node['html'][:160]}"
            for one in result["violations"]
            if one["impact"] in AXE_GRAVE
            for node in one["nodes"]
        ]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{theme}: wider than the window")
    page.emulate_media(color_scheme="light")
    return found


def send_links(served: Served, count: int, *, prefix: str, domain: str) -> list[dict[str, Any]]:
    """Comments with a link, each by an account of its own; gives the decisions."""
    sent = [
        comment(f"{prefix}-{number}", actor_id=f"u-{prefix}-{number}", link_domain=domain)
        for number in range(count)
    ]
    return post(served, sent)["decisions"]


def counted(served: Served, table: Table, *where: ColumnElement[bool]) -> int:
    """How many rows of a table of the ledger fit."""
    ledger, _ = open_ledger(served.root, Settings())
    try:
        with ledger.read() as connection:
            return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
    finally:
        ledger.close()
