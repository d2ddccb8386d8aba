"""The only place that picks concrete classes: which project, which store, which detectors, which clock."""

from __future__ import annotations

import secrets
import time
from functools import partial
from importlib.metadata import entry_points
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any

from seawall.core.errors import UsageError
from seawall.policy.read import require_project
from seawall.serve.asked import take_asked
from seawall.serve.backfill import events_once, reaches
from seawall.serve.banks import banks_of
from seawall.serve.dropin.language_eldc import EldcLanguages
from seawall.serve.dropin.scores_signals import SignalScores
from seawall.serve.effects import Outgoing
from seawall.serve.history_of_features import tell
from seawall.serve.remembered import Remembered, recall
from seawall.serve.settings import Settings
from seawall.serve.worker import Worker
from seawall.signals import KINDS
from seawall.signals.bank import hash_bank_kind
from seawall.signals.clips.signal import known_video_kind
from seawall.signals.judge import Endpoint, judge_kind
from seawall.signals.media.kinds import media_kinds
from seawall.signals.media.viewer import Viewer
from seawall.signals.video.speech_whisper import WhisperTranscriber
from seawall.store import Limits, Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from importlib.metadata import EntryPoint
    from pathlib import Path

    from seawall.core.clock import Clock
    from seawall.core.event import Event
    from seawall.policy.model import Project
    from seawall.serve.dropin.ports import Scorer
    from seawall.signals import SignalKind
    from seawall.signals.bank import Banks
    from seawall.store import Control

_SECRET = secrets.token_bytes(32)  # this process's own: marks around content that a model judges
_TOLD_EVERY = 10_000  # events


def open_project(root: Path) -> Project:
    """The project in a folder, checked against the detectors there are.

    Raises:
        ProjectError: it does not check.
    """
    return require_project(root, kinds=KINDS)


def endpoints_of(settings: Settings) -> dict[str, Endpoint]:
    """Servers of language models that whoever runs the process configured, by name.

    Raises:
        UsageError: one has no address.
    """
    found: dict[str, Endpoint] = {}
    for name, written in settings.endpoints.items():
        url = written.get("url", "")
        if not url.startswith(("http://", "https://")):
            raise UsageError(
                f"SEAWALL_ENDPOINTS: the url of {name!r} is {url!r}", hint="http:// or https://, up to /v1"
            )
        found[name] = Endpoint(url, written.get("key", ""))
    return found


def kinds_of(
    settings: Settings, viewer: Viewer | None = None, banks: Banks | None = None
) -> Mapping[str, SignalKind]:
    """The detectors there are, with the servers and models that are configured.

    Args:
        settings: of the operator.
        viewer: looks at media; None: nothing does.
        banks: of hashes, of a data folder; None: nothing is looked up.
    """
    judge = judge_kind(endpoints_of(settings), secret=_SECRET, seconds=time.time)
    hash_bank = hash_bank_kind(banks, now=lambda: time.time_ns() // 1000)
    known_video = known_video_kind(viewer, banks, now=lambda: time.time_ns() // 1000)
    configured = (judge, hash_bank, known_video)
    return {**KINDS, **media_kinds(viewer), **{each.name: each for each in configured}}


def viewer_of(settings: Settings, root: Path) -> Viewer:
    """What a process can look at; close it at the end.

    Args:
        settings: of the operator.
        root: the folder of the project.
    """
    return Viewer(
        root,
        folders=settings.media_folders,
        models=settings.models,
        parallel=settings.decoders,
        transcribers={**_whisper(), **_installed("seawall.transcribers")},
        face_finders=_installed("seawall.face_finders"),
    )


def _installed(group: str) -> dict[str, Any]:
    """What packages offer under an entry point, loaded when it is first used."""
    return {each.name: partial(_load, each) for each in entry_points(group=group)}


def _load(offered: EntryPoint, *args: object) -> Any:
    return offered.load()(*args)


def _whisper() -> dict[str, Any]:
    return {"whisper": WhisperTranscriber} if find_spec("faster_whisper") else {}


def configured_kinds(root: Path, data: Path) -> Mapping[str, SignalKind]:
    """The same from the environment and a data folder, for a process that is told which function to call."""
    settings = Settings()  # pyright: ignore[reportCallIssue]  the environment fills it
    return kinds_of(settings, viewer_of(settings, root), banks_of(data))


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


def make_worker(
    project: Project,
    store: Store,
    *,
    clock: Clock,
    warm: bool = True,
    kinds: Mapping[str, SignalKind] = KINDS,
    hurried: bool = False,
    beside: bool = False,
    controls: Sequence[tuple[int, Control]] | None = None,
    counted: Callable[[int], object] = lambda _: None,
    said: Callable[[str], object] = lambda _: None,
) -> Worker:
    """The worker of a live store, with its control records and the feature state it had.

    Args:
        project: what decides.
        store: where decisions go.
        clock: gives `decided_at`.
        warm: False takes the time before the first event ever recorded as empty; without effect once there is
            one, since a journal does not say what went before it.
        kinds: the detectors there are.
        hurried: someone waits for the answers.
        beside: features that were not kept are left to be counted beside the stream (`Worker.unfilled`); else
            everything is counted again if one is missing.
        controls: every control record of the journal, where it has been read already.
        counted: told how many events have been counted again: 0 before the first, then now and then.
        said: told why features are counted again from the journal, where what was kept cannot be used.
    """
    empty = not store.search(limit=1).decisions
    warm = warm or not empty
    worker = Worker(project, store=store, clock=clock, warm=warm, kinds=kinds, hurried=hurried)
    asked = take_asked(store, now=clock.now())
    worker.control(store.controls() if controls is None else [*controls, *asked])
    if not empty and worker.detectors.memories:
        _remember(worker, store)
    if empty or not project.features:
        tell(worker.features, store)
        return worker
    remembered = Remembered(store.path)
    events, why = recall(worker.features, project, store, remembered, partly=beside)
    if why:
        said(why)
    else:
        worker.unfilled = frozenset(worker.features.counters) - remembered.fingerprints
    done = 0
    for some in _batches(events):
        if not done:
            counted(0)
        worker.absorb(some)
        done += len(some)
        counted(done)
    return worker


def make_scorer(worker: Worker) -> Scorer:
    """Scores texts by the signals that are in force."""
    return SignalScores(lambda: worker.detectors, EldcLanguages())


def _remember(worker: Worker, store: Store) -> None:
    """Tell signals that remember what the journal holds of their windows."""
    newest = next(one.decision.ts for one in store.search(limit=1).decisions)
    since = newest - worker.detectors.memories.reach_us
    whole = reaches(store, since)
    first = next(iter(events_once(store.between(since))), None)
    if first is None:
        return
    start = since if whole else first.ts
    for some in _batches(iter(events_once(store.between(since)))):
        worker.remember(some, since=start, complete=whole)


def _batches(events: Iterator[Event]) -> Iterator[list[Event]]:
    while batch := list(islice(events, _TOLD_EVERY)):
        yield batch
