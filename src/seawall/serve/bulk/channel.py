"""One end of a connection between processes. What is large goes through memory that both ends see.

A *slot* of such memory belongs to one piece on its way: what it says goes there and back in turn, so that
whoever writes to it knows that the other end has done with what was there.
"""

from __future__ import annotations

import pickle
from multiprocessing.shared_memory import SharedMemory
from typing import Any, NamedTuple

SLOT = 24 * 2**20
"""Bytes of a slot; what does not fit goes through the connection."""

_LARGE = 2**17  # what is smaller is copied, so that whoever gets it may keep it
_ALIGNED = 64


class _Parcel(NamedTuple):
    pickled: bytes
    places: list[tuple[int, int]]  # start and length of each array in the slot


class Channel:
    """One end."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection  # of whichever kind the platform has
        self._slots: dict[str, SharedMemory] = {}

    def send(self, message: object, slot: str | None = None) -> None:
        """Say something.

        Args:
            message: anything that pickles.
            slot: memory that its large arrays may lie in, until the other end answers.

        Raises:
            BrokenPipeError: the other end is gone.
            ConnectionResetError: likewise.
        """
        buffers: list[pickle.PickleBuffer] = []

        def inside(buffer: pickle.PickleBuffer) -> bool:
            if slot is None or buffer.raw().nbytes < _LARGE:
                return True
            buffers.append(buffer)
            return False

        pickled = pickle.dumps(message, protocol=5, buffer_callback=inside)
        places, end = list[tuple[int, int]](), 0
        for buffer in buffers:
            places.append((end, buffer.raw().nbytes))
            end += -(-buffer.raw().nbytes // _ALIGNED) * _ALIGNED
        if end > SLOT:
            self.send(message)
            return
        for (start, size), buffer in zip(places, buffers, strict=True):
            self._memory(slot or "")[start : start + size] = buffer.raw()
        self._connection.send((slot, _Parcel(pickled, places)))

    def recv(self) -> Any:
        """What the other end says next; its large arrays are valid until it is answered.

        Raises:
            EOFError: the other end is gone.
            OSError: likewise.
        """
        slot, parcel = self._connection.recv()
        views = [self._memory(slot)[start : start + size] for start, size in parcel.places]
        return pickle.loads(parcel.pickled, buffers=views)  # noqa: S301 -- of a process that this one began

    def close(self) -> None:
        """Let go of the connection. Memory that arrays still lie in is let go with the process."""
        self._connection.close()

    def _memory(self, slot: str) -> memoryview:
        found = self._slots.get(slot)
        if found is None:
            found = self._slots[slot] = SharedMemory(slot)
        buffer: Any = found.buf
        return buffer


class Slots:
    """The memory of all pieces on the way; its owner makes it, lends it and removes it."""

    def __init__(self) -> None:
        self._made: list[SharedMemory] = []
        self._free: list[str] = []

    def lend(self) -> str:
        """A slot that nobody uses."""
        if not self._free:
            self._made.append(SharedMemory(create=True, size=SLOT))
            return self._made[-1].name
        return self._free.pop()

    def take_back(self, slot: str) -> None:
        """Nobody uses it any more."""
        self._free.append(slot)

    def close(self) -> None:
        """Remove all of it."""
        for memory in self._made:
            memory.unlink()
        self._made.clear()
