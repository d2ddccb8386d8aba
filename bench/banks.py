"""How fast texts meet banks of 20,000 and 100,000 terms, and hashes come near: `python bench/banks.py`.

Times are of the processor, so that other work on the machine counts little.
"""

from __future__ import annotations

import random
import resource
import time
from typing import TYPE_CHECKING

import numpy as np

from seawall.core.diagnostic import Span
from seawall.policy.conditions.meetings import Meeting
from seawall.policy.conditions.nearness import Nearness
from seawall.policy.model import Bank

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = 20_000
HASHES = 300


def seconds(run: Callable[[], object]) -> float:
    """Of the processor."""
    begun = time.process_time()
    run()
    return time.process_time() - begun


def megabytes() -> float:
    """The most memory held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def terms(rng: random.Random, words: list[str], count: int) -> list[str]:
    """One to three words each."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[" ".join(rng.choice(words) for _ in range(rng.choice((1, 2, 2, 3))))] = None
    return list(found)


def meet(count: int, banks: int) -> str:
    """One line: texts of 3 to 25 words of the vocabulary that the terms are of."""
    rng = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(rng.choice(letters) for _ in range(rng.randint(3, 9))) for _ in range(60_000)]
    texts = [" ".join(rng.choice(words[:3_000]) for _ in range(rng.randint(3, 25))) for _ in range(TEXTS)]
    known = terms(rng, words, count)
    lists = [
        Bank(name=f"b{place}", match="words", entries=tuple(known[place::banks]), version="1", span=Span("x"))
        for place in range(banks)
    ]
    before = megabytes()
    made: list[Meeting] = []
    build = seconds(lambda: made.append(Meeting(lists)))
    read = seconds(lambda: made[0].read(texts))
    apart = [Meeting([each]) for each in lists]
    scans = seconds(lambda: [each.read(texts) for each in apart])
    return (
        f"{count:,} terms in {banks} lists: built in {build:.2f} s, {megabytes() - before:.0f} MB more, "
        f"{TEXTS / read:,.0f} texts/s; a scan for each list {TEXTS / scans:,.0f} texts/s"
    )


def near(count: int, bits: int, distance: int) -> str:
    """One line: random hashes, none of which is asked twice."""
    rng = np.random.default_rng(1)
    made: list[Nearness] = []
    hashes = [rng.bytes(bits // 8).hex() for _ in range(count)]
    build = seconds(lambda: made.append(Nearness(hashes)))
    test = made[0].within(distance)
    asked = [rng.bytes(bits // 8).hex() for _ in range(HASHES)]
    each = seconds(lambda: [test(text) for text in asked]) / HASHES
    what = f"{count:,} hashes of {bits} bits within {distance}"
    return f"{what}: built in {build:.2f} s, {each * 1e6:,.0f} us a hash"


if __name__ == "__main__":
    for size in (20_000, 100_000):
        for lists_of in (1, 10):
            print(meet(size, lists_of))
    for case in (
        (100_000, 64, 3),
        (100_000, 64, 7),
        (100_000, 256, 31),
        (1_000_000, 256, 31),
        (100_000, 256, 40),
    ):
        print(near(*case))
