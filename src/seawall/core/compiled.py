"""Functions over plain arrays: compiled where numba is installed (extra `fast`), else run as they stand.

What is compiled is kept on disk, beside its source or in the user's cache. numba looks for changes only in
the file of the function that was called. One that calls functions of other files is therefore made by a
function of the `stamp` of those files: what a closure holds is part of the key under which its code is kept.

To import this takes half a second where there is a compiler: see `seawall.core.compiler`.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Ints = Any
"""An array. What lies in it is a number to the compiler."""

F = TypeVar("F", bound="Callable[..., Any]")


def _as_it_is(function: F) -> F:
    return function


def _compiler() -> Any:
    try:
        numba: Any = importlib.import_module("numba")
    except ImportError:
        return _as_it_is, _as_it_is
    # without counting references: nothing here makes an array, and the counts took most of the time
    return numba.njit(cache=True, nogil=True, _nrt=False), numba.njit(forceinline=True, _nrt=False)


_jit, _inner = _compiler()


def jit(function: F) -> F:
    """Compile a function that is called from outside."""
    return _jit(function)


def inner(function: F) -> F:
    """Compile a function that only compiled ones call; it becomes part of them."""
    return _inner(function)


signed: Any = np.int64
"""A byte as a number that has a sign and room."""


@inner
def copy(data: Ints, start: int, size: int, out: Ints, at: int) -> int:
    """Copy bytes; where the next goes.

    An index without a sign cannot mean "from the end", and only then is this one instruction for many bytes.
    """
    for each in range(size):
        out[np.uint64(at + each)] = data[np.uint64(start + each)]
    return at + size


def stamp(*files: str) -> int:
    """A checksum of some source files, this one among them."""
    sums = 0
    for file in (__file__, *files):
        path = Path(file)
        sums = crc32(path.read_bytes() if path.exists() else b"", sums)
    return sums
