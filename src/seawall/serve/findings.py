"""What people concluded in the live journal of a project, for whoever judges events of a file."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from seawall.serve.settings import Settings
from seawall.serve.wiring import data_folder
from seawall.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.policy.model import Project
    from seawall.store import Finding


def findings_in(project: Project, root: Path, *, clock: Clock) -> tuple[Finding, ...]:
    """What is known, in the order in which it was; nothing if no feature of the project looks at it.

    Args:
        project: whose features are asked.
        root: its folder.
        clock: what time it is.
    """
    data = data_folder(project, root, Settings())  # pyright: ignore[reportCallIssue]  the environment fills it
    looks = any(each.source or each.among for each in project.features.values())
    if not looks or not (data / "journal").is_dir():
        return ()
    store = Store.open(data, clock=clock, read_only=True, effects=False)
    try:
        return tuple(sorted((finding for _, finding in store.findings()), key=attrgetter("known")))
    finally:
        store.close()
