"""The shape of one language's phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Phrases(NamedTuple):
    """Templates by where they are said; `slots` fill them all."""

    comment: Sequence[str]
    caption: Sequence[str]
    speech: Sequence[str]  # what a host says in ten seconds of LIVE
    title: Sequence[str]  # of a LIVE room
    bio: Sequence[str]
    slots: Mapping[str, Sequence[str]]


EMOJI = ("", "", "", " 😂", " ❤️", " 🔥", " 👏", " 😍", " 🙌", " ✨")
