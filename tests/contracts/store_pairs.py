"""Small events with the decisions on them, and stores to put them into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seawall.core.action import Action, Ground, Review
from seawall.core.clock import FixedClock
from seawall.core.decision import Decision, Reading, decision_id
from seawall.core.event import Event
from seawall.store import Limits, Store

if TYPE_CHECKING:
    from pathlib import Path

T0 = 1_790_000_000_000_000
SPAM = Ground("spam.burst", "spam/links#c1", "low", "terms")


def pair(n: int, *, version: str = "v1", **more: Any) -> tuple[Event, Decision]:
    """The n-th comment and what was decided on it: every third is removed, every fifth reviewed."""
    event = Event(
        id=f"e{n}",
        type="comment" if n % 2 else "video",
        ts=T0 + n * 1_000_000,
        fields={"text": f"comment {n} of café", "n": n, "score": n / 7, "tags": ("a", "b"), "none": None},
        market=("SG", "ID", None)[n % 3],
        source="app",
        digest=f"{n:064x}",
    )
    removed = n % 3 == 0
    decision = Decision(
        decision_id=decision_id("app", event.id, version),
        event_id=event.id,
        type=event.type,
        ts=event.ts,
        market=event.market,
        source="app",
        subject=f"c{n}",
        actor=f"u{n % 4}",
        action="remove" if removed else "allow",
        actions=(Action("visibility", "remove", "subject", grounds=(SPAM,)),) if removed else (),
        review=(Review("spam"),) if n % 5 == 0 else (),
        fired=("spam.burst",) if removed else (),
        shadow=("spam.words",) if n % 4 == 0 else (),
        signals={"text_spam": Reading(0.25, cost_us=3.0), "late": Reading(None, "timeout")},
        features={"links_10m": Reading(n)},
        project_version=version,
        digest=event.digest,
        decided_at=event.ts + 5_000,
    )
    changes = {name: value for name, value in more.items() if value is not ...}
    return event, Decision(**{**{f: getattr(decision, f) for f in decision.__struct_fields__}, **changes})


def open_store(path: Path, *, clock: FixedClock | None = None, **more: Any) -> Store:
    limits = more.pop("limits", Limits(min_free_bytes=0))
    return Store.open(path, clock=clock or FixedClock(T0), limits=limits, **more)
