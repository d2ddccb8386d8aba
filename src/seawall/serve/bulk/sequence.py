"""What depends on the order of the stream: repeats, features, the journal. One thread may call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seawall.features import fastest
from seawall.ingest.take_lines import MANY

if TYPE_CHECKING:
    from seawall.core.decision import Decision
    from seawall.features import Answers, FeatureState, Requests
    from seawall.serve.bulk.model import Asked, Judged, Named
    from seawall.store import Store


class Sequencer:
    """Keeps the order: pieces are looked at, counted and recorded one after the other."""

    def __init__(self, store: Store, features: FeatureState, *, many: int = MANY) -> None:
        """Sequence pieces.

        Args:
            store: where they are recorded.
            features: their state.
            many: events after which it pays to load the compiler for the features.
        """
        self._store = store
        self.features = features
        self._until_compiled = many

    def decided(self, asked: Asked) -> set[int]:
        """Which of the events were decided before, by place."""
        store = self._store
        maybe = np.flatnonzero(store.seen(asked.keys)).tolist()
        sources = asked.sources
        return {
            place
            for place in maybe
            if store.lookup(None if sources is None else sources[place], asked.ids[place]) is not None
        }

    def decision(self, named: Named) -> Decision:
        """The decision that an event got when it came first; it is durable."""
        found = self._store.lookup(named.source, named.id)
        assert found is not None, named.id
        return found

    def count(self, requests: Requests) -> Answers:
        """Count the events of the next piece, and read their features."""
        if self._until_compiled > 0 and requests.by_feature:
            self._until_compiled -= len(requests.ts)
            if self._until_compiled <= 0:
                self.features.use(fastest())
        return self.features.answer(requests)

    def record(self, judged: Judged) -> None:
        """Make a piece durable.

        Raises:
            StorageError: it could not be; nothing of it may be told.
        """
        if judged.bulk is not None:
            self._store.record_all(judged.bulk)
