"""Arrays in a file: the safetensors format, which holds numbers and cannot hold code.

Eight bytes give the length of a JSON header; it gives each array's type, shape and place, and `__metadata__`,
a map of texts. Source: https://github.com/huggingface/safetensors, README, "Format".
"""

from __future__ import annotations

import json
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from seawall.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_TYPES: dict[str, str] = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I8": "|i1",
    "U8": "|u1",
}
_NAMES = {np.dtype(written): name for name, written in _TYPES.items()}
_LONGEST_HEADER = 16_000_000


def pack(arrays: Mapping[str, NDArray[Any]], metadata: Mapping[str, str]) -> bytes:
    """A file's bytes; the same arrays and texts give the same bytes."""
    header: dict[str, object] = {"__metadata__": dict(sorted(metadata.items()))}
    body: list[bytes] = []
    place = 0
    for name, array in sorted(arrays.items()):
        data = np.ascontiguousarray(array).tobytes()
        header[name] = {
            "dtype": _NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [place, place + len(data)],
        }
        body.append(data)
        place += len(data)
    told = json.dumps(header, separators=(",", ":"), ensure_ascii=True).encode()
    told += b" " * (-len(told) % 8)
    return b"".join((len(told).to_bytes(8, "little"), told, *body))


def unpack(data: bytes, *, name: str) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """The arrays, read-only, and the metadata.

    Args:
        data: a file's bytes.
        name: of the file, for the error.

    Raises:
        UsageError: it is no such file, or cut short.
    """
    try:
        size = int.from_bytes(data[:8], "little")
        if not 2 <= size <= min(len(data) - 8, _LONGEST_HEADER):
            raise ValueError(f"a header of {size} bytes in a file of {len(data)}")  # noqa: TRY301
        header = json.loads(data[8 : 8 + size])
        metadata = header.pop("__metadata__", {})
        return {key: _array(data, 8 + size, told) for key, told in header.items()}, metadata
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"{name} is no file of arrays: {error}", hint="the file that training wrote"
        ) from error


def _array(data: bytes, body: int, told: dict[str, Any]) -> NDArray[Any]:
    dtype = np.dtype(_TYPES[told["dtype"]])
    shape = tuple(int(length) for length in told["shape"])
    start, end = told["data_offsets"]
    count = prod(shape)
    if (
        min(shape, default=0) < 0
        or start < 0
        or end - start != count * dtype.itemsize
        or body + end > len(data)
    ):
        raise ValueError(f"shape {shape} does not fit {end - start} bytes")
    return np.frombuffer(data, dtype=dtype, count=count, offset=body + start).reshape(shape)
