"""The random lane from end to end: decided, drawn, looked at blind, and the numbers on the page move."""

from __future__ import annotations

import re
import stat
from functools import partial
from html import unescape
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from door_fixtures import FILES, PASSWORD, Door, comment, open_small, write_project
from sqlalchemy import select
from test_review_pages import Desk
from typer.testing import CliRunner

from seawall.core.decision import Decision
from seawall.review.model import Purpose
from seawall.review.tables import SAMPLES, TASKS
from seawall.serve.auth import passwords
from seawall.serve.cli.app import build
from seawall.serve.effects import LANE_SALT
from seawall.serve.judge import Incoming
from seawall.serve.process import open_live
from seawall.serve.settings import Settings
from seawall.serve.web import gate
from seawall.store import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.core.clock import FixedClock
    from seawall.serve.live import Live

LANE = "random_lane: {queue: again, rate: %s, rates: {spam.odd: 0}, everything: %s}\n"
QUEUE = "queue: again\ntitle: A second look\nroles: [moderator, lead]\nsla: 3 days\norder: oldest\n"


def files(rate: float, everything: float) -> dict[str, str]:
    return {
        "seawall.yml": FILES["seawall.yml"] + LANE % (rate, everything),
        "queues/again.yml": QUEUE,
    }


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "built", lambda: True)
    monkeypatch.setattr(
        passwords, "PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    )


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Live, FixedClock]]:
    live, clock = open_small(tmp_path, files(1, 1))
    live.start()
    yield live, clock
    live.stop()


def send(live: Live, numbers: range, **more: object) -> None:
    events = [Incoming(comment(n, actor_id=f"u{n}", **more)) for n in numbers]
    answers = live.submit(events).result(timeout=20)
    assert all(isinstance(answer, Decision) for answer in answers)
    live.store.project()


def drawn(live: Live) -> dict[str, set[str]]:
    """What was drawn, by event, and for what."""
    query = select(TASKS.c.event_id, SAMPLES.c.frame).join(SAMPLES, SAMPLES.c.task_id == TASKS.c.task_id)
    found: dict[str, set[str]] = {}
    with live.store.ledger.read() as connection:
        for event, frame in connection.execute(query.where(TASKS.c.purpose == Purpose.RANDOM)):
            found.setdefault(event, set()).add(frame)
    return found


def measured(live: Live) -> str:
    door = Door(live)
    token = re.search(r'name="form_token" value="([^"]+)"', door.get("/sign-in").text)
    assert token
    form = {"form_token": token[1], "name": "analyst", "password": PASSWORD, "next": "/measure"}
    door.post("/sign-in", data=form)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", door.get("/measure").text)).split())


def test_what_people_find_moves_the_numbers(opened: tuple[Live, FixedClock]) -> None:
    live, clock = opened
    send(live, range(40), link_domain="false-shop.example")
    send(live, range(40, 50), link_domain=None)
    assert drawn(live) == {f"e{n}": {"*", "spam.shop"} if n < 40 else {"*"} for n in range(50)}
    before = measured(live)
    assert before.count("too few labels: have 0 of 30 needed") == 2  # precision and leakage
    assert "bound by the promise, before labels" in before

    desk = Desk(live, "moderator")
    innocent, got_through = {"e3", "e9", "e21", "e38"}, {"e44", "e47"}
    for _ in range(50):
        where = desk.send("/review/take", queue="again").headers["location"]
        with live.store.ledger.read() as connection:
            event = connection.scalar(
                select(TASKS.c.event_id).where(TASKS.c.task_id == where.rpartition("/")[2])
            )
        wrong = (event in got_through) or (event not in innocent and int(event[1:]) < 40)
        choice = {"choice": "other", "other": "spam/links#c1"} if wrong else {"choice": "none"}
        assert desk.send(f"{where}/decide", **choice).status_code == 303
    clock.advance(seconds=11)
    live.outgoing.tidy(live.store.ledger)

    after = measured(live)
    assert "90.0 %" in after  # of 40 actions of the shop strategy, 4 were wrong
    assert "n 40 · " in after
    assert "bound by the promise, before labels" not in after
    assert re.search(r"Violating items that no machine acted on 5\.3 %", after)  # 2 of 38
    assert "too few labels" not in after


def test_a_drawn_item_looks_the_same_whatever_was_concluded(opened: tuple[Live, FixedClock]) -> None:
    live, _ = opened
    send(live, range(1), link_domain="false-shop.example")
    send(live, range(1, 2), link_domain="fine-shop0.example")
    desk = Desk(live, "moderator")
    pages = []
    for domain in ("false-shop", "fine-shop0"):
        where = desk.send("/review/take", queue="again").headers["location"]
        page = desk.see(where)
        assert f"{domain}.example" in page
        for word in ("spam.shop", "at-issue", "Why the machine", "severity", "/decisions/"):
            assert word not in page
        seen = re.sub(r'"[\w-]{20,44}"', '""', page)  # nonces and tokens
        pages.append(seen.replace(where, "").replace(domain, "").replace(where.rpartition("/")[2], ""))
        desk.send(f"{where}/skip", reason="I would rather not look at this today")
    assert pages[0] == pages[1]


def test_a_release_changes_the_lane_at_once(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path, files(1, 0))
    live.start()
    try:
        send(live, range(2), link_domain="false-shop.example")
        before = live.project.version
        write_project(tmp_path, **files(0, 0))
        live.releases.release(tmp_path, by="test")
        live._switch()
        send(live, range(2, 4), link_domain="false-shop.example")
    finally:
        live.stop()
    assert live.project.version != before
    again = open_live(tmp_path, Settings(min_free_bytes=0), clock=live.clock)
    assert set(drawn(again)) == {"e0", "e1"}
    again.store.close()


def test_its_salt_is_a_secret_of_the_data_folder(tmp_path: Path) -> None:
    live, clock = open_small(tmp_path / "a", files(0.5, 0))
    path = live.store.path / LANE_SALT
    salt = path.read_text().strip()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(bytes.fromhex(salt)) == 32
    assert salt not in str(live.project)
    live.store.close()
    open_live(tmp_path / "a", Settings(min_free_bytes=0), clock=clock).store.close()
    assert path.read_text().strip() == salt
    other, _ = open_small(tmp_path / "b", files(0.5, 0))
    assert (other.store.path / LANE_SALT).read_text().strip() != salt
    other.store.close()


def test_a_file_that_is_enacted_is_drawn_from_too(tmp_path: Path) -> None:
    write_project(tmp_path, **files(1, 0))
    lines = tmp_path / "events.jsonl"
    shop = comment(1, link_domain="false-shop.example"), comment(2)
    lines.write_text("".join(f"{one}\n".replace("'", '"') for one in shop))
    ran = CliRunner().invoke(
        build(),
        ["decide", str(lines), "--project", str(tmp_path), "--enact", "-o", str(tmp_path / "out.jsonl")],
    )
    assert ran.exit_code == 0, ran.output
    ledger = Ledger.open(f"sqlite:///{tmp_path / '.seawall' / 'ledger.db'}")
    with ledger.read() as connection:
        found = connection.execute(select(TASKS.c.event_id, TASKS.c.purpose, TASKS.c.queue)).all()
    ledger.close()
    assert found == [("e1", "random", "again")]


def test_without_a_lane_nothing_is_drawn(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path)
    live.start()
    send(live, range(3), link_domain="false-shop.example")
    assert drawn(live) == {}
    live.stop()
