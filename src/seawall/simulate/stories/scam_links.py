"""Lures to phishing pages in four languages, from young accounts, on domains that change every few hours."""
# ruff: noqa: E501 - tables read better one entry to a line

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.simulate import act
from seawall.simulate.grammar import Grammar, quote
from seawall.simulate.rhythm import MINUTE, campaigns, moments
from seawall.simulate.world import new_id, person, popular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from seawall.simulate.rhythm import Period
    from seawall.simulate.world import World

CLAUSE = "fraud/scams#c2"
SLOTS = {
    "prize_en": ("phone", "voucher", "gift card"), "prize_ms": ("telefon", "baucar", "hadiah"),
    "prize_id": ("ponsel", "voucher", "hadiah"), "prize_zh": ("手机", "礼券", "奖品"),
}  # fmt: skip
LURES = MappingProxyType(
    {
        "en": Grammar(
            (
                "your account is selected for a free {prize_en}, verify your account at the link",
                "claim your prize now, limited time, {prize_en} waiting",
                "security notice: verify your account within 24 hours or lose it",
                "final reminder, claim your {prize_en} before midnight",  # worded past the list on purpose
            ),
            SLOTS,
        ),
        "ms": Grammar(
            ("tahniah anda terpilih, tuntut {prize_ms} anda di pautan ini", "sahkan akaun anda sekarang untuk terima {prize_ms}"), SLOTS
        ),
        "id": Grammar(
            ("selamat anda terpilih, klaim {prize_id} anda di tautan ini", "verifikasi akun anda sekarang, {prize_id} gratis menunggu"), SLOTS
        ),
        "zh": Grammar(("恭喜您中奖，点击链接领取{prize_zh}", "账号异常，请立即验证账号，否则停用"), SLOTS),
    }
)  # fmt: skip
DOMAINS = ("prize-desk.example", "verify-center.example", "claim-now.example", "gift-office.example")
MARKETS = (
    ("SG", "en"),
    ("SG", "zh"),
    ("MY", "ms"),
    ("MY", "zh"),
    ("ID", "id"),
    ("ID", "id"),
    ("PH", "en"),
    ("US", "en"),
)


def scam_links(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """Campaigns on one domain, half of them on a domain that no list has yet."""
    running = campaigns(
        moments(max(1, count // 15), period, rng),
        count=count,
        size=(10, 30),
        length=60 * MINUTE,
        cast=lambda: (new_id("phish-", rng), *rng.choice(MARKETS), _domain(rng)),
        period=period,
        rng=rng,
    )
    for ts, (adversary, market, language, domain) in running:
        by = person(
            rng, market, language=language, days=int(rng.random() * 20), followers=int(rng.random() * 30)
        )
        item = popular(world.items[market], rng)
        text = quote(LURES[language].say(rng))
        body = act.comment(by, text, rng, item, link=quote(domain))
        yield act.Act(ts, "comment", body, act.truth("scam_links", clause=CLAUSE, adversary=adversary))


def _domain(rng: Random) -> str:
    if rng.random() < 0.5:
        return rng.choice(DOMAINS)
    return f"{rng.choice(('win', 'prize', 'secure', 'gift'))}-{rng.getrandbits(20):05x}.example"
