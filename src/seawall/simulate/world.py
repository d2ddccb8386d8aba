"""Who lives on the simulated platform: people of every market, and what they have posted before."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from seawall.simulate.grammar import quote
from seawall.simulate.markets import BY_CODE, MARKETS
from seawall.simulate.phrases import LANGUAGES, Voices

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from seawall.simulate.markets import Market

FEWEST_PEOPLE, MOST_PEOPLE, EVENTS_PER_PERSON = 1_500, 60_000, 6


class Person(NamedTuple):
    """An account and the JSON members that every event of it begins with."""

    id: str
    market: str
    language: str
    age: int
    followers: int
    who: str


class Item(NamedTuple):
    """Something posted before the period began, that people comment on and report."""

    id: str
    creator: Person
    under: str  # what every comment under it says: whom it is aimed at (closing `parties`), and the ids


class World(NamedTuple):
    """The platform as the period begins. Nothing in it changes; a story keeps what it does to itself."""

    people: Mapping[str, tuple[Person, ...]]  # by market
    items: Mapping[str, tuple[Item, ...]]  # by market, the popular ones first
    voices: Mapping[str, Voices]  # by language


def populate(rng: Random, *, events: int) -> World:
    """A world of a size that fits the number of events: more of them means more people, up to 60,000."""
    size = min(max(events // EVENTS_PER_PERSON, FEWEST_PEOPLE), MOST_PEOPLE)
    people = {market.code: _people(market, rng, max(8, round(size * market.share))) for market in MARKETS}
    items = {
        code: tuple(_item(here[int(len(here) * rng.random() ** 2)], rng) for _ in here)
        for code, here in people.items()
    }
    voices = {language: Voices.of(phrases, rng, size=400) for language, phrases in LANGUAGES.items()}
    return World(MappingProxyType(people), MappingProxyType(items), MappingProxyType(voices))


def new_id(kind: str, rng: Random) -> str:
    """An opaque id that says nothing of who made it."""
    return kind + hex(rng.getrandbits(48))[2:]  # noqa: FURB116 (a third of the time of a format specification)


def device(rng: Random) -> str:
    """A device hash: sixteen hexadecimal digits."""
    return f"{rng.getrandbits(64):016x}"


def person(
    rng: Random,
    market: str,
    *,
    language: str | None = None,
    age: int | None = None,
    days: int | None = None,
    followers: int | None = None,
    on_device: str | None = None,
) -> Person:
    """One account of a market; what is not given is drawn as it is among honest people."""
    if language is None:
        language = _spoken(BY_CODE[market], rng.random())
    if age is None:
        age = min(85, 16 + int(rng.expovariate(1 / 11)))
    if days is None:
        days = int(2600 * rng.random() ** 1.8)
    if followers is None:
        followers = int(rng.paretovariate(0.9) * 8)
    account = new_id("u", rng)
    used = on_device or device(rng)
    who = (
        f'"market":"{market}","locale":"{language}-{market}","language":"{language}",'
        f'"actor_id":"{account}","actor_age":{age},"account_age_days":{days},"followers":{followers},'
        f'"device_hash":"{used}"'
    )
    return Person(account, market, language, age, followers, who)


def any_of(people: tuple[Person, ...], rng: Random) -> Person:
    """One of them."""
    return people[int(rng.random() * len(people))]


def popular(items: tuple[Item, ...], rng: Random) -> Item:
    """One item, the first being much more likely than the last."""
    return items[int(rng.random() ** 3 * len(items))]


def optional(text: str | None) -> str:
    """A JSON string, or null."""
    return "null" if text is None else quote(text)


def _item(creator: Person, rng: Random) -> Item:
    name = new_id("v", rng)
    under = f',"target":"{creator.id}"}},"parent_id":"{name}","target_id":"{creator.id}"'
    return Item(name, creator, under)


def _spoken(market: Market, drawn: float) -> str:
    for language, share in market.languages:
        drawn -= share
        if drawn < 0:
            return language
    return market.languages[0][0]


def _people(market: Market, rng: Random, size: int) -> tuple[Person, ...]:
    return tuple(person(rng, market.code) for _ in range(size))
