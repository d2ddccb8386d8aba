"""Banks of PDQ hashes side by side with faiss and python-threatexchange, over the same hashes and questions.

    python bench/hash_banks.py [--count 1000000 | --full | --quick] [--peers PYTHON] [--only NAME ...]

`--full` means ten million, where python-threatexchange is left out: its index holds a Python object for each
hash. Half of what is asked is a known hash with 0 to 31 bits changed, half is random.
Times are of the processor, one thread, so that other work on the machine counts little; memory is what the
process holds more after building than before. Peers run in their own interpreter, one after the other.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from seawall.core.hamming import Growing, kernel
from seawall.signals.bank.bank import HashBank
from seawall.signals.bank.change import hash_lines, read_change
from seawall.signals.bank.model import HASH_KINDS, Entry
from seawall.signals.bank.snapshot import read_snapshot, write_snapshot
from seawall.store.files_os import REAL

sys.path.insert(0, str(Path(__file__).parent))
from hash_peer import BATCH, memory_mb, recalled
from measure import table

PEERS = ("faiss-flat", "faiss-multihash", "threatexchange")


def world(folder: Path, count: int, asked: int) -> None:
    """The hashes, the questions, and which hash each planted one is of."""
    rng = np.random.default_rng(1)
    hashes = rng.integers(0, 256, (count, 32), dtype=np.uint8)
    source = rng.integers(0, count, asked)
    queries = hashes[source].copy()
    bits = np.unpackbits(queries, axis=1)
    for row in range(asked):
        bits[row, rng.choice(256, int(rng.integers(0, 32)), replace=False)] ^= 1
    queries = np.packbits(bits, axis=1)
    queries[1::2] = rng.integers(0, 256, (len(queries[1::2]), 32), dtype=np.uint8)
    source[1::2] = -1
    np.save(folder / "hashes.npy", hashes)
    np.save(folder / "queries.npy", queries)
    np.save(folder / "source.npy", source)


def ours(folder: Path, *, compiled: bool) -> dict[str, object]:
    """The index as banks use it."""
    kernel.COMPILED = compiled and kernel.COMPILED
    words = np.load(folder / "hashes.npy").view(np.uint64)
    queries = np.load(folder / "queries.npy").view(np.uint64)
    source = np.load(folder / "source.npy")
    gc.collect()
    before, began = memory_mb(), time.process_time()
    growing = Growing(256, radius=31)
    growing.add(words, np.arange(len(words)))
    built, held = time.process_time() - began, growing.view.nbytes / 1e6
    growing.view.search(queries[:2], 31)  # compiled, and the tables of flips made
    began = time.process_time()
    found = set()
    for first in range(0, len(queries), BATCH):
        hits = growing.view.search(queries[first : first + BATCH], 31)
        found.update(zip((hits.query + first).tolist(), hits.row.tolist(), strict=True))
    took = time.process_time() - began
    rng = np.random.default_rng(2)
    changes = 500
    began = time.process_time()
    for place in range(changes):
        growing.add(rng.integers(0, 2**64, (1, 4), dtype=np.uint64), np.array([len(words) + place]))
    added = time.process_time() - began
    began = time.process_time()
    for number in rng.integers(0, len(words), 50):
        growing.remove([int(number)])
    removed = time.process_time() - began
    return {
        "name": "seawall" if compiled else "seawall, NumPy alone",
        "build_s": built,
        "per_s": len(queries) / took,
        "recall": recalled(found, source),
        "memory_mb": max(held, memory_mb() - before if compiled else held),
        "held_mb": held,
        "add_us": added / changes * 1e6,
        "remove_us": removed / 50 * 1e6,
    }


def bank(folder: Path) -> None:
    """The whole bank: from a file of hashes to look-ups by several threads while it changes."""
    hashes = np.load(folder / "hashes.npy")
    queries = [each.tobytes() for each in np.load(folder / "queries.npy")]
    kind = HASH_KINDS["pdq"]
    lines = b"".join(each.tobytes().hex().encode() + b"\n" for each in hashes)
    began = time.process_time()
    change = hash_lines("known", kind, lines, Entry(source="bench"))
    assert change is not None
    known = HashBank(kind)
    known.enact(known.apply(read_change(change), "1"))
    took = time.process_time() - began
    print(f"a file of {len(hashes):,} lines to a bank: {took:.1f} s, {known.nbytes / 1e6:,.0f} MB")
    del change, lines
    rate(known, queries, "from memory")
    path = folder / "snapshot"
    began = time.process_time()
    write_snapshot(known, path, REAL)
    print(f"snapshot written: {time.process_time() - began:.1f} s, {path.stat().st_size / 1e6:,.0f} MB")
    del known
    gc.collect()
    began = time.process_time()
    mapped = read_snapshot(path)
    assert mapped is not None
    print(f"mapped and checked: {time.process_time() - began:.1f} s")
    rate(mapped, queries, "from the mapped file")
    two(mapped, queries)


def rate(known: HashBank, queries: list[bytes], how: str) -> None:
    known.look(queries[:2], within=31, now=0)
    began = time.process_time()
    for first in range(0, len(queries), BATCH):
        known.look(queries[first : first + BATCH], within=31, now=0)
    print(f"look-ups with entries, {how}: {len(queries) / (time.process_time() - began):,.0f}/s of processor")
    known._lately = (known.current.view, {})  # noqa: SLF001 -- what was asked is not to be remembered
    began = time.process_time()
    for each in queries[:300]:
        known.look([each], within=31, now=0)
    print(f"one at a time, {how}: {300 / (time.process_time() - began):,.0f}/s of processor")
    known._lately = (known.current.view, {})  # noqa: SLF001


def two(known: HashBank, queries: list[bytes]) -> None:
    """Two threads for the time on the wall, which on a machine that others use says least."""

    def run(mine: list[bytes]) -> None:
        for first in range(0, len(mine), BATCH):
            known.look(mine[first : first + BATCH], within=31, now=0)

    threads = [threading.Thread(target=run, args=(queries[place::2],)) for place in range(2)]
    began = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    print(f"two threads: {len(queries) / (time.perf_counter() - began):,.0f}/s on the wall")


def apart(folder: Path, python: str, script: str, *words: str) -> dict[str, object] | None:
    if not Path(python).exists():
        print(f"Skipped: {words[0]} (make bench sets up an interpreter with it)")
        return None
    done = subprocess.run([python, script, *words, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"Skipped: {words[0]} ({(done.stderr.strip().splitlines() or ['it failed'])[-1]})")
        return None
    return json.loads(done.stdout.splitlines()[-1])


def show(rows: list[dict[str, object]]) -> None:
    told: list[list[str]] = []
    for row in rows:
        changes = ["-" if row[key] is None else f"{row[key]:,.0f}" for key in ("add_us", "remove_us")]
        cells = [f"{row['per_s']:,.0f}", f"{row['recall']:.3f}", f"{row['build_s']:.1f}"]
        told.append([str(row["name"]), *cells, f"{row['memory_mb']:,.0f}", *changes])
    head = ["way", "look-ups/s", "planted found", "build s", "MB", "one more us", "one less us"]
    print("\n".join(["", *table(head, told), ""]))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--asked", type=int, default=2_000)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--peers", default=".bench/bin/python")
    parser.add_argument("--only", nargs="*", default=["seawall", "numpy", "bank", *PEERS])
    if len(sys.argv) == 3 and sys.argv[1] in ("seawall", "numpy"):  # by itself, so that memory is told apart
        print(json.dumps(ours(Path(sys.argv[2]), compiled=sys.argv[1] == "seawall")))
        return
    told = parser.parse_args()
    count = 10_000_000 if told.full else 20_000 if told.quick else told.count
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world(folder, count, told.asked)
        print(f"{count:,} hashes, {told.asked:,} questions")
        rows = [
            apart(folder, sys.executable, __file__, which)
            for which in ("seawall", "numpy")
            if which in told.only
        ]
        rows += [
            apart(folder, told.peers, str(Path(__file__).with_name("hash_peer.py")), peer)
            for peer in PEERS
            if peer in told.only and not (told.full and peer == "threatexchange")
        ]
        show([row for row in rows if row])
        if "bank" in told.only:
            bank(folder)


if __name__ == "__main__":
    main()
