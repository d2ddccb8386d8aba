"""A bank as one file that is mapped into memory, so that it is there at once and processes share it.

    8 bytes of magic, 8 bytes length of a head in JSON, the head, then arrays, each at a multiple of 64 bytes

The head says of each array its name, type, shape, place and CRC-32, and of the bank its kind, version and how
many changes it holds. A file is replaced as a whole; whoever has the old one mapped keeps reading it.
"""

from __future__ import annotations

import mmap
import zlib
from typing import TYPE_CHECKING, Any, cast

import msgspec
import numpy as np

from seawall.core.errors import Corrupt
from seawall.core.hamming import Segment, View
from seawall.core.hamming.layout import Layout
from seawall.signals.bank.bank import HashBank, State
from seawall.signals.bank.model import HASH_KINDS
from seawall.signals.bank.notes import Notes
from seawall.signals.bank.rows import Columns, Group, Groups, Rows
from seawall.store.failure import storage_error
from seawall.store.replace import replace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from seawall.store.ports import Files

_MAGIC = b"SWBANK\n1"
_ALIGNED = 64
_MOST_HEAD = 1 << 24


class _Array(msgspec.Struct, frozen=True):
    name: str
    type: str
    shape: tuple[int, ...]
    place: int
    crc: int


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    hash: str
    version: str
    changes: int
    chunks: tuple[int, ...]  # of each segment; 0: it has no index
    arrays: tuple[_Array, ...]


def write_snapshot(bank: HashBank, path: Path, files: Files) -> None:
    """Keep everything that is enacted; the file is the old or the new, never a mixture.

    The thread that changes the bank may call it, when what was applied is enacted.

    Raises:
        StorageError: the disk refuses; the old file is still there.
    """
    state = bank.current
    view, columns = state.view, bank.rows.used()
    offsets, blob = bank.notes.arrays()
    groups = [(note, *group) for note, group in bank.groups.by_note.items()]
    named: dict[str, NDArray[Any]] = {
        "words": view.words, "ids": view.ids, "gone": view.gone, "note": columns.note,
        "quality": columns.quality, "at_ms": columns.at_ms, "offsets": offsets, "blob": blob,
        "groups": np.array(groups, np.int64).reshape(len(groups), 3),
    }  # fmt: skip
    for place, segment in enumerate(view.segments):
        for name in ("words", "ids", "starts", "order"):
            named[f"{name}/{place}"] = getattr(segment, name)
    chunks = tuple(each.layout.chunks if each.layout else 0 for each in view.segments)
    head = _Head(hash=bank.kind.name, version=state.version, changes=state.changes, chunks=chunks, arrays=())
    try:
        replace(files, path, _parts(head, {name: np.ascontiguousarray(each) for name, each in named.items()}))
    except OSError as error:
        raise storage_error(error, f"keeping the bank {path}") from error


def _parts(head: _Head, named: Mapping[str, NDArray[Any]]) -> list[bytes]:
    described: list[_Array] = []
    place = 0
    for name, array in named.items():
        crc = zlib.crc32(_bytes(array))
        described.append(_Array(name, array.dtype.str, array.shape, place, crc))
        place += -(-array.nbytes // _ALIGNED) * _ALIGNED
    text = msgspec.json.encode(msgspec.structs.replace(head, arrays=tuple(described)))
    text += b" " * (-(len(text) + 16) % _ALIGNED)
    parts = [_MAGIC, len(text).to_bytes(8, "little"), text]
    for array in named.values():
        parts += [_bytes(array), b"\0" * (-array.nbytes % _ALIGNED)]
    return parts


def _bytes(array: NDArray[Any]) -> bytes:
    """Its bytes, without a copy."""
    return cast("bytes", array.reshape(-1).view(np.uint8).data) if array.size else b""


def read_snapshot(path: Path) -> HashBank | None:
    """The bank of a file, mapped; None where there is no file.

    Raises:
        Corrupt: the file is not what was written.
        StorageError: the disk refuses.
    """
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    except FileNotFoundError:
        return None
    except ValueError as error:  # an empty file cannot be mapped
        raise Corrupt(f"{path} is no snapshot of a bank") from error
    except OSError as error:
        raise storage_error(error, f"reading the bank {path}") from error
    try:
        head, begin = _head(mapped)
        arrays = {each.name: _array(mapped, each, begin) for each in head.arrays}
        return _bank(head, arrays)
    except (ValueError, KeyError, TypeError, msgspec.DecodeError) as error:
        hint = "remove it: it is made again from the bank's changes"
        raise Corrupt(f"{path} is not the snapshot that was written: {error}", hint=hint) from error


def _head(mapped: mmap.mmap) -> tuple[_Head, int]:
    length = int.from_bytes(mapped[8:16], "little")
    if mapped[:8] != _MAGIC or not 0 < length <= min(_MOST_HEAD, len(mapped) - 16):
        raise ValueError("it does not begin like one")
    return msgspec.json.decode(mapped[16 : 16 + length], type=_Head), 16 + length


def _array(mapped: mmap.mmap, said: _Array, begin: int) -> NDArray[Any]:
    type_ = np.dtype(said.type)
    count = int(np.prod(said.shape, dtype=np.int64))
    if begin + said.place + count * type_.itemsize > len(mapped):
        raise ValueError(f"it ends before {said.name}")
    array = np.frombuffer(mapped, type_, count, begin + said.place).reshape(said.shape)
    if zlib.crc32(_bytes(array)) != said.crc:
        raise ValueError(f"the checksum of {said.name} is wrong")
    return array


def _bank(head: _Head, arrays: Mapping[str, NDArray[Any]]) -> HashBank:
    kind = HASH_KINDS[head.hash]
    segments = tuple(
        Segment(
            arrays[f"words/{place}"],
            arrays[f"ids/{place}"],
            Layout(kind.bytes * 8, chunks) if chunks else None,
            arrays[f"starts/{place}"],
            arrays[f"order/{place}"],
        )
        for place, chunks in enumerate(head.chunks)
    )
    view = View(segments, arrays["words"], arrays["ids"], arrays["gone"])
    groups = {note: Group(first, count) for note, first, count in arrays["groups"].tolist()}
    return HashBank(
        kind,
        rows=Rows(Columns(arrays["note"], arrays["quality"], arrays["at_ms"])),
        notes=Notes(arrays["offsets"], arrays["blob"]),
        groups=Groups(groups),
        state=State(view, head.version, head.changes),
    )
