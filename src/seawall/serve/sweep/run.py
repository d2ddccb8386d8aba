"""Takes a sweep on, a stretch at a time: looks, or enacts; resumable wherever it was stopped."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from seawall.act import repo as facts
from seawall.act.grounds import grounds_of
from seawall.act.holding import bars
from seawall.decide.evidence import Evidence
from seawall.serve.controls import InForce
from seawall.serve.sweep.candidates import where
from seawall.serve.sweep.judge import Again, differs
from seawall.serve.sweep.model import DONE, EXAMPLES, RUNNING, STOPPED, WAITING, Counts, Example
from seawall.serve.sweep.repo import open_sweeps, save
from seawall.signals import KINDS
from seawall.store import Filter
from seawall.store.desk import named_query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from seawall.core.clock import Clock
    from seawall.core.decision import Decision
    from seawall.core.event import Event
    from seawall.policy.model import Project
    from seawall.serve.sweep.model import Selection, Sweep
    from seawall.signals import SignalKind
    from seawall.store import Recorded, Store

STRETCH = 500
"""Decisions judged, and made durable, together."""
_OLDER = 20  # decisions on a subject that are looked through for a newer event


class Sweeper:
    """Judges recorded decisions again under one project."""

    def __init__(
        self,
        project: Project,
        store: Store,
        project_of: Callable[[str], Project],
        *,
        clock: Clock,
        selection: Selection,
        in_force: InForce = InForce(),  # noqa: B008  frozen
        kinds: Mapping[str, SignalKind] = KINDS,
    ) -> None:
        """Compile the project.

        Args:
            project: what decides.
            store: where decisions are read, and recorded.
            project_of: earlier versions, by their hash.
            clock: what time it is.
            selection: what is looked at.
            in_force: control records, which stop strategies and say what is bought.
            kinds: the detectors there are.
        """
        self.project = project
        self._store = store
        self._clock = clock
        self._selection = selection
        without = () if selection.without is None else (selection.without,)
        self._again = Again(project, project_of, in_force=in_force, kinds=kinds, without=without)
        self._evidence = Evidence(project)
        self._where = where(project, selection)

    def total(self) -> int:
        """How many decisions in the lake it would look at."""
        sql = named_query("sweep_count").replace("/* chosen */", self._where)
        return int(self._store.ask(sql, self._params(-1, None), limit=1).rows[0][0])

    def preview(self, *, most: int, progress: Callable[[int], object] = lambda _: None) -> Counts:
        """What would change, from up to `most` candidates evenly drawn; records nothing."""
        sql = named_query("sweep_sample").replace("/* chosen */", self._where)
        reply = self._store.ask(sql, self._params(-1, None) | {"limit": most}, limit=most)
        counts = Counts()
        ids = [row[0] for row in reply.rows]
        for start in range(0, len(ids), STRETCH):
            self._judge(ids[start : start + STRETCH], counts, because=())
            progress(len(ids[start : start + STRETCH]))
        return counts

    def stretch(self, sweep: Sweep) -> Sweep:
        """Do the next stretch and keep how far it is; what a crash repeats changes nothing.

        Raises:
            StorageError: the stretch was not recorded; it may be done again.
        """
        if sweep.state == WAITING:
            return self._begin(sweep)
        sql = named_query("sweep").replace("/* chosen */", self._where)
        size = min(STRETCH, sweep.rate)
        params = self._params(sweep.cursor, sweep.target) | {"limit": size}
        rows = self._store.ask(sql, params, limit=size).rows
        counts = msgspec.json.decode(msgspec.json.encode(sweep.counts), type=Counts)
        changed = self._judge([row[0] for row in rows], counts, because=(sweep.because,))
        if changed:
            self._store.record(changed)
        cursor = rows[-1][1] if rows else sweep.cursor
        over = not rows and self._store.sealed >= (sweep.target or 0)
        after = msgspec.structs.replace(
            sweep,
            cursor=cursor,
            counts=counts,
            state=DONE if over else RUNNING,
            changed_at=self._clock.now(),
        )
        with self._store.ledger.begin() as connection:
            save(connection, after, before=sweep)
        return after

    def close(self) -> None:
        """Let go of the detectors."""
        self._again.close()

    def _begin(self, sweep: Sweep) -> Sweep:
        """Fix up to where it goes, before anything is recorded."""
        begun = msgspec.structs.replace(
            sweep,
            state=RUNNING,
            writer=self._store.writer,
            target=self._store.recorded_to,
            total=self.total(),
            changed_at=self._clock.now(),
        )
        with self._store.ledger.begin() as connection:
            save(connection, begun, before=sweep)
        return begun

    def _params(self, cursor: int, target: int | None) -> dict[str, object]:
        chosen = self._selection
        return {
            "writer": self._store.writer,
            "after": cursor,
            "target": 2**63 - 1 if target is None else target,
            "markets": list(chosen.markets),
            "since": chosen.since,
            "until": chosen.until,
            "without": chosen.without,
        }

    def _judge(
        self, ids: list[str], counts: Counts, *, because: tuple[str, ...]
    ) -> list[tuple[Event, Decision]]:
        """Count what comes of some decisions; gives those to record."""
        pairs: list[tuple[Event, Decision]] = []
        for decision_id in ids:
            counts.seen += 1
            recorded = self._store.find(decision_id)
            pair = None if recorded is None else self._pair(recorded, counts, because)
            if pair is not None:
                pairs.append(pair)
        found: list[tuple[Event, Decision]] = []
        news = self._again.decide(pairs, because=because, now=self._clock.now()) if pairs else []
        for (event, before), after in zip(pairs, news, strict=True):
            if not differs(before, after):
                counts.same += 1
            elif self._is_old(before):
                counts.older += 1
            else:
                self._changed(before, after, event, counts)
                found.append((event, after))
        return found

    def _pair(
        self, recorded: Recorded, counts: Counts, because: tuple[str, ...]
    ) -> tuple[Event, Decision] | None:
        """The event with its newest decision, or None where there is nothing to judge; then it is counted."""
        newest = self._store.find_event(recorded.decision.event_id, recorded.decision.source) or recorded
        if because and set(because) & set(newest.decision.because):
            self._counted(newest.decision, counts)  # this sweep was stopped behind it
            return None
        if newest.decision.decision_id != recorded.decision.decision_id:
            counts.replaced += 1
            return None
        if recorded.event is None:
            if recorded.gone == "erased":
                counts.erased += 1
            else:
                counts.retention += 1
            return None
        if not self._again.fits(recorded.event):
            counts.unknown += 1
            return None
        return recorded.event, recorded.decision

    def _counted(self, decision: Decision, counts: Counts) -> None:
        found = self._store.find(decision.supersedes) if decision.supersedes else None
        event = self._store.find(decision.decision_id)
        if found is None or event is None or event.event is None:
            counts.changed += 1
            return
        self._changed(found.decision, decision, event.event, counts)

    def _is_old(self, before: Decision) -> bool:
        """Whether a newer event tells of the same subject as it is now, where no versions are told apart."""
        kind = self.project.events[before.type]
        if before.content_version or before.subject is None:
            return False
        alike = {name for name, each in self.project.events.items() if each.surface == kind.surface}
        page = self._store.search(Filter(subject=before.subject, since=before.ts + 1), limit=_OLDER)
        return any(one.decision.type in alike for one in page.decisions)

    def _changed(self, before: Decision, after: Decision, event: Event, counts: Counts) -> None:
        counts.changed += 1
        new = [name for name in after.fired if name not in before.fired]
        gone = [name for name in before.fired if name not in after.fired]
        counts.by_strategy = dict(Counter(counts.by_strategy) + Counter(new))
        counts.no_longer = dict(Counter(counts.no_longer) + Counter(gone))
        counts.shielded += self._is_shielded(after, event)
        if len(counts.examples) < EXAMPLES:
            counts.examples.append(
                Example(
                    decision_id=after.decision_id if after.because else before.decision_id,
                    type=before.type,
                    subject=before.subject or "",
                    before=before.action,
                    after=after.action,
                    strategies=tuple(new),
                )
            )

    def _is_shielded(self, after: Decision, event: Event) -> bool:
        """Whether everything it asks for is held back by what a person found."""
        kind = self.project.events[after.type]
        grounds = grounds_of(
            after,
            ladders=self.project.ladders,
            surface=kind.surface,
            content_version=after.content_version,
            evidence=self._evidence.of(after, event),
        )
        if not grounds or grounds[0].subject is None:
            return False
        with self._store.ledger.read() as connection:
            shields = facts.shields_on(connection, grounds[0].subject)
        return all(any(bars(shield, ground) for shield in shields) for ground in grounds)


class Sweeps:
    """Takes open sweeps on, the oldest first; what was compiled for one is kept until it is at its end."""

    def __init__(
        self,
        store: Store,
        project_of: Callable[[str], Project],
        *,
        clock: Clock,
        kinds: Mapping[str, SignalKind] = KINDS,
    ) -> None:
        self._kinds = kinds
        self._store = store
        self._project_of = project_of
        self._clock = clock
        self._open: tuple[tuple[str, InForce], Sweeper] | None = None

    def turn(self, project: Project, in_force: InForce = InForce()) -> Sweep | None:  # noqa: B008  frozen
        """One stretch of the oldest open sweep; None if there is none. A server does so every second.

        A sweep that was asked for under another version of the project stops: what it showed does not hold.
        """
        with self._store.ledger.read() as connection:
            waiting = open_sweeps(connection)
        if not waiting:
            self.close()
            return None
        sweep = waiting[0]
        if sweep.project_version != project.version:
            stopped = msgspec.structs.replace(sweep, state=STOPPED, changed_at=self._clock.now())
            with self._store.ledger.begin() as connection:
                save(connection, stopped, before=sweep)
            return stopped
        return self._sweeper(sweep, project, in_force).stretch(sweep)

    def close(self) -> None:
        """Let go of detectors."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _sweeper(self, sweep: Sweep, project: Project, in_force: InForce) -> Sweeper:
        key = (sweep.sweep_id, in_force)
        if self._open is None or self._open[0] != key:
            self.close()
            made = Sweeper(
                project,
                self._store,
                self._project_of,
                clock=self._clock,
                selection=sweep.selection,
                in_force=in_force,
                kinds=self._kinds,
            )
            self._open = (key, made)
        return self._open[1]
