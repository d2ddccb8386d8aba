"""What a process gives up before it touches a hostile file, as far as Linux lets an ordinary user."""

from __future__ import annotations

import ctypes
import os
import resource
from contextlib import suppress

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_NO_NEW_PRIVILEGES, _DIE_WITH_PARENT, _DUMPABLE = 38, 1, 4
_SIGKILL = 9
_PAGE = os.sysconf("SC_PAGE_SIZE")


def leave_network() -> bool:
    """Move into a network of one's own that leads nowhere; False where the kernel does not allow it."""
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.unshare(_NEW_NET) == 0 or libc.unshare(_NEW_USER | _NEW_NET) == 0


def drop_privileges() -> None:
    """Never gain any again, leave no core behind, and die with whoever started this."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.prctl(_DIE_WITH_PARENT, _SIGKILL, 0, 0, 0)
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)


def set_limits(*, cpu_s: int, memory: int, result: int) -> None:
    """No more memory, time, output, files or processes than these.

    Args:
        cpu_s: processor seconds.
        memory: bytes of address space beyond what the process has now.
        result: bytes of any file written to.
    """
    with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123  no more of the library than needed
        now = int(stream.read().split()[0]) * _PAGE
    for what, most in (
        (resource.RLIMIT_AS, now + memory),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, result),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 0),  # what is open stays open; nothing else is opened
    ):
        with suppress(ValueError, OSError):  # a hard limit that is lower already
            resource.setrlimit(what, (most, most))
