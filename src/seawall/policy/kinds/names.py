"""The shapes that several kinds of files share: names, markets, languages."""

from __future__ import annotations

from seawall.policy.shapes import At, ListOf, Text

NAME = Text("a name", r"[a-z][a-z0-9_]{0,62}", "lower-case letters, digits and _, starting with a letter")
STRATEGY_NAME = Text(
    "a strategy's name",
    r"[a-z][a-z0-9_]{0,62}(\.[a-z][a-z0-9_]{0,62}){0,5}",
    "names joined by dots: spam.link_burst",
)
PATH_NAME = Text(
    "a name with slashes",
    r"[a-z0-9][a-z0-9_-]{0,62}(/[a-z0-9][a-z0-9_-]{0,62}){0,5}",
    "lower-case letters, digits, - and _, joined by slashes: spam/commercial-spam",
)
CITATION = Text(
    "a policy's clause",
    rf"(?:{PATH_NAME.pattern})#[a-z][a-z0-9-]{{0,30}}",
    "the policy's name, # and the clause's ID: spam/commercial-spam#c2",
)
MARKET = Text("a market", r"[A-Z]{2}", "two capital letters of ISO 3166: SG, ID, GB")
MARKET_OR_GROUP = Text("a market or group", r"[A-Z][A-Z0-9_-]{1,30}", "capital letters: SG, EU")
LANGUAGE = Text("a language", r"[a-z]{2,3}", "two lower-case letters of ISO 639-1: en, id")
LOCALE = Text("a locale", r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a BCP 47 tag: en, pt-BR")


def _value(item: At[str]) -> str:
    return item.value


NAMES = ListOf(NAME, "one name or a list of names", key=_value)
MARKETS = ListOf(MARKET, "a list of markets", key=_value)
MARKETS_OR_GROUPS = ListOf(MARKET_OR_GROUP, "one market or group or a list of them", key=_value)
LANGUAGES = ListOf(LANGUAGE, "one language or a list of them", key=_value)
LOCALES = ListOf(LOCALE, "one locale or a list of them", key=_value)
STRATEGY_NAMES = ListOf(STRATEGY_NAME, "one strategy or a list of them", may_be_empty=True, key=_value)


def values(items: tuple[At[str], ...] | None) -> tuple[str, ...]:
    """The texts without their places."""
    return tuple(item.value for item in items or ())


def text_or(item: At[str] | None, default: str = "") -> str:
    """The text without its place."""
    return item.value if item else default
