"""The compiled hashes are those of the standard library."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from seawall.core.decision import decision_id
from seawall.store import fingerprints

pytest.importorskip("numba", reason="no compiler; install the extra `fast`")

LENGTHS = (0, 1, 8, 31, 32, 55, 56, 63, 64, 100, 127, 128, 129, 255, 256, 300)
IDS = [("aé漢😀z" * 300)[:length] for length in LENGTHS]
SOURCES = [None if length % 2 else "app"[: length % 4] for length in LENGTHS]
VERSION, SALT = "f" * 64, b"salt\0"


def test_keys_draws_and_ids_are_those_of_the_standard_library() -> None:
    from seawall.core import hash_kernel

    ids, sources = [each.encode() for each in IDS], [(each or "").encode() for each in SOURCES]
    data = np.frombuffer(b"".join([*ids, *sources, b"."]), np.uint8)
    sizes = np.array([*map(len, ids), *map(len, sources)])
    starts, count = np.cumsum(sizes) - sizes, len(ids)
    words, keys = np.empty(80, np.uint64), np.empty(count, np.uint64)
    hash_kernel.fingerprints(data, starts[:count], sizes[:count], words, keys)
    assert keys.tolist() == fingerprints(IDS).tolist()

    draws, named = np.empty(count, np.uint64), np.empty((count, 16), np.uint8)
    tail = np.frombuffer(f"{len(VERSION)}:{VERSION}1:1".encode(), np.uint8)
    own = np.where([each is None for each in SOURCES], -1, sizes[count:])
    hash_kernel.identify(
        data, starts[:count], sizes[:count], starts[count:], own, np.frombuffer(SALT, np.uint8), tail,
        np.empty(2_000, np.uint8), words, draws, named, keys,
    )  # fmt: skip
    expected = [decision_id(source, each, VERSION) for source, each in zip(SOURCES, IDS, strict=True)]
    assert [row.tobytes().hex() for row in named] == expected
    assert keys.tolist() == fingerprints(expected).tolist()
    hashed = [
        hashlib.blake2b(SALT + source + b"\0" + each, digest_size=8)
        for source, each in zip(sources, ids, strict=True)
    ]
    assert draws.tolist() == [int.from_bytes(each.digest(), "little") for each in hashed]
