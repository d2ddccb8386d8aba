"""A strategy leaves its budget: it steps back or calls a person, at once, until somebody answers."""

from __future__ import annotations

import io
import re
from functools import partial
from html import unescape
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from door_fixtures import FILES, PASSWORD, Door, a_key, comment, open_small
from sqlalchemy import select
from test_review_pages import Desk
from typer.testing import CliRunner

from seawall.act.tables import HOLDING
from seawall.core.decision import Decision
from seawall.core.errors import Conflict
from seawall.review.model import Purpose
from seawall.review.tables import TASKS
from seawall.serve.auth import passwords
from seawall.serve.auth.roles import Scope
from seawall.serve.cli.app import build
from seawall.serve.judge import Incoming
from seawall.serve.process import open_live
from seawall.serve.replay import RecordedInputs
from seawall.serve.settings import Settings
from seawall.serve.web import gate
from seawall.store.tables import AUDIT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.core.clock import FixedClock
    from seawall.serve.live import Live

SHOP = "strategies/spam/shop.yml"
GRAVE = (
    "---\npolicy: spam/links\ntitle: Links\nowner: integrity\nversion: 1\n---\n\nLinks that mislead.\n\n"
    "## c1. Shops\n\n```yaml\nground: terms\nseverity: severe\n```\n\nA link to a false **shop**.\n"
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "built", lambda: True)
    monkeypatch.setattr(
        passwords, "PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    )


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Live, FixedClock]]:
    live, clock = open_small(tmp_path)
    live.start(chores=False)  # the test looks when it wants to
    yield live, clock
    live.stop()


def send(live: Live, numbers: range, *, domain: str | None = "false-shop.example") -> list[Decision]:
    events = [Incoming(comment(n, actor_id=f"u{n}", link_domain=domain)) for n in numbers]
    answers = live.submit(events).result(timeout=20)
    live.store.project()
    return [one for one in answers if isinstance(one, Decision)]


def look(live: Live) -> None:
    live.watch._next = 0
    live.look()


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def signed_in(live: Live, role: str) -> Door:
    return Desk(live, role).door


def test_below_thirty_fires_nothing_is_concluded(opened: tuple[Live, FixedClock]) -> None:
    live, _ = opened
    send(live, range(29))  # 29 of 29 active users touched, where 2 in 10,000 may be wrongly
    look(live)
    assert not live.held.braked
    send(live, range(29, 30))
    look(live)
    assert set(live.held.braked) == {"spam.shop"}


def test_a_calm_strategy_goes_on(opened: tuple[Live, FixedClock]) -> None:
    live, _ = opened
    send(live, range(5_000), domain=None)
    send(live, range(5_000, 5_031))  # 62 in 10,000 touched, and the promise of 97 % allows 67
    look(live)
    assert not live.held.braked
    assert send(live, range(6_000, 6_001))[0].action == "remove"


def test_it_steps_back_and_what_holds_stays(opened: tuple[Live, FixedClock], tmp_path: Path) -> None:
    live, clock = opened
    before = send(live, range(40))
    look(live)
    look(live)  # it is braked once
    after = send(live, range(40, 45))
    assert {one.action for one in before} == {"remove"}
    assert {(one.action, one.fired, one.shadow) for one in after} == {("allow", (), ("spam.shop",))}
    assert before[0].effective_version != after[0].effective_version
    with live.store.ledger.read() as connection:
        removed = select(HOLDING.c.target_id).where(HOLDING.c.action == "remove")
        assert len(connection.execute(removed).all()) == 40  # what it did holds until somebody undoes it
        sealed = connection.execute(
            select(AUDIT.c.act, AUDIT.c.by).where(AUDIT.c.target == "spam.shop")
        ).all()
    assert sealed == [("strategy.brake", "seawall")]
    assert [control.kind for _, control in live.store.controls()] == ["brake"]

    replayer = RecordedInputs(live.releases.open, live.store.controls())
    for recorded in live.store.between():
        assert replayer.replay(recorded).difference is None

    live.stop()
    again = open_live(tmp_path, Settings(min_free_bytes=0), clock=clock)
    assert set(again.held.braked) == {"spam.shop"}
    again.start()
    assert send(again, range(50, 51))[0].action == "allow"
    again.stop()
    explained = CliRunner().invoke(build(), ["explain", "e44", "--project", str(tmp_path)])
    assert "[shadow] fired" in explained.output
    assert "braked when this was decided, by seawall at" in explained.output
    explained = CliRunner().invoke(build(), ["explain", "e3", "--project", str(tmp_path)])
    assert "[live] fired" in explained.output
    assert "braked" not in explained.output


