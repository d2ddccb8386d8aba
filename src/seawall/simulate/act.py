"""One simulated event on its way into the stream, and how each type of event is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seawall.simulate.grammar import quote
from seawall.simulate.world import new_id, optional

if TYPE_CHECKING:
    from random import Random

    from seawall.simulate.world import Item, Person


class Act(NamedTuple):
    """An event without its id, and the truth about it, as JSON members. Acts sort by time."""

    ts: int
    type: str
    body: str
    truth: str


def truth(story: str, *, clause: str | None = None, adversary: str | None = None) -> str:
    """What is true of an event: the clause it violates, who stands behind it, and the story it belongs to.

    >>> truth("everyday")
    '"clause":null,"adversary":null,"story":"everyday"'
    """
    return f'"clause":{optional(clause)},"adversary":{optional(adversary)},"story":{quote(story)}'


def comment(by: Person, text: str, rng: Random, under: Item, link: str = "null", mentions: int = 0) -> str:
    """A comment under an item, addressed to who made it. Two events of three are one: it does without calls.

    `text` is a JSON string literal, here and below; so is `link`, here.
    """
    return (
        f'{by.who},"parties":{{"commenter":"{by.id}"{under.under},"comment_id":"c{hex(rng.getrandbits(48))[2:]}",'  # noqa: FURB116
        f'"text":{text},"link_domain":{link},"mentions":{mentions}'
    )


def video(
    by: Person,
    text: str,
    rng: Random,
    *,
    transcript: str = "null",
    hashtags: str = "[]",
    views: int = 0,
    link: str | None = None,
    paid_partnership: bool = False,
    known_match: str | None = None,
    adult_score: float = 0.01,
) -> str:
    """A video as it is uploaded."""
    return (
        f'{by.who},"video_id":"{new_id("v", rng)}","text":{text},"transcript":{transcript},'
        f'"hashtags":{hashtags},'
        f'"duration_s":{round(6 + rng.random() * 54, 1)},"views":{views},"link_domain":{optional(link)},'
        f'"paid_partnership":{"true" if paid_partnership else "false"},"known_match":{optional(known_match)},'
        f'"adult_score":{round(adult_score, 3)}'
    )


def live_segment(
    by: Person,
    text: str,
    rng: Random,
    *,
    room: str,
    title: str,
    room_minute: int,
    viewers: int,
    gift_value_usd: float = 0.0,
    guest: Person | None = None,
    speed_kmh: float | None = None,
    driver_view: bool | None = None,
    adult_score: float = 0.01,
) -> str:
    """Ten seconds of a LIVE room."""
    guest_party = f',"guest":"{guest.id}"' if guest else ""
    return (
        f'{by.who},"parties":{{"host":"{by.id}"{guest_party}}},"segment_id":"{new_id("s", rng)}",'
        f'"room_id":"{room}",'
        f'"title":{title},"text":{text},"room_minute":{room_minute},"viewers":{viewers},'
        f'"gift_value_usd":{round(gift_value_usd, 2)},"guests":{1 if guest else 0},'
        f'"youngest_guest_age":{guest.age if guest else "null"},'
        f'"speed_kmh":{"null" if speed_kmh is None else round(speed_kmh, 1)},'
        f'"driver_view":{_flag(driver_view)},"adult_score":{round(adult_score, 3)}'
    )


def account(
    by: Person,
    text: str,
    *,
    change: str,
    username: str,
    followees: int,
    link: str | None = None,
    email: str | None = None,
) -> str:
    """A new account or a changed profile; `text` is the bio."""
    return (
        f'{by.who},"change":"{change}","username":{quote(username)},"text":{text},'
        f'"link_domain":{optional(link)},"email_domain":{optional(email)},"followees":{followees}'
    )


def report(
    by: Person,
    rng: Random,
    *,
    reported: str,
    target: Person,
    reason: str,
    text: str = "null",
    accuracy: float | None = None,
) -> str:
    """A user's flag on something of someone."""
    return (
        f'{by.who},"parties":{{"reporter":"{by.id}","target":"{target.id}"}},'
        f'"report_id":"{new_id("r", rng)}",'
        f'"reported_id":"{reported}","target_id":"{target.id}","reason":"{reason}","text":{text},'
        f'"reporter_accuracy":{"null" if accuracy is None else round(accuracy, 2)},'
        f'"target_followers":{target.followers}'
    )


def _flag(value: bool | None) -> str:  # noqa: FBT001 (the value itself, not an option)
    return "null" if value is None else ("true" if value else "false")
