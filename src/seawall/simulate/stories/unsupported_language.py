"""The honest failure: the same lures in Vietnamese and Thai, which the lexicon cannot score."""
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
LURES = MappingProxyType(
    {
        "vi": Grammar(
            ("chúc mừng bạn đã trúng {prize}, bấm vào liên kết để nhận", "xác minh tài khoản ngay để không bị khóa", "nhận {prize} miễn phí hôm nay, số lượng có hạn"),
            {"prize": ("điện thoại", "thẻ quà", "phiếu mua hàng")},
        ),
        "th": Grammar(
            ("ยินดีด้วย คุณได้รับ{prize} กดลิงก์เพื่อรับ", "ยืนยันบัญชีของคุณทันที ก่อนถูกระงับ", "รับ{prize}ฟรีวันนี้ จำนวนจำกัด"),
            {"prize": ("โทรศัพท์", "บัตรของขวัญ", "คูปอง")},
        ),
    }
)  # fmt: skip
SPOKEN = (("VN", "vi"), ("TH", "th"))


def unsupported_language(world: World, period: Period, count: int, rng: Random) -> Iterator[act.Act]:
    """Patient campaigns: every comment has its own account, device and domain, so that nothing but words links them."""
    running = campaigns(
        moments(max(1, count // 15), period, rng),
        count=count,
        size=(10, 30),
        length=120 * MINUTE,
        cast=lambda: (new_id("phish-", rng), *rng.choice(SPOKEN)),
        period=period,
        rng=rng,
    )
    for ts, (adversary, market, language) in running:
        by = person(
            rng, market, language=language, days=5 + int(rng.random() * 60), followers=int(rng.random() * 60)
        )
        item = popular(world.items[market], rng)
        domain = f"{rng.choice(('qua', 'nhan', 'rap', 'khong'))}-{rng.getrandbits(24):06x}.example"
        text = quote(LURES[language].say(rng))
        body = act.comment(by, text, rng, item, link=quote(domain))
        yield act.Act(
            ts, "comment", body, act.truth("unsupported_language", clause=CLAUSE, adversary=adversary)
        )
