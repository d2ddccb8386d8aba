"""A release takes over between two batches: every event is decided once, by one version or the other."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from door_fixtures import FILES, comment, open_small, write_project

from seawall.core.decision import Decision
from seawall.core.errors import ProjectError
from seawall.serve.judge import Incoming

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.serve.live import Live

CLIENTS, EACH, AT_ONCE = 4, 12, 5
SHOP = "strategies/spam/shop.yml"
MILDER = FILES[SHOP].replace("[remove, strike]", "[label]")
BROKEN = FILES[SHOP].replace("link_domain =", "no_such_field =")


class Load:
    """Clients that send batches one after the other until all is sent; some wait for each other's half."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self.halfway = threading.Barrier(CLIENTS + 1)
        self.go_on = threading.Event()
        self.batches: dict[tuple[int, int], list[Decision]] = {}
        self._clients = [threading.Thread(target=self._client, args=(n,)) for n in range(CLIENTS)]
        for client in self._clients:
            client.start()

    def join(self) -> None:
        for client in self._clients:
            client.join()

    def _client(self, client: int) -> None:
        for turn in range(EACH):
            if turn == EACH // 2:
                self.halfway.wait()
                self.go_on.wait()
            names = [f"{client}-{turn}-{n}" for n in range(AT_ONCE)]
            sent = [Incoming(comment(name, link_domain="false-shop.example")) for name in names]
            answers = self._live.submit(sent).result(timeout=60)
            self.batches[client, turn] = [each for each in answers if isinstance(each, Decision)]


def test_a_release_under_load_drops_nothing_and_decides_nothing_twice(tmp_path: Path) -> None:
    live, clock = open_small(tmp_path)
    live.start()
    try:
        old, load = live.project.version, Load(live)
        load.halfway.wait()
        write_project(tmp_path, **{SHOP: MILDER})
        load.go_on.set()
        live.releases.release(tmp_path, by="ann")
        clock.advance(seconds=1)  # a worker looks for releases twice a second
        load.join()
        [last] = live.submit([Incoming(comment("last", link_domain="false-shop.example"))]).result(timeout=60)
    finally:
        live.stop()
    assert isinstance(last, Decision)
    assert (last.action, last.project_version == old) == ("label", False)
    decided = [decision for batch in load.batches.values() for decision in batch]
    assert len(decided) == CLIENTS * EACH * AT_ONCE == len({each.event_id for each in decided})
    for batch in load.batches.values():
        assert (
            len({each.project_version for each in batch}) == 1
        )  # a request ends on the version it began with
    assert all((each.action == "remove") == (each.project_version == old) for each in decided)
    assert {each.project_version for each in decided} >= {old}


def test_a_project_that_does_not_check_never_takes_over(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path)
    live.start()
    try:
        old, load = live.project.version, Load(live)
        load.halfway.wait()
        write_project(tmp_path, **{SHOP: BROKEN})
        load.go_on.set()
        with pytest.raises(ProjectError):
            live.releases.release(tmp_path, by="ann")
        load.join()
    finally:
        live.stop()
    decided = [decision for batch in load.batches.values() for decision in batch]
    assert len(decided) == CLIENTS * EACH * AT_ONCE
    assert {(each.project_version, each.action) for each in decided} == {(old, "remove")}
