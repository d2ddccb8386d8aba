"""What holds of any stream of frames, and of any bytes that a decoding process might hand back."""

from __future__ import annotations

import msgspec
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.core.decision import UNREADABLE
from seawall.core.media import Format, Refusal
from seawall.signals.media.keep_frames import Keeper, Planes, distance, signature
from seawall.signals.media.model import SMALL_SIDE, Limits, Look, Seen
from seawall.signals.media.wire import Ask, FrameHead, Told, read_back

LIMITS = Limits(kept=8, side=32, longest_s=100.0)
ASK = Ask(Format("video", "video/mp4", "mp4"), Look.EVERY_FRAME, sound=True, limits=LIMITS)


@given(
    st.lists(st.tuples(st.floats(0.0, 3.0), st.integers(0, 255)), max_size=80),
    st.integers(2, 12),
    st.sampled_from([0.5, 1.0, 3.0]),
)
def test_a_keeper_keeps_the_first_in_order_and_never_more_than_it_may(
    steps: list[tuple[float, int]], most: int, every_s: float
) -> None:
    keeper, at_s, times = Keeper(most=most, every_s=every_s), 0.0, []
    for step, shade in steps:
        at_s += step
        times.append(at_s)
        luma = np.full((36, 64), shade, np.uint8)
        keeper.offer(at_s, Planes(luma, luma, luma), lambda shade=shade: np.full((1, 1, 3), shade, np.uint8))
        assert len(keeper.kept) <= most
    kept = [each.at_s for each in keeper.kept]
    assert kept == sorted(kept)
    assert set(kept) <= set(times)
    assert kept[:1] == times[:1]


@given(st.integers(1, 300), st.integers(1, 300), st.integers(0, 2**32 - 1))
def test_a_frame_of_any_size_has_a_signature_that_is_no_distance_from_itself(
    height: int, width: int, seed: int
) -> None:
    luma = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    one = signature(Planes(luma, luma, luma))
    assert [grid.shape for grid in one.grids] == [(18, 32), (6, 8), (6, 8)]
    assert all(0 <= grid.min() <= grid.max() <= 1 for grid in one.grids)
    assert all(abs(float(each.sum()) - 1) < 1e-4 for each in one.histograms)
    assert distance(one, one) == (0.0, 0.0)


def packed(told: Told, rest: bytes) -> bytes:
    head = msgspec.json.encode(told)
    return len(head).to_bytes(4, "little") + head + rest


SIZES = st.integers(-5, 90)
HEADS = st.builds(
    FrameHead, at_s=st.floats(-1, 200) | st.just(1e300), height=SIZES, width=SIZES, cut=st.booleans()
)
TOLD = st.builds(
    Told,
    reason=st.sampled_from(["", "too_long", "whatever"]),
    detail=st.text(max_size=5),
    kind=st.sampled_from(["image", "video", "audio", "evil", ""]),
    duration_s=st.floats(-1, 300) | st.just(1e308),
    frames=st.lists(HEADS, max_size=10).map(tuple),
    small=st.lists(st.floats(-1, 100), max_size=3).map(tuple),
    samples=st.integers(-3, 40) | st.just(10**12),
)


@given(st.binary(max_size=200) | st.builds(packed, TOLD, st.binary(max_size=300)))
def test_nothing_that_comes_back_breaks_a_limit_or_raises(raw: bytes) -> None:
    found = read_back(raw, ASK, "0" * 64, 0.1)
    if isinstance(found, Refusal):
        assert found.reason in UNREADABLE
        return
    assert isinstance(found, Seen)
    assert len(found.frames) <= LIMITS.kept
    assert all(max(each.pixels.shape) <= 2 * LIMITS.side * 1.1 for each in found.frames)


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=1, max_size=8))
def test_an_honest_answer_is_read_as_it_was_written(sizes: list[tuple[int, int]]) -> None:
    heads = tuple(FrameHead(float(n), high, wide, cut=n == 0) for n, (high, wide) in enumerate(sizes))
    told = Told(kind="video", width=9, height=9, duration_s=3, frames=heads, small=(0.0, 0.5), samples=2)
    pixels = b"".join(bytes([n]) * (high * wide * 3) for n, (high, wide) in enumerate(sizes))
    small = bytes([7]) * SMALL_SIDE**2 + bytes([8]) * SMALL_SIDE**2
    found = read_back(packed(told, pixels + small + b"\1\0\2\0"), ASK, "a" * 64, 0.1)
    assert isinstance(found, Seen)
    assert [int(each.pixels.max()) for each in found.frames] == list(range(len(sizes)))
    assert found.small is not None
    assert found.small.times.tolist() == [0.0, 0.5]
    assert found.small.frames.mean(axis=(1, 2)).tolist() == [7, 8]
    assert found.sound is not None
    assert found.sound.tolist() == [1, 2]
