"""Videos of moving patches, and what people do to them, as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seawall.signals.bank.bank import HashBank
from seawall.signals.bank.change import Removal, addition, digest_of, read_change, removal
from seawall.signals.bank.model import HASH_KINDS, Entry
from seawall.signals.clips import KnownVideos, as_item

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seawall.signals.clips import Fingerprint

VPDQ = HASH_KINDS["vpdq"]
NOW = 1_000
RATE = 25.0
SIDE = 96


def video(seed: int, seconds: float = 8.0, *, rate: float = RATE) -> tuple[np.ndarray, np.ndarray]:
    """A wide scene that a camera passes over, with patches that move on their own."""
    random = np.random.default_rng(seed)
    wide = np.kron(random.integers(0, 256, (24, 60)), np.ones((8, 8)))
    for axis in (0, 1):
        wide = sum(np.roll(wide, n, axis) for n in range(-3, 4)) / 7
    phase, speed = random.uniform(0, 6.28, 4), random.uniform(0.6, 1.4, 4)
    times = np.arange(round(seconds * rate)) / rate
    return np.stack([_frame(wide, each, phase, speed) for each in times]), times


def _frame(wide: np.ndarray, time: float, phase: np.ndarray, speed: np.ndarray) -> np.ndarray:
    top = round((wide.shape[0] - SIDE) * (0.5 + 0.45 * np.sin(phase[0] + 0.5 * speed[0] * time)))
    left = round((wide.shape[1] - SIDE) * (0.5 + 0.45 * np.sin(phase[1] + 0.35 * speed[1] * time)))
    frame = wide[top : top + SIDE, left : left + SIDE].copy()
    at = [round((SIDE - 24) * (0.5 + 0.45 * np.sin(phase[n] + speed[n] * 1.3 * time))) for n in (2, 3)]
    frame[at[0] : at[0] + 24, at[1] : at[1] + 24] = 255 * ((at[0] // 9) % 2)
    return np.clip(frame, 0, 255).astype(np.uint8)


def sampled(frames: np.ndarray, times: np.ndarray, rate: float = 4.0) -> tuple[np.ndarray, np.ndarray]:
    """A few frames a second of it."""
    kept = [0]
    for n in range(1, len(times)):
        if times[n] >= times[kept[-1]] + 1 / rate - 1e-6:
            kept.append(n)
    return frames[kept], times[kept]


def cut(frames, times, begin: float, seconds: float):
    """A stretch of it, with a clock of its own."""
    inside = (times >= begin) & (times < begin + seconds)
    return frames[inside], times[inside] - times[inside][0]


def barred(frames, times, colour: int = 0):
    """With bars above and below that are half of the picture."""
    bar = np.full((len(frames), SIDE // 2, SIDE), colour, np.uint8)
    return np.concatenate([bar, frames, bar], axis=1), times


def captioned(frames, times):
    """In the middle of a larger still with something written on it."""
    still = np.random.default_rng(1).integers(180, 256, (len(frames[0]) * 2, SIDE)).astype(np.uint8)
    whole = np.repeat(still[None], len(frames), axis=0)
    whole[:, SIDE // 2 : SIDE // 2 + SIDE] = frames
    return whole, times


def mirrored(frames, times):
    return frames[:, :, ::-1], times


def brighter(frames, times):
    return np.clip(frames * 0.7 + 60, 0, 255).astype(np.uint8), times


def noisy(frames, times):
    noise = np.random.default_rng(2).normal(0, 12, frames.shape)
    return np.clip(frames + noise, 0, 255).astype(np.uint8), times


def smaller(frames, times):
    return frames[:, ::2, ::2], times


def covered(frames, times):
    """With a mark over a twelfth of the picture."""
    marked = frames.copy()
    marked[:, 4:32, 4:32] = 240
    return marked, times


def faster(frames, times):
    return frames, times / 1.25


def slower(frames, times):
    return frames, times * 1.25


EDITS = (barred, captioned, mirrored, brighter, noisy, smaller, covered, faster, slower)


def changed(bank: HashBank, content: bytes) -> None:
    bank.enact(bank.apply(read_change(content), digest_of(content)))


def add(bank: HashBank, name: str, print_: Fingerprint, **entry: object) -> None:
    known = as_item(Entry(ref=name, **entry), print_)
    changed(bank, addition("known", VPDQ, [known], Entry()))


def remove(bank: HashBank, name: str) -> None:
    changed(bank, removal("known", VPDQ, [Removal(ref=name)]))


def bank_of(prints: Iterable[tuple[str, Fingerprint]]) -> HashBank:
    bank = HashBank(VPDQ)
    for name, print_ in prints:
        add(bank, name, print_)
    return bank


def known_in(bank: HashBank, *, now: int = NOW) -> KnownVideos:
    return KnownVideos("known", bank, matches=("true_positive",), now=now)
