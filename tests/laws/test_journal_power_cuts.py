"""Whatever the power does, what the journal acknowledged is there, and nothing else is under its offset."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from seawall.core.errors import Corrupt, StorageError
from seawall.core.spans import Spans
from seawall.store.frame import Stack, encode, encode_all
from seawall.store.journal import Journal
from seawall.testing.files_dropping import DroppingFiles, PowerCut

FOLDER = Path("/data/journal/main")
SIZES = st.lists(st.sampled_from([0, 3, 40, 496, 1400]), min_size=1, max_size=6)
BODIES = st.lists(st.binary(max_size=600), min_size=1, max_size=6)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), SIZES),
        st.tuples(st.just("write_all"), SIZES),
        st.tuples(st.just("append"), SIZES),  # never committed
        st.tuples(st.just("cut"), st.none()),
        st.tuples(st.just("cut_in"), st.integers(1, 12)),
        st.tuples(st.just("failing_write"), SIZES),
        st.tuples(st.just("rotate"), st.none()),
        st.tuples(st.just("reopen"), st.none()),
    ),
    max_size=25,
)


class Witness:
    """Does things to a journal and remembers what it was promised."""

    def __init__(self, seed: int) -> None:
        self.files = DroppingFiles()
        self.rng = Random(seed)
        self.promised: dict[int, bytes] = {}
        self.offered: dict[int, list[bytes]] = {}  # bodies that may be found at an offset, promised or not
        self.serial = count()
        self.journal = self._open()

    def _open(self) -> Journal:
        while True:
            try:
                return Journal.open(FOLDER, files=self.files, segment_bytes=2000)
            except PowerCut:
                self.files.cut(self.rng)
            except StorageError:
                continue  # the one sync that was to fail failed here; the next attempt goes through

    def offer(self, sizes: list[int]) -> list[bytes]:
        offset = self.journal.durable + sum(map(len, self.journal._waiting))
        bodies = [(b"%08d" % next(self.serial) * 200)[:size] for size in sizes]
        for body in bodies:
            self.offered.setdefault(offset, []).append(body)
            offset += 16 + len(body)
        return bodies

    def write(self, sizes: list[int]) -> None:
        bodies = self.offer(sizes)
        for offset, body in zip(self.journal.write((1, body) for body in bodies), bodies, strict=True):
            assert offset not in self.promised, "an acknowledged offset was given away again"
            self.promised[offset] = body

    def write_all(self, sizes: list[int]) -> None:
        """The same, framed together, with the first bytes of the bodies given apart."""
        bodies, ahead = self.offer(sizes), min(4, *sizes)
        prefixes = np.array([list(body[:ahead]) for body in bodies], np.uint8).reshape(len(bodies), ahead)
        stack = Stack(1, Spans.of([body[ahead:] for body in bodies]), prefixes)
        ticket, (offsets,) = self.journal.append_all([stack])
        self.journal.commit(ticket)
        for offset, body in zip(offsets.tolist(), bodies, strict=True):
            assert offset not in self.promised, "an acknowledged offset was given away again"
            self.promised[offset] = body

    def append(self, sizes: list[int]) -> None:
        self.journal.append((1, body) for body in self.offer(sizes))

    def cut(self, _: None) -> None:
        self.files.cut(self.rng)
        self.journal = self._open()
        self.check()

    def cut_in(self, calls: int) -> None:
        self.files.cut_in(calls)

    def failing_write(self, sizes: list[int]) -> None:
        self.files.fail_sync_in(1)
        self.write(sizes)

    def fail(self) -> None:
        """Some sync failed: nothing more goes in until the journal has looked at the disk again."""
        if self.journal.poisoned:
            with pytest.raises(StorageError):
                self.journal.write([(1, b"no")])
            self.journal.reopen()
        self.check()

    def rotate(self, _: None) -> None:
        if not self.journal._waiting:
            self.journal.rotate()

    def reopen(self, _: None) -> None:
        self.journal.close()
        self.journal = self._open()

    def check(self) -> None:
        found = {frame.offset: frame.body for frame in self.journal.read()}
        assert self.promised.items() <= found.items()
        assert all(body in self.offered[offset] for offset, body in found.items())
        note(f"{len(found)} records, {len(self.promised)} promised, {self.journal.recovery}")
        self.promised = found  # the journal shows these as durable now: from here on they must stay,
        self.offered = {offset: [body] for offset, body in found.items()}  # and the others stay gone


@given(steps=STEPS, seed=st.integers(0, 2**32))
def test_an_acknowledged_record_survives_every_power_cut(steps: list, seed: int) -> None:
    witness = Witness(seed)
    for name, argument in steps:
        try:
            getattr(witness, name)(argument)
        except PowerCut:
            witness.cut(None)
        except StorageError:
            try:
                witness.fail()
            except PowerCut:
                witness.cut(None)
    witness.cut(None)


@given(bodies=BODIES, later=BODIES, seed=st.integers(0, 2**32), at=st.floats(0, 1, exclude_max=True))
def test_a_flipped_bit_in_what_was_acknowledged_is_never_served(bodies, later, seed, at) -> None:
    files = DroppingFiles()
    journal = Journal.open(FOLDER, files=files)
    first = journal.write((1, body) for body in bodies)
    journal.write((1, body) for body in later)
    end_of_first = journal.durable
    truth = {frame.offset: frame.body for frame in journal.read()}
    journal.close()
    node = files._names[FOLDER / f"{0:020d}.seg"]
    place = 16 + int(at * (end_of_first))
    node.live[place] ^= 1 << (seed % 8)
    try:
        again = Journal.open(FOLDER, files=files)
    except Corrupt:
        return
    found = {frame.offset: frame.body for frame in again.read()}
    assert found.items() <= truth.items()
    assert again.recovery.cut > 0
    assert set(first) <= found.keys(), "a group that was known durable may not be cut in silence"


@given(
    bodies=st.lists(st.tuples(st.integers(1, 255), st.binary(min_size=3, max_size=40)), max_size=8),
    ahead=st.integers(0, 3),
    synced=st.integers(0, 2**40),
    back=st.integers(0, 2**31),
    many=st.sampled_from([0, 1_000]),  # compiled, where there is a compiler, or not
)
def test_records_framed_together_are_the_bytes_of_each_framed_alone(
    bodies, ahead, synced, back, many
) -> None:
    offset, alone = synced + back, b""
    for kind, body in bodies:
        alone += encode(kind, body, offset=offset + len(alone), synced=synced)
    prefixes = np.array([list(body[:ahead]) for _, body in bodies], np.uint8).reshape(len(bodies), ahead)
    kinds = np.array([kind for kind, _ in bodies], np.uint8)
    stack = Stack(kinds, Spans.of([body[ahead:] for _, body in bodies]), prefixes if ahead else None)
    records, offsets, end = encode_all(stack, offset=offset, synced=synced, many=many)
    assert records == alone
    assert end == offset + len(alone)
    assert len(offsets) == len(bodies)
