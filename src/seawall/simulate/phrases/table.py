"""Every language, and the pools of ready sentences that honest people pick from."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from seawall.simulate.grammar import Grammar
from seawall.simulate.phrases import de, en, es, fr, id, ms, pt, th, tl, vi, zh  # noqa: A004 (Indonesian is `id`)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from seawall.simulate.phrases.model import Phrases

LANGUAGES: Mapping[str, Phrases] = MappingProxyType(
    {
        "en": en.PHRASES,
        "ms": ms.PHRASES,
        "id": id.PHRASES,
        "zh": zh.PHRASES,
        "vi": vi.PHRASES,
        "th": th.PHRASES,
        "tl": tl.PHRASES,
        "pt": pt.PHRASES,
        "es": es.PHRASES,
        "de": de.PHRASES,
        "fr": fr.PHRASES,
    }
)


class Voices(NamedTuple):
    """Pools of one language's sentences, as JSON string literals."""

    comment: tuple[str, ...]
    caption: tuple[str, ...]
    speech: tuple[str, ...]
    title: tuple[str, ...]
    bio: tuple[str, ...]

    @classmethod
    def of(cls, phrases: Phrases, rng: Random, *, size: int) -> Voices:
        """`size` comments, and fewer of what is said less often."""
        sizes = (size, size // 2, size // 2, size // 4, size // 4)
        said = (phrases.comment, phrases.caption, phrases.speech, phrases.title, phrases.bio)
        return cls(*(Grammar(part, phrases.slots).pool(rng, n) for part, n in zip(said, sizes, strict=True)))
