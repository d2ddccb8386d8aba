"""The kinds of detector that come with Seawall."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from seawall.core.types import Kind
from seawall.signals.bank import hash_bank_kind
from seawall.signals.clips.signal import known_video_kind
from seawall.signals.contacts import CONTACTS
from seawall.signals.forms import VARIANTS
from seawall.signals.judge import judge_kind
from seawall.signals.language_eldc import LANGUAGE
from seawall.signals.lexicon import Lexicon
from seawall.signals.links import LINK_KINDS
from seawall.signals.lookup import Lookup
from seawall.signals.media.kinds import media_kinds
from seawall.signals.near import NEAR_TEXT
from seawall.signals.ports import SignalKind
from seawall.signals.prompts import PROMPT_ATTACK
from seawall.signals.shape import Shape
from seawall.signals.text import text_model_kind
from seawall.signals.text.language_eldc import EldcLanguage

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT = frozenset({Kind.STRING})

KINDS: Mapping[str, SignalKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            SignalKind(
                "lookup",
                frozenset({Kind.STRING, Kind.HASH, Kind.INTEGER}),
                None,
                {"list": True, "column": False},
                Lookup,
            ),
            SignalKind("lexicon", _TEXT, Kind.NUMBER, {"list": True}, Lexicon),
            *LINK_KINDS,
            VARIANTS,
            CONTACTS,
            NEAR_TEXT,
            PROMPT_ATTACK,
            LANGUAGE,
            SignalKind("shape", _TEXT, Kind.NUMBER, {"measure": True}, Shape),
            text_model_kind(EldcLanguage()),
            # of no server, and with nothing to look with: wiring has what is configured
            judge_kind({}, secret=b"", seconds=lambda: 0.0),
            *media_kinds(None).values(),
            hash_bank_kind(None, now=lambda: 0),  # likewise: entries lie in a data folder
            known_video_kind(None, None, now=lambda: 0),
        )
    }
)
"""By the name that a signal's file gives."""
