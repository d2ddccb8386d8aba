"""What the cascade buys, from what was sealed and from the process: the same on the page and by command."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from door_fixtures import NOON, PASSWORD, Door, a_key, comment, open_small, write_project
from typer.testing import CliRunner

from seawall.core.clock import FixedClock
from seawall.core.event import Event
from seawall.decide.model import Sample
from seawall.policy.model import Then
from seawall.serve.auth.roles import Scope
from seawall.serve.cascade import SignalLine, cascade
from seawall.serve.cli.app import build
from seawall.serve.purse import Purse, recall
from seawall.serve.rounds import Rounds
from seawall.serve.waited import Waits
from seawall.serve.web import gate
from seawall.serve.worker import Worker
from seawall.store import Limits, Store
from seawall.testing import projects
from seawall.testing.signals import TEST_KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.policy.model import Project
    from seawall.serve.live import Live

USUAL, SLOW = 2_000.0, 800_000.0
SIGNALS = [
    projects.signal("usual", cost_us=USUAL),
    projects.signal("slow", cost_us=SLOW, latency_us=SLOW),
    projects.signal("quick", cost_us=10.0),
]
STRATEGIES = [
    projects.strategy("ring", "usual > 0.5 AND slow > 0.5", Then(action="remove", target="subject")),
    projects.strategy("told", "quick > 0.5", Then(action="label", target="subject")),
]
DEAR = {
    "signals/text.yml": (
        "signals:\n  shout:\n    describes: Share of capitals.\n    kind: shape\n    on: comment\n"
        "    input: text\n    cost: 5 ms\n    options: {measure: upper_share}\n"
    ),
    "strategies/spam/loud.yml": (
        "strategy: spam.loud\ndescribes: Shouts.\npolicy: spam/links#c1\non: comment\nwhen: shout > 0.5\n"
        "then: [label]\nmode: live\nowner: integrity\nexpect: {precision: 0.5, disturbance_per_10k: 2}\n"
    ),
}


class House:
    """A store, a worker, and what it counts."""

    def __init__(self, path: Path, project: Project, **more: Any) -> None:
        self.clock = FixedClock(NOON)
        self.project = project
        self.store = Store.open(path, clock=self.clock, limits=Limits(min_free_bytes=0))
        self.worker = Worker(
            project,
            store=self.store,
            clock=self.clock,
            warm=False,
            kinds=TEST_KINDS,
            sample=Sample(0.0),
            **more,
        )
        self.purse = Purse(path, self.worker, since=NOON)

    def decide(self, *texts: str) -> None:
        fields = {"comment_id": "c", "actor_id": "u1", "link_domain": None, "account_age_days": 1}
        self.worker.decide(
            [
                Event(id=f"e{n}", type="comment", ts=NOON, fields={**fields, "text": text}, digest=f"d{n}")
                for n, text in enumerate(texts)
            ]
        )
        self.store.project()

    def lines(self) -> dict[str, SignalLine]:
        self.store.seal(now=True)
        spent = self.purse.look(at=self.clock.now())
        found = cascade(self.project, self.store, self.store.ledger, spent, now=self.clock.now())
        return {one.name: one for one in found.lines}


@pytest.fixture
def project() -> Project:
    return projects.project(strategies=STRATEGIES, signals=SIGNALS)


def test_what_was_bought_is_counted_from_what_was_recorded(tmp_path: Path, project: Project) -> None:
    house = House(tmp_path, project)
    house.decide("usual=0.9 slow=0.9 quick=0.1", "usual=0.1 slow=0.9 quick=0.1", "usual=null quick=0.9")
    lines = house.lines()
    usual, slow, quick = lines["usual"], lines["slow"], lines["quick"]
    assert (usual.purchases, usual.of, usual.cost_us) == (3, 3, 3 * USUAL)
    assert (slow.purchases, slow.of, slow.cost_us) == (1, 3, SLOW)
    assert (usual.fired, slow.fired, quick.fired) == (1, 1, 1)  # of those that read it, not of all
    assert (usual.failed, slow.failed, quick.failed) == ({"failed": 1}, {}, {})
    assert usual.by_day == {NOON // 86_400_000_000: 3 * USUAL}
    assert list(lines) == ["slow", "usual", "quick"]
    house.store.close()


def test_who_waited_is_counted_by_the_process_for_dear_signals(tmp_path: Path, project: Project) -> None:
    house = House(tmp_path, project)
    house.decide("usual=0.9 slow=0.9 quick=0.1", "usual=0.1 slow=0.9 quick=0.1")
    lines = house.lines()
    assert lines["usual"].waits == Waits(purchases=2, settled=2, cost_us={"ring": 2 * USUAL})
    assert lines["slow"].waits == Waits(purchases=1, settled=1, cost_us={"ring": SLOW})
    assert lines["quick"].waits is None
    used = lines["usual"].usage
    assert used is not None
    assert (used.inputs, used.timed, used.failed) == (2, 2, {})
    assert used.measured_us is not None
    house.store.close()


def test_what_a_later_round_took_over_is_not_bought_again(tmp_path: Path, project: Project) -> None:
    limited = msgspec.structs.replace(project, latency_us={"comment": 200_000})
    house = House(tmp_path, limited, hurried=True)
    house.decide("usual=0.9 slow=0.9 quick=0.1")
    first = house.lines()
    assert first["usual"].waits == Waits(purchases=1, settled=0, cost_us={"ring": USUAL})  # it stays open
    assert (first["slow"].purchases, first["usual"].fired) == (0, 0)
    assert Rounds(house.store, house.worker, house.clock).turn() == 1
    house.store.project()
    lines = house.lines()
    assert {name: (one.purchases, one.of) for name, one in lines.items()} == {
        "slow": (1, 2),
        "usual": (1, 2),
        "quick": (1, 2),
    }
    assert lines["slow"].waits == Waits(purchases=1, settled=1, cost_us={"ring": SLOW})
    assert (lines["slow"].fired, lines["usual"].fired) == (1, 0)
    house.store.close()


def test_a_purchase_is_shared_out_among_those_that_waited(tmp_path: Path, project: Project) -> None:
    also = projects.strategy("also", "slow > 0.8", Then(action="strike", target="actor"))
    house = House(tmp_path, msgspec.structs.replace(project, strategies={"also": also, **project.strategies}))
    house.decide("usual=0.9 slow=0.9 quick=0.1")
    waits = house.lines()["slow"].waits
    assert waits is not None
    assert sum(waits.cost_us.values()) == SLOW
    assert "also" in waits.cost_us
    house.store.close()


def test_what_the_process_counted_is_kept_and_read_again(tmp_path: Path, project: Project) -> None:
    house = House(tmp_path, project)
    assert recall(tmp_path) is None
    house.decide("usual=0.9 slow=0.9 quick=0.1")
    house.purse.keep(at=NOON + 5)
    assert recall(tmp_path) == house.purse.look(at=NOON + 5)
    (tmp_path / "signals.json").write_text("{")
    assert recall(tmp_path) is None
    house.store.close()


def _sign_in(live: Live) -> Door:
    door = Door(live)
    token = re.search(r'name="form_token" value="([^"]+)"', door.get("/sign-in").text)
    assert token
    form = {"form_token": token[1], "name": "analyst", "password": PASSWORD, "next": "/signals"}
    door.post("/sign-in", data=form)
    return door


def _plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_page_metrics_and_command_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "built", lambda: True)
    live, _ = open_small(tmp_path, DEAR)
    live.start(chores=False)
    sender, reader = Door(live, **a_key(live, Scope.ADMIN)), _sign_in(live)
    assert "no decision of these days is sealed yet" in _plain(reader.get("/signals").text)
    sender.post("/v1/events", json=[comment(1, text="SHOUT"), comment(2), comment(3)])
    live.turn()
    live.store.seal(now=True)
    said = _plain(reader.get("/signals").text)
    assert "shout 3 100 % of 3 0 15 ms 33.3 % 1 100 % of 3 since start" in said
    assert "spam.loud shout 15 ms" in said
    figures = sender.get("/metrics").text
    assert 'seawall_signal_calls_total{signal="shout"} 1.0' in figures
    assert 'seawall_signal_seconds_count{signal="shout"} 1.0' in figures
    assert "seawall_open_rounds 0.0" in figures
    live.stop()
    command = CliRunner().invoke(build(), ["signals", "--project", str(tmp_path)])
    assert command.exit_code == 0, command.output
    assert "shout: 3 purchases, 100 % settled a strategy that waited" in command.output
    assert "spam.loud  15 ms" in command.output
    assert "0 decisions wait for another round" in command.output


def test_a_project_without_signals_is_told_what_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "built", lambda: True)
    live, _ = open_small(tmp_path)
    assert "This project has no signals" in _plain(_sign_in(live).get("/signals").text)
    live.store.close()


def test_before_anything_was_decided_the_command_says_so(tmp_path: Path) -> None:
    write_project(tmp_path, **DEAR)
    command = CliRunner().invoke(build(), ["signals", "--project", str(tmp_path)])
    assert "nothing was decided" in str(command.exception)
