"""Texts of concurrent requests, scored together by one thread behind a bounded queue.

While one batch is scored the next gathers, so nobody waits for company: waiting 2 ms for it was measured
slower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.serve.batches import Batches
from seawall.serve.dropin.allowance import Allowance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from seawall.core.clock import Clock
    from seawall.serve.dropin.model import Ask, Scored
    from seawall.serve.dropin.ports import Scorer


class Texts:
    """Scores what doors hand in. Nothing of it is kept.

    Args:
        scorer: says what signals say.
        clock: for the allowance.
        limit: texts that may wait.
        per_second: texts a second that each key may have scored; 0: as many as it likes.
        failed: told of errors that nobody foresaw.
    """

    def __init__(
        self,
        scorer: Scorer,
        *,
        clock: Clock,
        limit: int,
        per_second: float,
        failed: Callable[[Exception], None],
    ) -> None:
        self._allowance = Allowance(per_second, clock)

        def queue(name: str) -> Batches[Ask, Scored]:
            return Batches(scorer.score, limit=limit, between=lambda: False, failed=failed, name=name)

        self._batches, self._images = queue("seawall-texts"), queue("seawall-images")

    @property
    def waiting(self) -> int:
        """Texts and images in the queues."""
        return self._batches.waiting + self._images.waiting

    def start(self) -> None:
        """Begin to score."""
        self._batches.start()
        self._images.start()

    def stop(self) -> None:
        """Take nothing more, and score what waits."""
        self._batches.stop()
        self._images.stop()

    def submit(self, asks: Sequence[Ask], *, caller: str) -> Future[list[Scored]]:
        """Queue the texts of one request, or its images, which take longer and hold up no text.

        Args:
            asks: all of them texts, or all of them images.
            caller: name of the key, for its allowance.

        Raises:
            Busy: too much waits already, or the key has used up its allowance; nothing was taken.
        """
        self._allowance.take(caller, len(asks))
        images = bool(asks) and asks[0].image
        return (self._images if images else self._batches).submit(asks)
