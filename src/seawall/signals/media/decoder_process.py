"""The decoding process: loads the libraries once, then forks for each file a process that lives for it alone.

It decodes nothing itself, so no file can leave anything behind in it. Started by `Decoder`, which talks to it
through one socket: a request with the file's bytes and a place for the answer as two open files, and a word
on how the file's process ended. It ends when the socket does.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
from typing import TYPE_CHECKING, NoReturn

import msgspec

from seawall.signals.media import stills_pillow, video_pyav
from seawall.signals.media.confine import drop_privileges, leave_network, set_limits
from seawall.signals.media.model import Refused
from seawall.signals.media.wire import Ask, Status, Told, hand_back

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_ASK = 1 << 16
_CRASHED = 70


def serve(control: socket.socket) -> None:
    """Answer until nobody asks any more."""
    decode_ask = msgspec.json.Decoder(Ask).decode
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, _LONGEST_ASK, 2)
        if not message:
            return
        ask = decode_ask(message)
        pid = os.fork()
        if pid == 0:
            control.close()
            _one(ask, *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(msgspec.json.encode(_wait(pid, ask.limits.wall_s)))


def _wait(pid: int, wall_s: float) -> Status:
    """How the process of a file ended; it is ended when its time is up."""
    watched = os.pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(watched, select.POLLIN)
        late = not poll.poll(wall_s * 1000)
    finally:
        os.close(watched)
    if late:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return Status(os.waitstatus_to_exitcode(status), late, usage.ru_utime + usage.ru_stime)


def _one(ask: Ask, data: int, answer: int) -> NoReturn:
    """Decode one file and end, whatever happens."""
    code = _CRASHED
    try:
        drop_privileges()
        set_limits(cpu_s=ask.limits.cpu_s, memory=ask.limits.memory, result=ask.limits.result)
        content = os.pread(data, os.fstat(data).st_size, 0)
        told, parts = _look(content, ask)
        hand_back(answer, told, parts)
        code = 0
    finally:
        os._exit(code)


def _look(content: bytes, ask: Ask) -> tuple[Told, list[memoryview]]:
    look: Callable[[bytes, Ask], tuple[Told, list[memoryview]]]
    look = stills_pillow.look if ask.format.kind == "image" else video_pyav.look
    try:
        return look(content, ask)
    except Refused as refused:
        return Told(reason=refused.reason, detail=refused.detail), []
    except MemoryError:
        return Told(reason="too_large", detail="it needs more memory than a file may"), []


def main() -> None:
    """Load, leave the network, and serve on the descriptor that was handed over."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C in the terminal is for who started this
    control = socket.socket(fileno=int(sys.argv[1]))
    stills_pillow.prepare()
    video_pyav.prepare()
    alone = leave_network()
    control.send(b"alone" if alone else b"ready")
    serve(control)


if __name__ == "__main__":
    main()
