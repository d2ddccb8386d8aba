"""Puts the one process together: ledger, release in force, store, worker, accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from seawall.core.errors import ProjectError
from seawall.policy.build import DEFAULT_DATA
from seawall.serve.auth.keys import Keys
from seawall.serve.auth.repo import Users
from seawall.serve.banks import banks_by_journal
from seawall.serve.effects import Outgoing
from seawall.serve.live import Live
from seawall.serve.live_since import note_live
from seawall.serve.releases import Releases
from seawall.serve.wiring import (
    data_folder,
    kinds_of,
    make_scorer,
    make_worker,
    open_project,
    open_store,
    viewer_of,
)
from seawall.store import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.policy.model import Project
    from seawall.serve.settings import Settings


def open_live(root: Path, settings: Settings, *, clock: Clock, warm: bool = True) -> Live:
    """The process of a project, ready to start. A project never released here is released first.

    Args:
        root: the folder people edit.
        settings: of the operator.
        clock: what time it is.
        warm: False for a platform that opens with its first event: see `make_worker`.

    Raises:
        ProjectError: the folder does not check and nothing was released before.
        UsageError: another process serves it.
        StorageError: disk or database refuse.
    """
    project, ledger, data = _ledger_of(root, settings)
    try:
        releases = Releases(ledger, data, clock)
        release = releases.current() or releases.release(root, by="serve", note="first release")
        in_force = releases.open(release.project_version)
    finally:
        ledger.close()
    viewer = viewer_of(settings, root)
    outgoing = Outgoing.of(data, clock=clock, public_url=settings.public_url)
    store = open_store(project or in_force, root, settings, clock=clock, outgoing=outgoing)
    outgoing.know(in_force)
    with store.ledger.begin() as connection:
        note_live(connection, in_force, at=clock.now())
    controls = list(store.controls())
    banks = banks_by_journal(store, clock, controls)
    worker = make_worker(
        in_force,
        store,
        clock=clock,
        warm=warm,
        kinds=kinds_of(settings, viewer, banks),
        hurried=True,
        controls=controls,
        beside=True,
        counted=_counted,
        said=_said,
    )
    return Live(
        root=root,
        settings=settings,
        clock=clock,
        store=store,
        releases=Releases(store.ledger, data, clock),
        users=Users(store.ledger, clock, session_hours=settings.session_hours),
        keys=Keys(store.ledger, clock),
        release=release,
        project=in_force,
        worker=worker,
        scorer=make_scorer(worker),
        outgoing=outgoing,
        viewer=viewer,
        banks=banks,
    )


def _said(why: str) -> None:
    structlog.get_logger("seawall.process").info("the state of features is made anew", why=why)


def _counted(events: int) -> None:
    structlog.get_logger("seawall.process").info("counting features again from the journal", events=events)


def open_ledger(root: Path, settings: Settings) -> tuple[Ledger, Path]:
    """The ledger of a project and its data folder, for a command beside a running server.

    Raises:
        ProjectError: the folder does not check and was never served.
        StorageError: the database refuses.
    """
    _, ledger, data = _ledger_of(root, settings)
    return ledger, data


def _ledger_of(root: Path, settings: Settings) -> tuple[Project | None, Ledger, Path]:
    project: Project | None = None
    try:
        project = open_project(root)
        data = data_folder(project, root, settings)
    except ProjectError:
        data = settings.data or root / DEFAULT_DATA
        if settings.ledger_url is None and not (data / "ledger.db").is_file():
            raise
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = settings.ledger_url or f"sqlite:///{data.resolve() / 'ledger.db'}"
    return project, Ledger.open(url), data
