"""From declarations to the project as data: groups flattened, defaults filled in, sorted by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import msgspec

from seawall.core.action import Ladders
from seawall.policy.kinds.allow import build_allow, is_for
from seawall.policy.kinds.case import build_case
from seawall.policy.kinds.definition import build_definition
from seawall.policy.kinds.endpoint import build_endpoint
from seawall.policy.kinds.event import build_event
from seawall.policy.kinds.feature import build_feature
from seawall.policy.kinds.hash_bank import build_hash_bank
from seawall.policy.kinds.lane import build_lane
from seawall.policy.kinds.markets import Markets
from seawall.policy.kinds.media import build_media
from seawall.policy.kinds.names import text_or, values
from seawall.policy.kinds.policy import OverlayFile, Written, build_policy
from seawall.policy.kinds.queue import build_queue
from seawall.policy.kinds.settings import DAY_US, ladders_of
from seawall.policy.kinds.shadow import build_shadow
from seawall.policy.kinds.signal import build_signal, with_sources
from seawall.policy.kinds.strategy import build_strategy
from seawall.policy.model import EventType, FeatureSpec, Policy, Project
from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft

T = TypeVar("T")

DEFAULT_RETENTION_DAYS = 365
DEFAULT_DATA = ".seawall"


def build_project(draft: Draft, *, root: str, files: dict[str, str], found: Diagnostics) -> Project:
    """The project as far as its files read, without a version; to be used only if nothing is an error."""
    settings = draft.settings
    markets = Markets.of(settings)
    ladders = (
        ladders_of(settings) if settings and (settings.actions or "actions" not in settings.keys) else None
    )
    events = _sorted(
        {
            name: _let_off(build_event(file, draft.sources[file.span.file], found), draft)
            for name, file in draft.events.items()
        }
    )
    return Project(
        root=root,
        name=settings.name.value if settings else "",
        markets=markets.markets or (),
        groups=markets.groups,
        locales=values(settings.locales) if settings else (),
        market_tz=_sorted(
            {zone.key.value: zone.value.value for zone in settings.time_zones} if settings else {}
        ),
        retention_days=_days(settings.retention.value)
        if settings and settings.retention
        else DEFAULT_RETENTION_DAYS,
        data=text_or(settings.data if settings else None, DEFAULT_DATA),
        ladders=ladders or Ladders.extended(),
        events=events,
        banks=_sorted(draft.banks),
        definitions=_sorted(
            {
                name: build_definition(entry, draft.sources[entry.key.span.file])
                for name, entry in draft.definitions.items()
            }
        ),
        hash_banks=_sorted({name: build_hash_bank(file, found) for name, file in draft.hash_banks.items()}),
        signals=_sorted(
            with_sources({name: build_signal(entry, found) for name, entry in draft.signals.items()})
        ),
        features=_features(draft, events, found),
        policies=_policies(draft, markets, found),
        strategies=_sorted(
            {
                name: build_strategy(file, draft.sources[file.span.file], markets, ladders, found)
                for name, file in draft.strategies.items()
            }
        ),
        queues=_sorted({name: build_queue(file) for name, file in draft.queues.items()}),
        latency_us={each.key.value: round(each.value.value) for each in settings.latency} if settings else {},
        shadow=build_shadow(settings.shadow if settings else None),
        media=build_media(settings.media if settings else None),
        endpoints=_sorted({name: build_endpoint(file) for name, file in draft.endpoints.items()}),
        random_lane=build_lane(settings.random_lane) if settings and settings.random_lane else None,
        cases=tuple(build_case(case, defaults, found) for case, defaults in draft.cases),
        version="",
        files=files,
    )


def _days(micros: float) -> int:
    return round(micros / DAY_US)


def _sorted(named: dict[str, T]) -> dict[str, T]:
    return dict(sorted(named.items()))


def _let_off(event: EventType, draft: Draft) -> EventType:
    """With what seawall.yml lets off, behind its own."""
    settings = draft.settings
    entries = [each for each in settings.allow if is_for(each, event.name)] if settings else []
    more = tuple(build_allow(each, draft.sources[each.key.span.file]) for each in entries)
    return msgspec.structs.replace(event, allow=event.allow + more) if more else event


def _features(draft: Draft, events: dict[str, EventType], found: Diagnostics) -> dict[str, FeatureSpec]:
    built = {name: build_feature(entry, events, found) for name, entry in draft.features.items()}
    fit = {name: feature for name, feature in built.items() if feature is not None}
    draft.broken.setdefault("features", set()).update(built.keys() - fit.keys())
    return _sorted(fit)


def _policies(draft: Draft, markets: Markets, found: Diagnostics) -> dict[str, Policy]:
    overlays: dict[str, list[Written]] = {}
    for overlay in draft.overlays:
        assert isinstance(overlay.front, OverlayFile)
        base = overlay.front.overlay
        if draft.may_have("policies", base.value):
            overlays.setdefault(base.value, []).append(overlay)
        else:
            hint = did_you_mean(base.value, draft.policies, what="policies")
            found.error(
                "unknown-policy", base.span, f"there is no policy {base.value!r} to overlay", hint=hint
            )
    return _sorted(
        {
            name: build_policy(written, tuple(overlays.get(name, ())), markets, found)
            for name, written in draft.policies.items()
        }
    )