def test_pages_and_the_api_say_so_until_a_person_lets_it_go(opened: tuple[Live, FixedClock]) -> None:
    live, clock = opened
    door = Door(live, **a_key(live, Scope.METRICS_READ))
    assert door.get("/v1/brakes").json() == {"brakes": []}
    send(live, range(40))
    look(live)
    (brake,) = door.get("/v1/brakes").json()["brakes"]
    assert (brake["strategy"], brake["state"], brake["queue"]) == ("spam.shop", "braked", None)
    assert "going by its promise; the budget is 2" in brake["reason"]
    assert "seawall_strategies_braked 1.0" in door.get("/metrics").text
    lead = signed_in(live, "lead")
    assert "spam.shop stepped back to shadow" in plain(lead.get("/").text)
    page = lead.get("/strategies/spam.shop").text
    assert "It left its budget and stepped back to shadow" in page
    assert "40 of 40 active users touched" in plain(page)
    assert "going by its promise, before 30 labels" in page
    assert "mode-braked" in lead.get("/strategies?mode=braked").text
    moderator = signed_in(live, "moderator")
    assert "spam.shop stepped back to shadow" in plain(moderator.get("/").text)
    assert "let-go" not in moderator.get("/strategies/spam.shop").text

    desk = Desk(live, "lead")
    assert desk.send("/strategies/spam.shop/let-go", reason=" ").status_code == 422
    assert set(live.held.braked) == {"spam.shop"}
    assert Desk(live, "moderator").send("/strategies/spam.shop/let-go", reason="x").status_code == 403
    clock.advance(seconds=1)
    assert desk.send("/strategies/spam.shop/let-go", reason="the list is mended").status_code == 303
    assert not live.held.braked
    assert send(live, range(100, 101))[0].action == "remove"
    look(live)  # one fire since it was let go
    assert not live.held.braked
    send(live, range(101, 140))
    look(live)
    assert set(live.held.braked) == {"spam.shop"}
    with pytest.raises(Conflict):
        live.let_go("spam.odd", by="lead", reason="it is not braked")


def test_a_pause_and_a_brake_end_apart(opened: tuple[Live, FixedClock]) -> None:
    live, _ = opened
    send(live, range(40))
    look(live)
    live.pause("spam.shop", by="ann", reason="looking")
    live.let_go("spam.shop", by="ann", reason="mended")
    assert send(live, range(40, 41))[0].action == "allow"
    live.pause("spam.shop", by="ann", reason="looked", resume=True)
    assert send(live, range(41, 42))[0].action == "remove"


def test_labels_take_the_place_of_the_promise(tmp_path: Path) -> None:
    """Most of it was right, so what is beyond doubt wrong is less than its promise feared: it goes on."""
    files = {
        "seawall.yml": FILES["seawall.yml"] + "random_lane: {queue: again, rate: 1}\n",
        "queues/again.yml": "queue: again\ntitle: Again\nroles: [moderator]\nsla: 1d\n",
        SHOP: FILES[SHOP].replace(
            "precision: 0.97, disturbance_per_10k: 2", "precision: 0.1, disturbance_per_10k: 900"
        ),
    }
    live, clock = open_small(tmp_path, files)
    live.start(chores=False)
    send(live, range(60))
    desk = Desk(live, "moderator")
    for n in range(60):
        where = desk.send("/review/take", queue="again").headers["location"]
        choice = {"choice": "other", "other": "spam/links#c1"} if n < 57 else {"choice": "none"}
        desk.send(f"{where}/decide", **choice)
    clock.advance(seconds=11)
    live.outgoing.tidy(live.store.ledger)
    look(live)
    assert not live.held.braked
    said = plain(signed_in(live, "lead").get("/strategies/spam.shop").text)
    assert "60 labels, 3 of them wrong" in said
    assert "95.0 %" in said  # its precision, measured
    live.stop()


