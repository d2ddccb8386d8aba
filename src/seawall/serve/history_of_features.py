"""What the journal has for features to count: events once each, and what people concluded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.features import facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seawall.core.event import Event
    from seawall.features import FeatureState
    from seawall.store import Recorded, Store


def reaches(store: Store, since: int) -> bool:
    """Whether the journal begins with what happened at `since` or before: then it has all that came after."""
    first = next(iter(store.recorded_since({})), None)
    return first is not None and first.decision.ts <= since


def events_once(stream: Iterable[Recorded]) -> Iterable[Event]:
    """The event of each first decision: whatever was decided again, and why, was counted already."""
    return (
        recorded.event
        for recorded in stream
        if recorded.event is not None
        and recorded.decision.supersedes is None
        and not recorded.decision.because
    )


def tell(
    state: FeatureState,
    store: Store,
    *,
    since: Mapping[str, int] | None = None,
    upto: Mapping[str, int] | None = None,
) -> None:
    """Let features know all that people concluded, as the journal has it; it is complete from its beginning.

    Args:
        state: that of the features.
        store: whose journal is read.
        since: offsets by writer up to which it knows that already; None: it knows nothing.
        upto: offsets before which; None: all that is durable.
    """
    learn(state, store, since=None if state.untold else since, upto=upto)
    state.all_told()


def learn(
    state: FeatureState,
    store: Store,
    *,
    since: Mapping[str, int] | None = None,
    upto: Mapping[str, int] | None = None,
) -> None:
    """Let features know some of it, between these offsets."""
    if state.listens:
        found = store.findings(since, upto)
        state.learn(fact for _, finding in found for fact in facts_of(finding))
