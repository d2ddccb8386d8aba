"""Which project decided: a hash of all that can change an outcome, or what a person is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import msgspec

from seawall.policy.normal import fingerprint, normal_condition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.policy.model import Policy, Project, Strategy, StrategyOverlay

ENGINE_SEMANTICS = "1"
"""Raised whenever the same project, event and inputs could be decided differently by the code."""

DUCKDB_VERSION: str = duckdb.__version__
"""The version whose conditions are the standard."""

_SILENT = frozenset({"span", "when_span", "except_span", "describes", "owner", "title"})
"""What neither decides nor is shown to the person decided about."""


def project_version(project: Project) -> str:
    """SHA-256 in hexadecimal over what decides.

    Part of it are markets, groups, time zones, ladders, event types, banks, signals, features, clauses with
    their text, strategies with their promises, queues, the random lane, latency budgets, what shadow
    strategies may spend, where media may be read from and what endpoints answer with. Not part of it
    are tests, owners, descriptions, policies' own prose, where data lies, and layout, comments and the order
    of keys.
    """
    return fingerprint(
        {
            "engine": ENGINE_SEMANTICS,
            "duckdb": DUCKDB_VERSION,
            "markets": project.markets,
            "groups": project.groups,
            "time_zones": project.market_tz,
            "ladders": project.ladders.axes,
            "events": _all(project.events),
            "banks": {name: bank.version for name, bank in project.banks.items()},
            "signals": _all(project.signals),
            "features": {name: feature.fingerprint for name, feature in project.features.items()},
            "policies": {name: _policy(policy) for name, policy in project.policies.items()},
            "strategies": {name: _strategy(strategy) for name, strategy in project.strategies.items()},
            "queues": _all(project.queues),
            "latency": project.latency_us,
            "shadow": project.shadow,
            **({"definitions": _definitions(project)} if project.definitions else {}),
            **({"hash_banks": _hash_banks(project)} if project.hash_banks else {}),
            **({"media": project.media} if project.media else {}),
            **({"endpoints": _all(project.endpoints)} if project.endpoints else {}),
            "random_lane": _deciding(project.random_lane) if project.random_lane else None,
        }
    )


def _definitions(project: Project) -> dict[str, Any]:
    return {name: normal_condition(each.when) for name, each in project.definitions.items()}


def _hash_banks(project: Project) -> dict[str, Any]:
    """Their entries are told apart by control records, and whom they are shared with decides nothing here."""
    banks = project.hash_banks.items()
    return {name: (each.hash, each.within, sorted(each.matches), each.clause) for name, each in banks}


def _all(definitions: Mapping[str, msgspec.Struct]) -> dict[str, Any]:
    return {name: _deciding(definition) for name, definition in definitions.items()}


def _deciding(definition: msgspec.Struct) -> dict[str, Any]:
    fields = msgspec.structs.asdict(definition)
    said = {name: value for name, value in fields.items() if name not in _SILENT}
    if "allow" in said:
        allowed = [{**_deciding(each), "when": normal_condition(each.when)} for each in said.pop("allow")]
        return {**said, **({"allow": allowed} if allowed else {})}
    return said


def _strategy(strategy: Strategy) -> dict[str, Any]:
    said = {**_deciding(strategy), "on": sorted(strategy.on), "when": normal_condition(strategy.when)}
    if strategy.except_when is None:
        del said["except_when"]
    else:
        said["except_when"] = normal_condition(strategy.except_when)
    del said["overlays"], said["reached"]
    if strategy.rollout is None:
        del said["rollout"]
    overlays = [_overlay(each) for each in strategy.overlays]
    return {**said, "overlays": overlays} if overlays else said


def _overlay(overlay: StrategyOverlay) -> dict[str, Any]:
    said = _deciding(overlay)
    for name in ("when", "except_when"):
        if said[name] is not None:
            said[name] = normal_condition(said[name])
    return said


def _policy(policy: Policy) -> dict[str, Any]:
    def spoken(clause: msgspec.Struct) -> dict[str, Any]:
        said = {name: value for name, value in msgspec.structs.asdict(clause).items() if name != "span"}
        return {**said, "text": " ".join(said["text"].split())}

    return {
        "markets": policy.markets,
        "clauses": {id_: spoken(clause) for id_, clause in policy.clauses.items()},
        "overlays": {
            market: {id_: spoken(clause) for id_, clause in clauses.items()}
            for market, clauses in policy.overlays.items()
        },
    }
