"""Edges of video matching: nothing, one picture, black, stills, and wrong shapes."""

from __future__ import annotations

import numpy as np
import pytest

from seawall.signals.bank.bank import HashBank
from seawall.signals.bank.change import addition, digest_of, read_change
from seawall.signals.bank.model import HASH_KINDS, Entry
from seawall.signals.clips import Fingerprint, KnownVideos, as_item, fingerprint, match
from seawall.signals.clips.fingerprint import MIDDLE
from seawall.signals.clips.framing import WHOLE, boxes


def picture(seed: int = 0) -> np.ndarray:
    levels = np.random.default_rng(seed).integers(0, 256, (12, 12))
    return np.kron(levels, np.ones((8, 8))).astype(np.uint8)


def still(seed: int = 0, count: int = 20) -> tuple[np.ndarray, np.ndarray]:
    return np.repeat(picture(seed)[None], count, axis=0), np.arange(count) / 4


def known(*prints: Fingerprint) -> KnownVideos:
    bank = HashBank(HASH_KINDS["vpdq"])
    for n, print_ in enumerate(prints):
        content = addition("b", bank.kind, [as_item(Entry(ref=f"s{n}"), print_)], Entry())
        bank.enact(bank.apply(read_change(content), digest_of(content)))
    return KnownVideos("b", bank, matches=("true_positive",), now=0)


def stills(*seeds: int) -> KnownVideos:
    return known(*(fingerprint(*still(seed)) for seed in seeds))


def test_a_still_is_found_as_one():
    (found,) = match(fingerprint(*still(1)), stills(0, 1))
    assert (found.reference.name, found.still, found.share) == ("s1", True, 1.0)


def test_one_picture_that_flashes_by_is_no_match():
    frames = np.concatenate([still(9)[0], still(0, 2)[0], still(8)[0]])
    assert not match(fingerprint(frames, np.arange(len(frames)) / 4), stills(0))


def test_black_is_not_like_black():
    black = np.zeros((20, 96, 96), np.uint8), np.arange(20) / 4
    assert not match(fingerprint(*black), known(fingerprint(*black)))


def test_no_frames_are_found_nowhere():
    nothing = fingerprint(np.zeros((0, 96, 96), np.uint8), np.zeros(0))
    assert nothing.seconds == 0
    assert not match(nothing, stills(0))
    assert not match(fingerprint(*still(1)), known())


@pytest.mark.parametrize(
    ("frames", "times", "said"),
    [
        (np.zeros((2, 8, 8), np.uint8), np.zeros(3), "do not go with 3 times"),
        (np.zeros((2, 8, 8, 3), np.uint8), np.zeros(2), "do not go with 2 times"),
        (np.zeros((2, 8, 8), np.uint8), np.array([1.0, 1.0]), "must ascend"),
        (np.zeros((2, 8, 8), np.uint8), np.array([1.0, np.nan]), "must ascend"),
    ],
)
def test_frames_need_times_that_ascend(frames, times, said):
    with pytest.raises(ValueError, match=said):
        fingerprint(frames, times)


def test_bars_of_one_colour_are_cut_off_a_still():
    looks = np.zeros((3, 96, 96), np.uint8)
    looks[:, 24:72] = picture()[:48]
    assert boxes(looks) == (WHOLE, (0.25, 0.75, 0.0, 1.0))


def test_the_middle_of_a_known_picture_is_found_where_it_was_kept():
    wide = picture(3)
    frames = np.repeat(wide[None], 8, axis=0)
    inner = np.repeat(wide[10:86, 10:86][None], 8, axis=0)
    clip = fingerprint(inner, np.arange(8) / 4)
    assert not match(clip, known(fingerprint(frames, np.arange(8) / 4)))
    kept = fingerprint(frames, np.arange(8) / 4, crops=(MIDDLE,))
    assert [each.reference.name for each in match(clip, known(kept))] == ["s0"]
