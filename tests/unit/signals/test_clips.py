"""Edges of video matching: nothing, one picture, black, stills, and wrong shapes."""

from __future__ import annotations

import numpy as np
import pytest

from seawall.signals.clips import Bank, Reference, fingerprint, match
from seawall.signals.clips.fingerprint import MIDDLE
from seawall.signals.clips.framing import WHOLE, boxes


def picture(seed: int = 0) -> np.ndarray:
    levels = np.random.default_rng(seed).integers(0, 256, (12, 12))
    return np.kron(levels, np.ones((8, 8))).astype(np.uint8)


def still(seed: int = 0, count: int = 20) -> tuple[np.ndarray, np.ndarray]:
    return np.repeat(picture(seed)[None], count, axis=0), np.arange(count) / 4


def bank(*seeds: int) -> Bank:
    return Bank(Reference(f"s{seed}", "x", fingerprint(*still(seed))) for seed in seeds)


def test_a_still_is_found_as_one():
    (found,) = match(fingerprint(*still(1)), bank(0, 1))
    assert (found.name, found.still, found.share) == ("s1", True, 1.0)


def test_one_picture_that_flashes_by_is_no_match():
    frames = np.concatenate([still(9)[0], still(0, 2)[0], still(8)[0]])
    assert not match(fingerprint(frames, np.arange(len(frames)) / 4), bank(0))


def test_black_is_not_like_black():
    black = np.zeros((20, 96, 96), np.uint8), np.arange(20) / 4
    assert not match(fingerprint(*black), Bank([Reference("black", "x", fingerprint(*black))]))


def test_no_frames_are_found_nowhere():
    nothing = fingerprint(np.zeros((0, 96, 96), np.uint8), np.zeros(0))
    assert nothing.seconds == 0
    assert not match(nothing, bank(0))
    assert not match(fingerprint(*still(1)), Bank([Reference("nothing", "x", nothing)]))
    assert not match(fingerprint(*still(1)), Bank())


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


def test_a_name_is_known_once_and_can_be_forgotten_once():
    known = bank(0)
    with pytest.raises(ValueError, match="knows a video named 's0' already; remove it first"):
        known.add(Reference("s0", "x", fingerprint(*still(0))))
    known.remove("s0")
    assert len(known) == 0
    with pytest.raises(KeyError):
        known.remove("s0")


def test_bars_of_one_colour_are_cut_off_a_still():
    looks = np.zeros((3, 96, 96), np.uint8)
    looks[:, 24:72] = picture()[:48]
    assert boxes(looks) == (WHOLE, (0.25, 0.75, 0.0, 1.0))


def test_the_middle_of_a_known_picture_is_found_where_it_was_kept():
    wide = picture(3)
    frames = np.repeat(wide[None], 8, axis=0)
    inner = np.repeat(wide[10:86, 10:86][None], 8, axis=0)
    clip = fingerprint(inner, np.arange(8) / 4)
    assert not match(clip, Bank([Reference("wide", "x", fingerprint(frames, np.arange(8) / 4))]))
    kept = fingerprint(frames, np.arange(8) / 4, crops=(MIDDLE,))
    assert [each.name for each in match(clip, Bank([Reference("wide", "x", kept)]))] == ["wide"]
