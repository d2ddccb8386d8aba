"""A pause holds in the running process at once, in the order that the journal has, and after a restart."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from door_fixtures import NOON, comment, open_small, write_project

from seawall.core.clock import format_time
from seawall.core.decision import Decision, Reading
from seawall.serve.judge import Incoming
from seawall.serve.settings import Settings
from seawall.serve.wiring import make_worker, open_project, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.serve.live import Live

WITHIN_S = 2.0


def _action(live: Live, number: int) -> str:
    sent = comment(number, link_domain="false-shop.example")
    [answer] = live.submit([Incoming(sent)]).result(timeout=WITHIN_S)
    assert isinstance(answer, Decision)
    return answer.action


def test_a_pause_and_its_end_hold_for_the_next_event(tmp_path: Path) -> None:
    live, _ = open_small(tmp_path)
    live.start()
    try:
        before = _action(live, 1)
        live.pause("spam.shop", by="ann", reason="too many")
        paused = _action(live, 2)
        live.pause("spam.shop", by="ann", reason="mended", resume=True)
        after = _action(live, 3)
    finally:
        live.stop()
    assert (before, paused, after) == ("remove", "allow", "remove")


def test_a_pause_outlives_the_process(tmp_path: Path) -> None:
    live, clock = open_small(tmp_path)
    live.start()
    live.pause("spam.shop", by="ann", reason="too many")
    live.stop()
    project = open_project(tmp_path)
    store = open_store(project, tmp_path, Settings(min_free_bytes=0), clock=clock)
    worker = make_worker(project, store, clock=clock)
    assert worker.in_force.held.shadowed == {"spam.shop"}
    worker.close()
    store.close()


def test_pauses_of_many_at_once_end_as_the_journal_says(tmp_path: Path) -> None:
    live, clock = open_small(tmp_path)
    live.start()

    def turn(number: int) -> None:
        live.pause("spam.shop", by=f"person {number}", reason="a test", resume=number % 2 == 0)

    people = [threading.Thread(target=turn, args=(number,)) for number in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert clock.now() > NOON
    [*_, (_, last)] = live.store.controls()
    acts = _action(live, 1) == "remove"
    live.stop()
    assert acts == (last.kind == "resume")


def test_a_release_completes_its_new_features_while_it_serves(tmp_path: Path) -> None:
    counted = "features:\n  seen:\n    on: comment\n    value: count(*)\n    by: actor_id\n    over: 10s\n"
    live, clock = open_small(tmp_path)

    def seen(number: int) -> Reading | None:
        sent = comment(number, ts=format_time(clock.now()))
        [answer] = live.submit([Incoming(sent)]).result(timeout=WITHIN_S)
        assert isinstance(answer, Decision)
        return answer.features.get("seen")

    live.start()
    try:
        seen(1)
        clock.micros += 700_000_000  # the journal reaches back further than window and lateness
        for number in range(2, 5):
            seen(number)
        write_project(tmp_path, **{"features/seen.yml": counted})
        live.releases.release(tmp_path, by="test")
        until, number, reading = time.monotonic() + 20, 5, None
        while (reading is None or reading.null) and time.monotonic() < until:
            number, reading = number + 1, seen(number)
    finally:
        live.stop()
    assert reading is not None
    assert reading.value is not None
    assert (tmp_path / ".seawall" / "features.snapshot").is_file()
