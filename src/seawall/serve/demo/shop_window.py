"""What the platform of a demo shows of itself: what holds on it, and what people were told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seawall.serve.web.render import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Sequence


def drawn(
    *,
    effects: Sequence[tuple[dict[str, Any], int]],
    words: Sequence[tuple[dict[str, Any], int]],
    counts: tuple[int, int, int],
    nonce: str,
) -> bytes:
    """The page.

    Args:
        effects: the newest states it was told of, each with the time it came, microseconds.
        words: the newest words it was given for people, likewise.
        counts: states in which something holds, states that were lifted, words.
        nonce: of the page's one style.
    """
    holding, lifted, told = counts
    page = TEMPLATES.get_template("platform.html")
    title, locale = "The platform of this demo", "en"
    return page.render(
        title=title, locale=locale, nonce=nonce, effects=effects, words=words,
        holding=holding, lifted=lifted, told=told,
    ).encode()  # fmt: skip
