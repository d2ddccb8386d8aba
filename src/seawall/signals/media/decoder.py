"""Asks a decoding process to look at files, and survives whatever becomes of it."""

from __future__ import annotations

import importlib.util
import os
import queue
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from seawall.core.media import Refusal
from seawall.signals.media.model import Limits, Look
from seawall.signals.media.wire import Ask, Status, read_back

if TYPE_CHECKING:
    from seawall.core.media import Fetched
    from seawall.signals.media.model import Seen

_GRACE_S = 10.0  # beyond a file's own time, for its process to be ended
_START_S = 60.0  # for the libraries to load, on a machine that is busy
_OUT_OF_TIME = frozenset({-signal.SIGXCPU, -signal.SIGKILL})
_KEPT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
_SINGLE = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_BEGIN = """
import importlib.util, sys, types
for name in ("seawall.signals", "seawall.signals.media"):
    package = types.ModuleType(name)
    package.__path__ = list(importlib.util.find_spec(name).submodule_search_locations)
    sys.modules[name] = package
from seawall.signals.media.decoder_process import main
main()
"""
"""Begins the decoding process without what the two packages import at their doors: it forks, so it must have
one thread, and every file's process begins with all that it has loaded."""


def installed() -> bool:
    """Whether the extra `media` is there."""
    return all(importlib.util.find_spec(name) is not None for name in ("av", "PIL"))


class Decoder:
    """Looks at files, several at a time. Any thread may ask it."""

    def __init__(self, limits: Limits | None = None, *, parallel: int = 2) -> None:
        """Make one; processes are started when they are first needed.

        Args:
            limits: of each file.
            parallel: files at the same time.
        """
        self.limits = limits or Limits()
        self._slots: queue.LifoQueue[_Slot] = queue.LifoQueue()
        self._all = [_Slot() for _ in range(parallel)]
        for slot in self._all:
            self._slots.put(slot)

    def look(
        self,
        file: Fetched,
        *,
        look: Look = Look.EVERY_FRAME,
        sound: bool = False,
        limits: Limits | None = None,
        small_per_s: float = 0.0,
    ) -> Seen | Refusal:
        """What is seen of a file, or why not. Never raises for anything a file does.

        Args:
            file: as it was fetched.
            look: which frames of a video are decoded.
            sound: whether its sound is wanted.
            limits: of this file, where they are not the usual ones.
            small_per_s: how many small frames a second of a video are wanted too; `EVERY`: all.
        """
        ask = Ask(file.format, look, sound, limits or self.limits, small_per_s)
        slot = self._slots.get()
        try:
            return slot.look(ask, file)
        finally:
            self._slots.put(slot)

    @property
    def processes(self) -> list[int]:
        """Ids of the processes that wait for files."""
        return [slot.pid for slot in self._all if slot.pid is not None]

    def close(self) -> None:
        """End the processes."""
        for slot in self._all:
            slot.stop()


class _Slot:
    """One decoding process, started when it is needed and again when it has gone."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._lock = Lock()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def look(self, ask: Ask, file: Fetched) -> Seen | Refusal:
        with self._lock:
            try:
                control = self._control or self._start()
            except OSError as error:
                self._stop()
                return Refusal("crashed", f"the decoding process does not start: {error}")
            try:
                return self._ask(control, ask, file)
            except (OSError, msgspec.DecodeError):
                self._stop()  # it is gone or out of step; the next file gets a fresh one
                return Refusal("crashed", "the decoding process is gone")

    def stop(self) -> None:
        with self._lock:
            self._stop()

    def _ask(self, control: socket.socket, ask: Ask, file: Fetched) -> Seen | Refusal:
        data = _memory(file.data)
        answer = _memory(b"")
        try:
            control.settimeout(ask.limits.wall_s + _GRACE_S)
            socket.send_fds(control, [msgspec.json.encode(ask)], [data, answer])
            said = control.recv(1 << 16)
            status = msgspec.json.decode(said, type=Status)
            if status.late or status.code in _OUT_OF_TIME:
                return Refusal("too_slow", f"ended after {status.cpu_s:.0f} processor seconds")
            if status.code:
                return Refusal("crashed", f"its process ended with {status.code}")
            # copied, and only now that whoever wrote it is gone: it cannot change while it is read
            raw = os.pread(answer, min(os.fstat(answer).st_size, ask.limits.result), 0)
        finally:
            os.close(data)
            os.close(answer)
        return read_back(raw, ask, file.sha256, status.cpu_s)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and our own module
                [sys.executable, "-c", _BEGIN, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**environment, **_SINGLE},
                start_new_session=True,
            )
        self._control = ours
        ours.settimeout(_START_S)
        if not ours.recv(16):
            raise OSError("it ended while it loaded")
        return ours

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            with suppress(OSError):
                self._process.kill()
            self._process.wait()
            self._process = None


def _memory(content: bytes) -> int:
    descriptor = os.memfd_create("seawall-media", os.MFD_CLOEXEC)
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view[: 1 << 24]) :]
    return descriptor
