"""People who were acted on, simulated: they read what they are told, and some of them answer."""

from __future__ import annotations

import heapq
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from seawall.simulate.rhythm import MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seawall.serve.demo.door_httpx import Door
    from seawall.serve.demo.platform_http import Told
    from seawall.serve.demo.truths import Truths

ALWAYS = frozenset({"asking_first"})
"""Stories whose people answer whatever is done to them."""
WRONGED, GUILTY = 0.35, 0.02
"""How many of the others answer, by whether they were right to be acted on."""
SOONEST, LATEST = 8 * MINUTE, 150 * MINUTE

INNOCENT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ms": (
            "Saya cuma bertanya sama ada tawaran itu betul. Saya tidak menipu sesiapa. Sila semak semula.",
            "Ini satu kesilapan. Saya tidak menjual apa-apa.",
        ),
        "id": (
            "Saya tidak melakukan ini. Tolong diperiksa lagi oleh orang.",
            "Ini keliru, saya hanya ikut tren.",
        ),
        "zh": ("我只是随大家一起发的，没有卖任何东西。请人工再看一次。",),
        "en": (
            "I only asked whether it is real. I did not cheat anyone. Please look again.",
            "This is a mistake. I shared what everybody shares today and sold nothing.",
            "I am not a spammer, please have a person look at it.",
        ),
    }
)
DENIAL: Mapping[str, str] = MappingProxyType(
    {
        "ms": "Saya tidak bersalah.",
        "id": "Saya tidak bersalah.",
        "zh": "我没有违规。",
        "en": "I did nothing wrong.",
    }
)


class Answer(NamedTuple):
    """What somebody will write, and when."""

    at: int
    path: str
    text: str


class Concerned:
    """Everybody who was told something that they can answer."""

    def __init__(self, truths: Truths, *, seed: int) -> None:
        """Take what is true, and the seed of who answers."""
        self._truths = truths
        self._seed = seed
        self._due: list[Answer] = []

    def read(self, told: Iterable[Told], *, now: int) -> None:
        """They read what they are told, and make up their minds."""
        for _, message in told:
            if message.get("notice") == "action" and message["link"]:
                self._read(message, now)

    def answer(self, door: Door, *, now: int) -> int:
        """Those whose time has come open their link and write; gives how many."""
        count = 0
        while self._due and self._due[0].at <= now:
            due = heapq.heappop(self._due)
            door.answer(due.path, due.text)
            count += 1
        return count

    def _read(self, message: dict[str, object], now: int) -> None:
        subject = message["subject"]
        truth = self._truths.of(
            event_id=None,
            decision_id=str(message["decision_id"]),
            subject=str(subject["id"]) if isinstance(subject, dict) else None,  # pyright: ignore[reportUnknownArgumentType]
        )
        wronged = truth is None or truth.clause is None
        rng = Random(f"{self._seed}/{message['notice_id']}")  # noqa: S311  a simulation
        sure = truth is not None and truth.story in ALWAYS
        if not sure and rng.random() >= (WRONGED if wronged else GUILTY):
            return
        locale = str(message["locale"])
        texts = INNOCENT.get(locale, INNOCENT["en"]) if wronged else (DENIAL.get(locale, DENIAL["en"]),)
        text = texts[0] if sure else rng.choice(texts)
        at = now + int(SOONEST + rng.random() * (LATEST - SOONEST))
        heapq.heappush(self._due, Answer(at, urlsplit(str(message["link"])).path, text))
