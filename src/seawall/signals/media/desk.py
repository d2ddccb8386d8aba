"""One look at each file, whoever asks: signals that read the same file share what was seen of it."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

from seawall.core.media import Refusal
from seawall.signals.media.model import Look, Seen

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from seawall.core.types import Media
    from seawall.ingest.media import Fetcher
    from seawall.signals.media.decoder import Decoder
    from seawall.signals.media.model import Limits

T = TypeVar("T")

KEPT_BYTES = 256_000_000
"""Of frames and sound that are kept for the next signal of the same event."""

_KEPT_S = 120.0
_MOST_RESULTS = 4_096


class Desk:
    """What one project may look at. Any thread may ask it; a file that two ask for is looked at once.

    An address without a digest is believed to lead to the same file for two minutes.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        decoder: Decoder,
        *,
        limits: Limits,
        look: Look = Look.EVERY_FRAME,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetcher = fetcher
        self._decoder = decoder
        self._limits = limits
        self._look = look
        self._timer = timer
        self._sound = False
        self._small_per_s = 0.0
        self._files = _Kept(KEPT_BYTES)
        self._results = _Kept(_MOST_RESULTS)
        self._locks: dict[Hashable, tuple[Lock, int]] = {}
        self._lock = Lock()

    def listen(self) -> None:
        """From now on sound is wanted too: some signal hears it."""
        self._sound = True

    def compare(self, per_s: float) -> None:
        """From now on so many small frames a second are wanted too: some signal compares videos."""
        self._small_per_s = max(self._small_per_s, per_s)

    def seen(self, media: Media) -> Seen | Refusal:
        """What is seen of a file, or why not."""
        key = (media.uri, media.sha256, self._sound, self._small_per_s)
        return self._once(self._files, key, lambda: self._see(media), _weight)

    def result(self, seen: Seen, by: Hashable, compute: Callable[[Seen], T]) -> T:
        """What one model makes of a file, computed once.

        Args:
            seen: the file.
            by: the model and what it was asked, all that the result depends on.
            compute: asks the model.
        """
        return self._once(self._results, (by, seen.sha256), lambda: compute(seen), lambda _: 1)

    def _see(self, media: Media) -> Seen | Refusal:
        fetched = self._fetcher.fetch(media)
        if isinstance(fetched, Refusal):
            return fetched
        return self._decoder.look(
            fetched,
            limits=self._limits,
            look=self._look,
            sound=self._sound,
            small_per_s=self._small_per_s,
        )

    def _once(self, kept: _Kept, key: Hashable, make: Callable[[], T], weigh: Callable[[T], int]) -> T:
        with self._lock:
            if (found := kept.get(key, self._timer())) is not None:
                return cast("T", found)
            lock, waiting = self._locks.get(key, (Lock(), 0))
            self._locks[key] = (lock, waiting + 1)
        try:
            with lock:
                with self._lock:
                    if (found := kept.get(key, self._timer())) is not None:
                        return cast("T", found)
                made = make()
                with self._lock:
                    kept.put(key, made, weigh(made), self._timer())
                return made
        finally:
            with self._lock:
                lock, waiting = self._locks[key]
                if waiting == 1:
                    del self._locks[key]
                else:
                    self._locks[key] = (lock, waiting - 1)


def _weight(seen: Seen | Refusal) -> int:
    if isinstance(seen, Refusal):
        return 1_000
    sound = 0 if seen.sound is None else seen.sound.nbytes
    small = 0 if seen.small is None else seen.small.frames.nbytes
    return 1_000 + sound + small + sum(frame.pixels.nbytes for frame in seen.frames)


class _Kept:
    """The newest values up to a weight, each for a while. The caller locks."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._values: OrderedDict[Hashable, tuple[Any, int, float]] = OrderedDict()

    def get(self, key: Hashable, now: float) -> object:
        found = self._values.get(key)
        if found is None or now - found[2] > _KEPT_S:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: object, weight: int, now: float) -> None:
        self._drop(key)
        self._values[key] = (value, weight, now)
        self._held += weight
        while self._held > self._most and len(self._values) > 1:
            self._drop(next(iter(self._values)))

    def _drop(self, key: Hashable) -> None:
        if (gone := self._values.pop(key, None)) is not None:
            self._held -= gone[1]
