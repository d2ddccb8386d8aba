"""The markets of the simulated platform: their share of its use, languages, and hours of the day."""

from __future__ import annotations

from typing import NamedTuple


class Market(NamedTuple):
    """One market: `share` of all use, hours east of UTC, and who speaks what there."""

    code: str
    share: float
    utc_offset_h: int
    languages: tuple[tuple[str, float], ...]


MARKETS = (
    Market("SG", 0.07, 8, (("en", 0.62), ("zh", 0.25), ("ms", 0.13))),
    Market("MY", 0.09, 8, (("ms", 0.58), ("en", 0.24), ("zh", 0.18))),
    Market("ID", 0.18, 7, (("id", 0.93), ("en", 0.07))),
    Market("VN", 0.10, 7, (("vi", 0.95), ("en", 0.05))),
    Market("TH", 0.09, 7, (("th", 0.95), ("en", 0.05))),
    Market("PH", 0.09, 8, (("tl", 0.6), ("en", 0.4))),
    Market("BR", 0.10, -3, (("pt", 0.97), ("en", 0.03))),
    Market("MX", 0.07, -6, (("es", 0.97), ("en", 0.03))),
    Market("DE", 0.04, 1, (("de", 0.85), ("en", 0.15))),
    Market("FR", 0.04, 1, (("fr", 0.92), ("en", 0.08))),
    Market("US", 0.09, -5, (("en", 0.85), ("es", 0.15))),
    Market("GB", 0.04, 0, (("en", 1.0),)),
)

BY_CODE = {market.code: market for market in MARKETS}

USE_BY_LOCAL_HOUR = (
    0.55, 0.32, 0.2, 0.14, 0.12, 0.16, 0.32, 0.55, 0.68, 0.7, 0.74, 0.86,
    1.0, 0.92, 0.82, 0.8, 0.86, 1.0, 1.2, 1.42, 1.55, 1.5, 1.25, 0.9,
)  # fmt: skip
"""How busy each hour of the local day is, the mean being about 0.8: quiet at four, busiest after dinner."""


def use_at(market: Market, utc_hour: int) -> float:
    """How much of the platform's use falls to a market in one hour of the UTC day.

    >>> use_at(BY_CODE["SG"], 12) > use_at(BY_CODE["SG"], 20)
    True
    """
    return market.share * USE_BY_LOCAL_HOUR[(utc_hour + market.utc_offset_h) % 24]


USE_BY_UTC_HOUR = tuple(sum(use_at(market, hour) for market in MARKETS) for hour in range(24))
"""How busy the whole platform is in each hour of the UTC day."""
