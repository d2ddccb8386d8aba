"""Run by the interpreter of the peers: one index over hashes in a folder; prints what it did as JSON.

hash_peer.py (faiss-flat | faiss-multihash | threatexchange) FOLDER
"""

# ruff: noqa: PLC0415 -- each run has one of the engines, and needs no other
from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

BATCH = 64
LONGEST_S = 60.0  # of processor, for questions


def memory_mb() -> float:
    """What the process holds now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def recalled(found, source) -> float:
    """The share of planted questions, as far as they were asked, whose hash was found."""
    planted = np.flatnonzero(source >= 0)
    return sum((int(query), int(source[query])) in found for query in planted) / max(len(planted), 1)


def faiss_flat(hashes):
    import faiss

    faiss.omp_set_num_threads(1)
    index = faiss.IndexBinaryFlat(256)
    index.add(hashes)
    return index, lambda queries: _ranged(index, queries), f"faiss flat {version('faiss-cpu')}", True


def faiss_multihash(hashes):
    import faiss

    faiss.omp_set_num_threads(1)
    index = faiss.IndexBinaryMultiHash(256, 11, 23)
    index.nflip = 2
    index.add(hashes)
    return (
        index,
        lambda queries: _ranged(index, queries),
        f"faiss MultiHash(11, 23), 2 flips {version('faiss-cpu')}",
        False,
    )


def _ranged(index, queries):
    limits, _, found = index.range_search(queries, 32)
    return [found[limits[n] : limits[n + 1]].tolist() for n in range(len(queries))]


def threatexchange(hashes):
    import faiss
    from threatexchange.signal_type.pdq.signal import PdqSignal

    faiss.omp_set_num_threads(1)
    index = PdqSignal.get_index_cls().build((each.tobytes().hex(), n) for n, each in enumerate(hashes))

    def ask(queries):
        return [[match.metadata for match in index.query(each.tobytes().hex())] for each in queries]

    class Adds:
        def add(self, more):
            index.add(more[0].tobytes().hex(), -1)

    return Adds(), ask, f"python-threatexchange {version('threatexchange')}", False


def main():
    which, folder = sys.argv[1], Path(sys.argv[2])
    hashes, queries = np.load(folder / "hashes.npy"), np.load(folder / "queries.npy")
    source = np.load(folder / "source.npy")
    make = {"faiss-flat": faiss_flat, "faiss-multihash": faiss_multihash, "threatexchange": threatexchange}[
        which
    ]
    before, began = memory_mb(), time.process_time()
    index, ask, name, removes = make(hashes)
    built, memory = time.process_time() - began, memory_mb() - before
    ask(queries[:1])
    began, asked, found = time.process_time(), 0, set()
    while asked < len(queries) and time.process_time() - began < LONGEST_S:
        for place, numbers in enumerate(ask(queries[asked : asked + BATCH])):
            found.update((asked + place, number) for number in numbers)
        asked += len(queries[asked : asked + BATCH])
    took = time.process_time() - began
    rng = np.random.default_rng(2)
    began = time.process_time()
    for _ in range(50):
        index.add(rng.integers(0, 256, (1, 32), dtype=np.uint8))
    added = (time.process_time() - began) / 50 * 1e6
    removed = None
    if removes:
        began = time.process_time()
        index.remove_ids(np.array([5], np.int64))
        removed = (time.process_time() - began) * 1e6
    print(json.dumps({
        "name": name, "build_s": built, "per_s": asked / took, "recall": recalled(found, source[:asked]),
        "memory_mb": memory, "add_us": added, "remove_us": removed,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
