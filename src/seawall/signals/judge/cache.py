"""Judgements kept in memory: the same text under the same prompt and model is asked about once."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seawall.signals.judge.model import Judgement

Key = tuple[str, str, bytes]
"""Prompt digest, model, digest of the content."""


class Cache:
    """The newest judgements, at most `limit`; threads may share it. What was not answered is not kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Key, Judgement] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> Judgement | None:
        """The judgement, if it is kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Key, judgement: Judgement) -> None:
        """Keep one; the one that was asked for least lately goes."""
        with self._lock:
            self._kept[key] = judgement
            self._kept.move_to_end(key)
            while len(self._kept) > self._limit:
                self._kept.popitem(last=False)
