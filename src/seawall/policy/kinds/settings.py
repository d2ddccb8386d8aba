"""seawall.yml: the project's name, markets, locales and retention."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Annotated
from zoneinfo import available_timezones

from seawall.core.action import Ladders
from seawall.policy.kinds.allow import ALLOW_EVERYWHERE, ALLOW_NAME, AllowEverywhere
from seawall.policy.kinds.lane import LANE, LaneFile
from seawall.policy.kinds.media import MEDIA, MediaFile
from seawall.policy.kinds.names import (
    LOCALES,
    MARKET,
    MARKET_OR_GROUP,
    MARKETS,
    NAME,
    NAMES,
    values,
)
from seawall.policy.kinds.shadow import SHADOW, ShadowFile
from seawall.policy.near import did_you_mean
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Duration, Entry, MapOf, Text

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics

DAY_US = 86_400_000_000
_FOLDER = Text(
    "a folder inside the project", r"(?!/)(?!.*(^|/)\.\.(/|$)).+", "a path relative to seawall.yml"
)


class SettingsFile(Lines, frozen=True, kw_only=True):
    """seawall.yml as written."""

    name: Annotated[
        At[str],
        Key(Text("a project's name", r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}"), "What the project is called."),
    ]
    describes: Annotated[At[str] | None, Key(Text(), "What platform it is for.")] = None
    markets: Annotated[
        tuple[At[str], ...], Key(MARKETS, "The markets the platform serves, ISO 3166 alpha-2.")
    ]
    groups: Annotated[
        tuple[Entry[tuple[At[str], ...]], ...],
        Key(MapOf(MARKET_OR_GROUP, MARKETS, "a map from group to markets"), "Names for sets of markets."),
    ] = ()
    locales: Annotated[tuple[At[str], ...], Key(LOCALES, "What notices are written in, BCP 47.")] = ()
    time_zones: Annotated[
        tuple[Entry[At[str]], ...],
        Key(
            MapOf(MARKET, Text("a time zone"), "a map from market to time zone"),
            "The IANA time zone of a market, used where an event brings none.",
        ),
    ] = ()
    allow: Annotated[
        tuple[Entry[AllowEverywhere], ...],
        Key(
            MapOf(ALLOW_NAME, ALLOW_EVERYWHERE, "a map from name to what lets events off"),
            "What lets events of every type off, or of those named, before strategies can fire.",
        ),
    ] = ()
    retention: Annotated[
        At[float] | None,
        Key(Duration("a duration of whole days", DAY_US), "How long payloads are kept; default 365 days."),
    ] = None
    data: Annotated[
        At[str] | None,
        Key(_FOLDER, "Where journal, ledger and lake live, inside the project; default `.seawall`."),
    ] = None
    actions: Annotated[
        tuple[Entry[tuple[At[str], ...]], ...],
        Key(
            MapOf(NAME, NAMES, "a map from axis to actions"),
            "Actions appended at the strong end of a standard ladder, or a new axis.",
        ),
    ] = ()
    latency: Annotated[
        tuple[Entry[At[float]], ...],
        Key(
            MapOf(NAME, Duration("a latency", 1_000, 3_600_000_000), "a map from surface to latency"),
            "How long a decision may wait for signals, by surface; what is not there by then comes in a later"
            " round. Default: as long as it takes.",
        ),
    ] = ()
    shadow: Annotated[
        ShadowFile | None, Key(SHADOW, "What may be spent to see what shadow strategies would have done.")
    ] = None
    media: Annotated[
        MediaFile | None, Key(MEDIA, "Where images and video may be read from, and how much of them.")
    ] = None
    random_lane: Annotated[
        LaneFile | None,
        Key(LANE, "What people look at again, blind, so that precision and leakage can be measured."),
    ] = None


SETTINGS = Record(SettingsFile, "seawall.yml")


def iso_markets() -> frozenset[str]:
    """Every ISO 3166 alpha-2 code, from the time zone database's own table."""
    table = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8")
    return frozenset(line[:2] for line in table.splitlines() if line[:1].isupper())


def check_settings(settings: SettingsFile, found: Diagnostics) -> None:
    """Markets, groups, time zones and actions that agree with the world and each other."""
    _check_markets(settings, found)
    _check_time_zones(settings, found)
    _check_actions(settings, found)
    if settings.retention and settings.retention.value % DAY_US:
        found.error(
            "bad-value", settings.retention.span, "retention is counted in whole days", hint="as in 365 days"
        )


def _check_markets(settings: SettingsFile, found: Diagnostics) -> None:
    known = iso_markets()
    markets = set(values(settings.markets))
    for market in settings.markets:
        if market.value not in known:
            hint = (
                "the United Kingdom is GB" if market.value == "UK" else "ISO 3166 alpha-2 codes: SG, ID, GB"
            )
            found.error("unknown-market", market.span, f"{market.value} is no country", hint=hint)
    for group in settings.groups:
        if group.key.value in known:
            found.error(
                "name-clash",
                group.key.span,
                f"{group.key.value} is a country, so no group can be called that",
            )
        for market in group.value:
            if market.value not in markets:
                hint = did_you_mean(market.value, markets, what="markets")
                found.error(
                    "unknown-market", market.span, f"{market.value} is no market of this project", hint=hint
                )


def _check_time_zones(settings: SettingsFile, found: Diagnostics) -> None:
    zones = available_timezones()
    markets = values(settings.markets)
    for entry in settings.time_zones:
        if entry.key.value not in markets:
            hint = did_you_mean(entry.key.value, markets, what="markets")
            found.error(
                "unknown-market", entry.key.span, f"{entry.key.value} is no market of this project", hint=hint
            )
        if entry.value.value not in zones:
            zone = entry.value.value
            hint = did_you_mean(zone, zones, what="IANA names, such as Asia/Singapore")
            found.error("bad-value", entry.value.span, f"{zone!r} is no IANA time zone", hint=hint)


def _check_actions(settings: SettingsFile, found: Diagnostics) -> None:
    standard = Ladders.extended()
    seen: set[str] = set()
    for entry in settings.actions:
        for action in entry.value:
            if standard.axis_of(action.value) or action.value in seen or action.value == "review":
                found.error("name-clash", action.span, f"the action {action.value!r} is on a ladder already")
            seen.add(action.value)


def ladders_of(settings: SettingsFile) -> Ladders:
    """The standard ladders with the project's own actions at their ends."""
    return Ladders.extended({entry.key.value: values(entry.value) for entry in settings.actions})
