"""The platform that the demo plays: it believes nobody without a signature, and does everything once."""

from __future__ import annotations

import json
import sqlite3
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from seawall.act.signature import HEADER, sign
from seawall.core.clock import FixedClock
from seawall.serve.demo.platform_http import Platform

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "a-secret-of-the-demo-platform"
NOW_S = 1_800_000_000


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    with Platform(tmp_path / "p.db", secret=SECRET, clock=FixedClock(NOW_S * 1_000_000)) as running:
        yield running


def send(platform: Platform, message: object, *, secret: str = SECRET, at_s: int = NOW_S) -> tuple[int, str]:
    body = json.dumps(message).encode()
    headers = {HEADER: sign(body, [secret], at_s=at_s)}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(f"{platform.url}/hook", body, headers), timeout=10
        ) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def effect(version: int, action: str | None) -> dict[str, object]:
    return {
        "key": "comment/c1/visibility/*", "version": version, "action": action, "until": None,
        "axis": "visibility", "target": {"kind": "comment", "id": "c1"}, "territory": "*", "clauses": [],
    }  # fmt: skip


def test_it_believes_nobody_without_a_signature_that_is_ours_and_fresh(platform: Platform) -> None:
    assert send(platform, effect(1, "remove"), secret="another-secret-somebody-made-up")[0] == 401
    assert send(platform, effect(1, "remove"), at_s=NOW_S - 301)[0] == 401
    assert send(platform, {"key": "no version"})[0] == 400
    assert send(platform, effect(1, "remove")) == (200, "taken")


def test_it_keeps_the_newest_state_whatever_comes_when(platform: Platform, tmp_path: Path) -> None:
    said = [
        send(platform, effect(version, action))[1]
        for version, action in ((2, None), (1, "remove"), (2, None))
    ]
    assert said == ["taken", "known already", "known already"]
    with closing(sqlite3.connect(tmp_path / "p.db")) as kept:
        assert kept.execute("SELECT version, action FROM effects").fetchall() == [(2, None)]


def test_words_are_passed_on_once_and_shown_with_their_link(platform: Platform) -> None:
    words = {
        "kind": "notice", "key": "notice/n1", "version": 1, "title": "Komen dialih keluar", "text": "...",
        "account": "u<1>", "locale": "ms", "link": "http://127.0.0.1:8400/n/token",
    }  # fmt: skip
    assert [send(platform, words)[1] for _ in range(2)] == ["taken", "known already"]
    ((number, message),) = platform.told_after(0)
    assert message["title"].startswith("Komen")
    assert platform.told_after(number) == []
    send(platform, effect(1, "remove"))
    reporter = {"account": "u2", "locale": "en", "text": "We looked."}
    outcome = {"kind": "report", "key": "report/r1", "version": 1, **reporter}
    assert send(platform, outcome)[0] == 200
    page = urllib.request.urlopen(platform.url, timeout=10).read().decode()
    assert "http://127.0.0.1:8400/n/token" in page
    assert "u&lt;1&gt;" in page
    assert "remove" in page
    assert "We looked." in page  # words without a title or a link