def test_a_severe_strategy_goes_on_and_people_are_called(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path, {"policies/spam/links.md": GRAVE})
    live.start(chores=False)
    before = send(live, range(40))
    look(live)
    look(live)
    after = send(live, range(40, 42))
    assert not live.held.braked
    assert set(live.held.called) == {"spam.shop"}
    assert {one.action for one in (*before, *after)} == {"remove"}
    assert {one.review for one in before} == {()}
    assert [review.queue for one in after for review in one.review] == ["links", "links"]
    with live.store.ledger.read() as connection:
        waiting = select(TASKS.c.event_id).where(TASKS.c.purpose == Purpose.MACHINE)
        assert set(connection.scalars(waiting)) == {"e40", "e41"}
    replayer = RecordedInputs(live.releases.open, live.store.controls())
    assert all(replayer.replay(one).difference is None for one in live.store.between())
    (called,) = Door(live, **a_key(live, Scope.METRICS_READ)).get("/v1/brakes").json()["brakes"]
    assert (called["state"], called["queue"]) == ("called", "links")
    lead = Desk(live, "lead")
    for path in ("/", "/decisions", "/review"):
        page = lead.see(path)
        assert 'role="alert"' in page
        assert "A severe strategy needs a person now" in page
    assert "needs a person now" not in Desk(live, "moderator").see("/decisions")
    lead.send("/strategies/spam.shop/let-go", reason="it is a raid; they are all true")
    assert not live.held.called
    assert send(live, range(50, 51))[0].review == ()
    live.stop()


def test_the_command_lets_go_beside_a_running_server(opened: tuple[Live, FixedClock], tmp_path: Path) -> None:
    live, _ = opened
    send(live, range(40))
    look(live)
    live.store.project()
    run = partial(CliRunner().invoke, build())
    listed = run(["brake", "--project", str(tmp_path)])
    assert re.match(r"braked  spam\.shop since .* going by its promise", listed.output)
    wanted = ["brake", "spam.shop", "--project", str(tmp_path), "--let-go", "--by"]
    refused = run([*wanted, "moderator", "--reason", "x", "--password-stdin"], input=f"{PASSWORD}\n")
    assert "moderator may not let a strategy go" in str(refused.exception)
    assert run([*wanted, "lead", "--password-stdin"], input=f"{PASSWORD}\n").exit_code
    done = run([*wanted, "lead", "--reason", "mended", "--password-stdin"], input=f"{PASSWORD}\n")
    assert "spam.shop is let go" in done.output, done.exception
    assert set(live.held.braked) == {"spam.shop"}
    live.look()
    live.look()
    assert not live.held.braked
    assert [control.kind for _, control in live.store.controls()] == ["brake", "release"]
    live.store.project()
    assert "no strategy is braked" in run(["brake", "--project", str(tmp_path)]).output


def test_what_was_asked_while_nobody_served_holds_from_the_next_start(tmp_path: Path) -> None:
    live, clock = open_small(tmp_path)
    live.start(chores=False)
    send(live, range(40))
    look(live)
    live.store.project()
    live.stop()
    stdin = io.StringIO(f"{PASSWORD}\n").read()
    done = CliRunner().invoke(
        build(),
        ["brake", "spam.shop", "--project", str(tmp_path), "--let-go", "--reason", "mended", "--by", "lead",
         "--password-stdin"],
        input=stdin,
    )  # fmt: skip
    assert done.exit_code == 0, done.exception
    again = open_live(tmp_path, Settings(min_free_bytes=0), clock=clock)
    assert not again.held.braked
    again.store.close()
