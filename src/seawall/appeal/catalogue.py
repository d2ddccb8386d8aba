"""The messages of each language, as text files beside the code: one line is `key: text`."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from importlib.resources import files

import msgspec

from seawall.appeal.locales import LOCALES
from seawall.core.clock import EPOCH


class Catalogue(msgspec.Struct, frozen=True):
    """Everything that is said in one language."""

    locale: str
    texts: dict[str, str]

    def say(self, key: str, **values: str) -> str:
        """A message with its places filled in.

        Raises:
            KeyError: no such message, or a place without a value.

        >>> catalogue("en").say("what.remove", subject="your comment")
        'We removed your comment.'
        """
        return self.texts[key].format_map(values)

    def named(self, kind: str, name: str) -> str | None:
        """The message `kind.name`, if there is one.

        >>> catalogue("ms").named("place", "SG"), catalogue("ms").named("place", "XX")
        ('Singapura', None)
        """
        return self.texts.get(f"{kind}.{name}")

    def date(self, micros: int) -> str:
        """A time to the minute, UTC.

        >>> catalogue("en").date(1_772_359_200_000_000)
        '1 March 2026, 10:00 UTC'
        >>> catalogue("zh").date(1_772_359_200_000_000)
        '2026年3月1日 10:00（UTC）'
        """
        moment = EPOCH + timedelta(microseconds=micros)
        return self.say(
            "date",
            day=str(moment.day),
            month=self.texts[f"month.{moment.month}"],
            year=str(moment.year),
            time=moment.strftime("%H:%M"),
        )

    def listed(self, parts: list[str]) -> str:
        """Several things in one sentence.

        >>> catalogue("en").listed(["Singapore", "Malaysia", "Indonesia"])
        'Singapore, Malaysia and Indonesia'
        """
        *before, last = parts
        if not before:
            return last
        return self.say("list", before=self.texts["list.comma"].replace("_", " ").join(before), last=last)


@cache
def catalogue(locale: str) -> Catalogue:
    """The messages of one of `LOCALES`.

    Raises:
        KeyError: we do not speak it.
    """
    if locale not in LOCALES:
        raise KeyError(locale)
    text = files("seawall.appeal").joinpath("messages", f"{locale}.txt").read_text(encoding="utf-8")
    return Catalogue(locale, parse(text))


def parse(text: str) -> dict[str, str]:
    r"""The messages of a file; empty lines and lines that begin with # say nothing.

    >>> parse("# greeting\nhello: Good day: {name}\n")
    {'hello': 'Good day: {name}'}
    """
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return {key: said for key, _, said in pairs}
