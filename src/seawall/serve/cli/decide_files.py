"""Where `seawall decide` reads, and what it writes: decisions, and what was refused."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self

import msgspec

from seawall.core.errors import StorageError, UsageError
from seawall.serve.stream import BATCH

if TYPE_CHECKING:
    from collections.abc import Generator

    from seawall.ingest import DeadLetter
    from seawall.store import Store


@contextmanager
def input_of(source: str) -> Generator[BinaryIO]:
    """A file, or standard input for `-`.

    Raises:
        UsageError: it cannot be read.
    """
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(source).open("rb")  # noqa: SIM115 -- closed below, after what it feeds
    except OSError as error:
        raise UsageError(f"cannot read {source}: {error.strerror}") from error
    with stream:
        yield stream


@contextmanager
def output_to(path: Path | None) -> Generator[BinaryIO]:
    """Standard output, or a file that appears under its name when it is whole.

    Raises:
        UsageError: nothing can be written there.
        StorageError: it could not be finished.
    """
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = path.with_name(f"{path.name}.part")
    try:
        stream = part.open("wb")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    try:
        with stream:
            yield stream
        part.replace(path)
    except OSError as error:
        raise StorageError(
            f"cannot write {path}: {error.strerror}", hint=f"what there is lies in {part}"
        ) from error


class Letters:
    """The dead-letter file, made with its first letter; one of an earlier run is not left standing.

    What a live store is asked to decide and is refused goes to its dead letters too, where the console looks.
    """

    def __init__(self, path: Path, live: Store | None) -> None:
        self.path = path
        self._live = live
        self._waiting: list[DeadLetter] = []
        self._stream: BinaryIO | None = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *failure: object) -> None:
        self._hand_over()
        if self._stream is not None:
            self._stream.close()

    def bury(self, letter: DeadLetter) -> None:
        """Keep one."""
        if self._stream is None:
            self._stream = self.path.open("wb")
        self._stream.write(msgspec.json.encode(letter) + b"\n")
        self._waiting.append(letter)
        if len(self._waiting) >= BATCH:
            self._hand_over()

    def _hand_over(self) -> None:
        if self._live is not None and self._waiting:
            self._live.bury(self._waiting, via="decide --enact")
        self._waiting = []
