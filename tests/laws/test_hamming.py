"""Law: a search finds what comparing with every hash finds, whatever came and went before."""

from __future__ import annotations

import os
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.core.hamming import Growing, View, build_segment, search
from seawall.core.hamming import kernel as compiled
from seawall.core.hamming.layout import Layout

EXAMPLES = int(os.environ.get("SEAWALL_EXAMPLES", "60"))
searching = sys.modules["seawall.core.hamming.search"]  # the package calls its function the same
FORMS = [False, True] if compiled.COMPILED else [False]


def brute(words, queries, radius):
    """Every (query, row, distance), counted bit by bit."""
    found = []
    for query, one in enumerate(queries):
        for row, other in enumerate(words):
            distance = sum(int(a ^ b).bit_count() for a, b in zip(one.tolist(), other.tolist(), strict=True))
            if distance <= radius:
                found.append((query, row, distance))
    return found


def as_set(hits):
    return list(zip(hits.query.tolist(), hits.row.tolist(), hits.distance.tolist(), strict=True))


@st.composite
def worlds(draw):
    """Hashes of a few hundred to some thousand: random, in clusters of near ones, repeated, all zero."""
    bits = draw(st.sampled_from([64, 128, 256, 200]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    width = -(-bits // 64)
    count = draw(st.integers(0, 300))
    centres = rng.integers(0, 2**64, (max(1, draw(st.integers(1, 40))), width), dtype=np.uint64)
    words = centres[rng.integers(0, len(centres), count)]
    shape = draw(st.sampled_from(["random", "clusters", "same", "zero"]))
    if shape == "random":
        words = rng.integers(0, 2**64, (count, width), dtype=np.uint64)
    elif shape == "clusters":
        words = words ^ few_bits(rng, count, width, draw(st.integers(0, 40)))
    elif shape == "zero":
        words = np.zeros((count, width), np.uint64)
    if bits % 64:
        words = words & np.array([2**64 - 1] * (width - 1) + [2 ** (bits % 64) - 1], np.uint64)
    queries = np.concatenate([words[:5], few_bits(rng, 3, width, 20)])
    if count:
        queries = np.concatenate([queries, words[rng.integers(0, count, 6)] ^ few_bits(rng, 6, width, 30)])
    if bits % 64:
        queries = queries & np.array([2**64 - 1] * (width - 1) + [2 ** (bits % 64) - 1], np.uint64)
    return bits, words, queries


def few_bits(rng, count, width, most):
    flips = np.zeros((count, width * 64), np.uint8)
    for row in flips:
        row[rng.choice(width * 64, int(rng.integers(0, min(most, width * 64) + 1)), replace=False)] = 1
    return np.packbits(flips, axis=1).view(np.uint64).reshape(count, width)


@pytest.mark.parametrize("form", FORMS)
@given(
    world=worlds(),
    radius=st.integers(0, 64),
    chunks=st.sampled_from([None, 8, 11, 16, 25]),
    few=st.sampled_from([5, 4_096]),
)
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_search_equals_comparing_with_every_hash(form, world, radius, chunks, few):
    bits, words, queries = world
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "COMPILED", form)
        patch.setattr(searching, "_FEW", few)  # beyond it every hash is read
        patch.setattr(searching, "_CANDIDATES", 1 << 20 if few > 5 else 50)
        if chunks is not None and bits // chunks >= 8:  # also where so few would not be worth an index
            layout = "seawall.core.hamming.segment.choose_layout"
            patch.setattr(layout, lambda count, bits, radius: Layout(bits, max(chunks, -(-bits // 18))))
        segment = build_segment(words, np.arange(len(words)), bits=bits, radius=31)
        assert as_set(search(segment, queries, radius)) == brute(words, queries, radius)


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data(), seed=st.integers(0, 2**32))
@settings(max_examples=EXAMPLES, deadline=None)
def test_what_came_and_went_is_what_is_found(form, data, seed):
    rng = np.random.default_rng(seed)
    held: dict[int, np.ndarray] = {}
    growing = Growing(128, radius=10, tail=data.draw(st.sampled_from([1, 7, 64])))
    centres = rng.integers(0, 2**64, (3, 2), dtype=np.uint64)
    number = 0
    before: list[tuple[View, dict[int, np.ndarray]]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "COMPILED", form)
        patch.setattr(
            "seawall.core.hamming.segment.choose_layout",
            lambda count, bits, radius: Layout(128, 8) if count > 3 else None,
        )
        for step in data.draw(st.lists(st.sampled_from("aaarmk"), max_size=25)):
            if step == "a":
                count = int(rng.integers(1, 30))
                words = centres[rng.integers(0, 3, count)] ^ few_bits(rng, count, 2, 14)
                ids = np.arange(number, number + count)
                growing.add(words, ids)
                held.update(zip(ids.tolist(), words, strict=True))
                number += count
            elif step == "r":
                gone = rng.integers(0, number + 3, 10)
                growing.remove(gone)
                for one in gone.tolist():
                    held.pop(one, None)
            elif step == "m":
                growing.merge()
            else:
                before.append((growing.view, dict(held)))
        before.append((growing.view, held))
        queries = np.concatenate([centres, centres ^ few_bits(rng, 3, 2, 12)])
        for view, there in before:
            ids = sorted(there)
            words = np.array([there[one] for one in ids], np.uint64).reshape(len(ids), 2)
            expected = [(query, ids[row], apart) for query, row, apart in brute(words, queries, 12)]
            assert as_set(view.search(queries, 12)) == expected
            assert len(view) == len(ids)
            assert view.live_ids().tolist() == ids
            assert view.words_of(view.live_ids()).tolist() == words.tolist()
