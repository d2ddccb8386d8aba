"""A known video is found however it was edited, where it is, and nothing else is."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from clip_worlds import EDITS, add, bank_of, cut, faster, known_in, mirrored, remove, sampled, slower, video
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.signals.clips import Fingerprint, KnownVideos, fingerprint, match
from seawall.signals.clips.align import SPEEDS, align
from seawall.signals.clips.fingerprint import SAME
from seawall.signals.clips.match import _heaviest

SEEDS = range(4)


@cache
def known() -> KnownVideos:
    return known_in(bank_of((f"v{seed}", fingerprint(*video(seed))) for seed in SEEDS))


def asked(frames: np.ndarray, times: np.ndarray) -> Fingerprint:
    return fingerprint(*sampled(frames, times))


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("seed", SEEDS)
def test_an_edited_video_is_found_whole(seed, edit):
    best, *others = match(asked(*edit(*video(seed))), known())
    assert (best.reference.name, best.mirrored) == (f"v{seed}", edit is mirrored)
    assert not others
    assert best.share > 0.6
    speed = {faster: 1.25, slower: 0.8}.get(edit, 1.0)
    assert best.speed == pytest.approx(speed, rel=0.03)
    assert (best.there_begin, best.there_end) == (pytest.approx(0, abs=0.5), pytest.approx(8, abs=0.5))


@settings(deadline=None)
@given(st.sampled_from(SEEDS), st.floats(0, 6), st.floats(1.5, 8))
def test_a_stretch_of_any_length_from_any_moment_is_found_where_it_is(seed, begin, seconds):
    frames, times = cut(*video(seed), begin, seconds)
    best, *others = match(asked(frames, times), known())
    assert best.reference.name == f"v{seed}"
    assert not others
    assert best.there_begin == pytest.approx(begin, abs=0.35)
    assert best.share > 0.9


@settings(deadline=None, max_examples=25)
@given(st.integers(100, 10_000))
def test_a_video_that_is_not_known_is_not_found(seed):
    assert not match(asked(*video(seed)), known())


@settings(deadline=None, max_examples=15)
@given(st.permutations(SEEDS), st.integers(1, 3))
def test_a_video_made_of_several_is_told_apart(order, count):
    parts = [cut(*video(seed), 1.0, 3.0) for seed in order[:count]]
    frames = np.concatenate([part for part, _ in parts])
    found = match(asked(frames, np.arange(len(frames)) / 25), known())
    assert {each.reference.name for each in found} == {f"v{seed}" for seed in order[:count]}
    for place, seed in enumerate(order[:count]):
        (one,) = [each for each in found if each.reference.name == f"v{seed}"]
        assert one.begin == pytest.approx(place * 3, abs=0.6)
        assert one.end == pytest.approx(place * 3 + 3, abs=0.6)


def names(clip: Fingerprint, known: KnownVideos) -> list[str]:
    return [each.reference.name for each in match(clip, known)]


def test_what_is_removed_is_not_found_and_can_come_back():
    bank = bank_of((f"v{seed}", fingerprint(*video(seed))) for seed in (0, 1))
    clip = asked(*video(0))
    remove(bank, "v0")
    assert not names(clip, known_in(bank))
    assert names(asked(*video(1)), known_in(bank)) == ["v1"]
    add(bank, "v0", fingerprint(*video(0)))
    assert names(clip, known_in(bank)) == ["v0"]


def test_what_is_not_in_force_or_of_another_opinion_is_not_found():
    bank = bank_of([])
    add(bank, "later", fingerprint(*video(0)), disabled_until=50)
    add(bank, "gone", fingerprint(*video(1)), expires=40)
    add(bank, "unsure", fingerprint(*video(2)), opinion="unconfirmed")
    add(bank, "theirs", fingerprint(*video(3)), source="partner")
    clips = [asked(*video(seed)) for seed in SEEDS]
    assert [names(clip, known_in(bank, now=30)) for clip in clips] == [[], ["gone"], [], ["theirs"]]
    assert [names(clip, known_in(bank, now=60)) for clip in clips] == [["later"], [], [], ["theirs"]]
    add(bank, "theirs", fingerprint(*video(3)), opinion="false_positive")  # our own people know better
    assert not names(clips[3], known_in(bank))


@given(st.sampled_from([each for each in SPEEDS if each > 0]), st.floats(-30, 30), st.integers(0, 2**32 - 1))
def test_the_line_of_the_most_pairs_is_found_among_others(speed, offset, seed):
    random = np.random.default_rng(seed)
    here = np.arange(40) * 0.25
    there = speed * here + offset + random.uniform(-0.05, 0.05, 40)
    stray_here, stray_there = random.choice(here, 60), random.uniform(-40, 60, 60)
    line = align(np.append(here, stray_here), np.append(there, stray_there))
    assert np.abs(line.at(here) - there).max() < 0.6


@given(st.lists(st.integers(-5, 5).map(float), min_size=1, max_size=12))
def test_the_heaviest_slice_is_that_of_every_slice(weights):
    first, last = _heaviest(np.array(weights))
    sums = [
        sum(weights[low:high]) for low in range(len(weights) + 1) for high in range(low, len(weights) + 1)
    ]
    assert sum(weights[first:last]) == max(sums)


@given(st.sampled_from(SEEDS))
def test_a_fingerprint_keeps_what_changes_and_covers_the_whole(seed):
    frames, times = video(seed)
    print_ = fingerprint(frames, times)
    assert print_.seconds == pytest.approx(8.0)
    assert (print_.end[:-1] == print_.begin[1:]).all()
    apart = [
        np.bitwise_count(each.words[1:] ^ each.words[:-1]).sum(axis=1, dtype=np.int64)
        for each in print_.framings
    ]
    assert (np.max(apart, axis=0) > SAME).all()
