"""Which of our languages a person reads."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LOCALES = ("en", "ms", "id", "zh")
"""Languages that notices are written in; the first is the one of last resort."""

_SAME: Mapping[str, str] = MappingProxyType({"in": "id", "zsm": "ms", "cmn": "zh", "yue": "zh"})
"""Older and narrower codes of our languages."""

_OF_MARKET: Mapping[str, str] = MappingProxyType(
    {"MY": "ms", "BN": "ms", "ID": "id", "CN": "zh", "TW": "zh", "HK": "zh", "MO": "zh"}
)


def choose_locale(locale: str | None, language: str | None, market: str | None) -> str:
    """The person's interface speaks first, then what they wrote in, then where they are; else English.

    Args:
        locale: BCP 47 tag of the person's interface.
        language: of the content.
        market: ISO 3166 alpha-2.

    >>> choose_locale("zh-Hans-SG", "en", "SG"), choose_locale("fr_FR", "ms", None)
    ('zh', 'ms')
    >>> choose_locale(None, None, "ID"), choose_locale(None, "th", "TH")
    ('id', 'en')
    """
    spoken = (_ours(locale), _ours(language), _OF_MARKET.get(market or ""))
    return next((one for one in spoken if one is not None), LOCALES[0])


def _ours(tag: str | None) -> str | None:
    first = (tag or "").replace("_", "-").partition("-")[0].lower()
    code = _SAME.get(first, first)
    return code if code in LOCALES else None
