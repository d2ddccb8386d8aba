"""A small safety project and a real process behind it, for tests of the doors."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx

from seawall.core.clock import FixedClock, format_time
from seawall.serve.app import make_app
from seawall.serve.auth.roles import Role, Scope
from seawall.serve.process import open_live
from seawall.serve.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.serve.live import Live

NOON = 1_795_348_800_000_000  # 2026-11-22T12:00:00Z
PASSWORD = "correct horse battery"

FILES = {
    "seawall.yml": "name: small\nmarkets: [SG, ID]\ntime_zones: {SG: Asia/Singapore, ID: Asia/Jakarta}\n",
    "events/comment.yml": (
        "event: comment\nsurface: comment\ndescribes: One comment.\nsubject: comment_id\nactor: actor_id\n"
        "fields:\n  comment_id: string\n  actor_id: string\n  text: string\n  link_domain: string?\n"
    ),
    "policies/spam/links.md": (
        "---\npolicy: spam/links\ntitle: Links\nowner: integrity\nversion: 1\n---\n\nLinks that mislead.\n\n"
        "## c1. Shops\n\n```yaml\nground: terms\nseverity: medium\n```\n\nA link to a false **shop**.\n"
    ),
    "strategies/spam/shop.yml": (
        "strategy: spam.shop\ndescribes: A link to a known false shop.\npolicy: spam/links#c1\non: comment\n"
        "when: link_domain = 'false-shop.example'\nthen: [remove, strike]\nmode: live\nowner: integrity\n"
        "expect: {precision: 0.97, disturbance_per_10k: 2}\n"
    ),
    "queues/links.yml": (
        "queue: links\ntitle: Links\nsla: 4h\n"
        "roles: [policy_manager, strategist, analyst, moderator, lead, quality, legal]\n"
    ),
    "strategies/spam/odd.yml": (
        "strategy: spam.odd\ndescribes: A link worth a look.\npolicy: spam/links#c1\non: comment\n"
        "when: link_domain = 'odd.example'\nthen:\n  review: links\nmode: live\nowner: integrity\n"
        "expect: {precision: 0.5}\n"
    ),
}


class Door:
    """A client of the application itself, without a network. It keeps cookies and default headers."""

    def __init__(self, live: Live, **headers: str) -> None:
        self._app = make_app(live)
        self.headers = headers
        self.cookies = httpx.Cookies()

    def request(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1", cookies=self.cookies
            ) as client:
                answer = await client.request(
                    method, path, headers={**self.headers, **(headers or {})}, **more
                )
                self.cookies = client.cookies
                return answer

        return asyncio.run(ask())

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.request("POST", path, **more)


class StepClock(FixedClock):
    """Stands still unless told, a little later at each look so that the worker looks for releases."""

    def now(self) -> int:
        self.micros += 1_000
        return self.micros


def write_project(root: Path, **more: str) -> Path:
    for name, text in {**FILES, **more}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def open_small(root: Path, files: dict[str, str] | None = None, **settings: Any) -> tuple[Live, FixedClock]:
    clock = StepClock(NOON)
    live = open_live(
        write_project(root, **(files or {})), Settings(min_free_bytes=0, **settings), clock=clock
    )
    for role in Role:
        live.users.create(role.value, [role], PASSWORD, by="test")
    return live, clock


def a_key(live: Live, *scopes: Scope) -> dict[str, str]:
    name = "-".join(scopes)
    return {"Authorization": f"Bearer {live.keys.create(name, scopes, by='test')}"}


def comment(number: object, **more: object) -> dict[str, object]:
    return {
        "id": f"e{number}",
        "type": "comment",
        "ts": format_time(NOON - 60_000_000),
        "market": "SG",
        "comment_id": f"c{number}",
        "actor_id": "u1",
        "text": "what a lovely day",
        **more,
    }
