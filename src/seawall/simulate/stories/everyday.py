"""Honest people of every market: comments, videos, LIVE rooms, new accounts and good-faith reports."""
# ruff: noqa: E501 - tables read better one entry to a line

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING, NamedTuple

from seawall.simulate import act
from seawall.simulate.markets import MARKETS
from seawall.simulate.rhythm import MINUTE, moments
from seawall.simulate.world import any_of, new_id, popular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import Person, World

TRUTH = act.truth("everyday")
REASONS = ("spam", "harassment", "misleading", "other")
HOST_AGE = 18


class Room(NamedTuple):
    """A LIVE room that is on air."""

    id: str
    host: Person
    title: str
    opened: int
    viewers: int


class Everyday:
    """What honest people do next, at a moment, in a market."""

    def __init__(self, world: World, period: Period, rng: Random) -> None:
        self.world = world
        self.rng = rng
        self.draw = rng.random
        self.here = {code: (people, world.items[code]) for code, people in world.people.items()}
        self.said = {language: voices.comment for language, voices in world.voices.items()}
        self.rooms = {code: [self._open(code, period.start) for _ in range(4)] for code in world.people}

    def comment(self, _ts: int, market: str) -> str:
        """Someone comments on something popular."""
        draw = self.draw
        people, items = self.here[market]
        by = people[int(draw() * len(people))]
        said = self.said[by.language]
        return act.comment(by, said[int(draw() * len(said))], self.rng, items[int(draw() ** 3 * len(items))])

    def video(self, _ts: int, market: str) -> str:
        """Someone uploads; now and then with a disclosed partnership, or with skin that is nobody's business."""
        rng = self.rng
        by = any_of(self.world.people[market], rng)
        voice = self.world.voices[by.language]
        sponsored = rng.random() < 0.02
        return act.video(
            by,
            voice.caption[int(rng.random() * len(voice.caption))],
            rng,
            transcript=voice.speech[int(rng.random() * len(voice.speech))] if rng.random() < 0.6 else "null",
            hashtags='["fyp","weekend"]' if rng.random() < 0.3 else "[]",
            link="shop.gardenstool.example" if sponsored else None,
            paid_partnership=sponsored,
            adult_score=rng.random() ** 20
            * 0.95,  # a beach, a statue: once in a while the model is sure and wrong
        )

    def live_segment(self, ts: int, market: str) -> str:
        """Ten more seconds of an open room; some hosts are passengers, some sit in a parked car."""
        rng, rooms = self.rng, self.rooms[market]
        index = int(rng.random() * len(rooms))
        if rng.random() < 0.02:
            rooms[index] = self._open(market, ts)
        room = rooms[index]
        said = self.world.voices[room.host.language].speech
        speed, wheel = None, None
        if rng.random() < 0.015:
            speed, wheel = (rng.uniform(20, 90), False) if rng.random() < 0.5 else (rng.random() * 2, True)
        return act.live_segment(
            room.host,
            said[int(rng.random() * len(said))],
            rng,
            room=room.id,
            title=room.title,
            room_minute=max(0, (ts - room.opened) // MINUTE),
            viewers=room.viewers,
            gift_value_usd=rng.expovariate(0.5) if rng.random() < 0.2 else 0.0,
            speed_kmh=speed,
            driver_view=wheel,
            adult_score=rng.random() ** 6 * 0.7,
        )

    def account(self, _ts: int, market: str) -> str:
        """Someone joins, or writes a new bio."""
        rng = self.rng
        by = any_of(self.world.people[market], rng)
        bio = self.world.voices[by.language].bio
        return act.account(
            by,
            bio[int(rng.random() * len(bio))],
            change="profile",
            username=f"{by.language}_{by.id[-6:]}",
            followees=int(rng.random() * 400),
            email="mail.example",
        )

    def report(self, _ts: int, market: str) -> str:
        """Someone flags something in good faith, rightly or not."""
        rng = self.rng
        item = popular(self.world.items[market], rng)
        return act.report(
            any_of(self.world.people[market], rng),
            rng,
            reported=item.id,
            target=item.creator,
            reason=REASONS[int(rng.random() * len(REASONS))],
            accuracy=0.3 + rng.random() * 0.6,
        )

    def _open(self, market: str, ts: int) -> Room:
        rng = self.rng
        host = any_of(self.world.people[market], rng)
        while host.age < HOST_AGE:
            host = any_of(self.world.people[market], rng)
        titles = self.world.voices[host.language].title
        return Room(new_id("l", rng), host, any_of_text(titles, rng), ts, int(rng.paretovariate(1.1) * 10))


def any_of_text(texts: tuple[str, ...], rng: Random) -> str:
    """One of them."""
    return texts[int(rng.random() * len(texts))]


def everyday(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """`count` honest events, most of them comments, busiest where it is evening."""
    people = Everyday(world, period, rng)
    makers: tuple[tuple[str, Callable[[int, str], str]], ...] = (
        ("comment", people.comment),
        ("live_segment", people.live_segment),
        ("video", people.video),
        ("account", people.account),
        ("report", people.report),
    )
    upto = (0.66, 0.83, 0.94, 0.98)
    codes = [market.code for market in MARKETS for _ in range(round(market.share * 100))]
    draw, width = rng.random, len(codes)
    for ts in moments(count, period, rng):
        type_, make = makers[bisect(upto, draw())]
        yield act.Act(ts, type_, make(ts, codes[int(draw() * width)]), TRUTH)
