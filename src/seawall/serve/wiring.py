"""The only place that picks concrete classes: which project, which store, which detectors, which clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.features import Limits as Reach
from seawall.policy.read import require_project
from seawall.serve.effects import Outgoing
from seawall.serve.worker import Worker
from seawall.signals import KINDS
from seawall.store import Limits, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.policy.model import Project
    from seawall.serve.settings import Settings
    from seawall.store import Recorded


def open_project(root: Path) -> Project:
    """The project in a folder, checked against the detectors there are.

    Raises:
        ProjectError: it does not check.
    """
    return require_project(root, kinds=KINDS)


def data_folder(project: Project, root: Path, settings: Settings) -> Path:
    """Where journal, ledger and lake of a project live."""
    return settings.data or root / project.data


def open_store(
    project: Project,
    root: Path,
    settings: Settings,
    *,
    clock: Clock,
    read_only: bool = False,
    outgoing: Outgoing | None = None,
) -> Store:
    """The live store of a project; `outgoing` projects its effects, unless given those of its data folder.

    Raises:
        UsageError: another process writes to it, or its list of destinations is wrong.
        StorageError: disk or database refuse.
    """
    limits = Limits(
        min_free_bytes=settings.min_free_bytes,
        lag_limit=settings.lag_bytes,
        inbox_limit=settings.queue_limit,
        seal_seconds=settings.seal_seconds,
        seal_bytes=settings.seal_bytes,
        retention_days=project.retention_days,
    )
    data = data_folder(project, root, settings)
    outgoing = outgoing or Outgoing.of(data, clock=clock, public_url=settings.public_url)
    outgoing.know(project)
    store = Store.open(
        data,
        clock=clock,
        projections=outgoing.projections,
        limits=limits,
        ledger_url=settings.ledger_url,
        read_only=read_only,
        effects=not read_only,
    )
    outgoing.event_of = lambda decision_id: (found := store.find(decision_id)) and found.event
    return store


def make_worker(project: Project, store: Store, *, clock: Clock) -> Worker:
    """The worker of a live store, with its control records, its feature state rebuilt from the journal."""
    worker = Worker(project, store=store, clock=clock)
    worker.control(store.controls())
    worker.absorb(recorded.event for recorded in _remembered(project, store) if recorded.event is not None)
    return worker


def _remembered(project: Project, store: Store) -> Iterator[Recorded]:
    """What the longest window can still reach, in the order it arrived."""
    newest = max((one.decision.ts for one in store.search(limit=1).decisions), default=None)
    if newest is None or not project.features:
        return
    reach = max(feature.over_us for feature in project.features.values())
    yield from store.between(newest - reach - Reach().lateness_us)
