"""What a reader must know of a model before it judges anybody."""

from __future__ import annotations

import msgspec

from seawall.learn.text.fairness import Group, refusal
from seawall.learn.text.quality import Quality


class SourceCard(msgspec.Struct, frozen=True, kw_only=True):
    """Texts that a model was made from."""

    licence: str
    credit: str
    language: str
    sha256: str
    labels: dict[str, str]
    assumed: tuple[str, ...]
    rows: dict[str, int]


class LanguageCard(msgspec.Struct, frozen=True, kw_only=True):
    """A head in one language, on texts kept for the test.

    Attributes:
        head: its name.
        language: ISO 639-1.
        calibrated_on: texts kept for calibration.
        quality: on all tested texts.
        by_source: on those of each source.
        calibration_error: expected, at the head's prevalence.
        thresholds: probability by false positive rate on the texts kept for calibration.
        found_at: share of positives found at each, on the tested texts.
        wrong_at: share of clean texts flagged at each, on the tested texts.
    """

    head: str
    language: str
    calibrated_on: int
    quality: Quality
    by_source: dict[str, Quality]
    calibration_error: float
    thresholds: dict[str, float]
    found_at: dict[str, float]
    wrong_at: dict[str, float]


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """The whole card.

    Attributes:
        name: of the model.
        describes: what it is for.
        stage: linear, static or encoder.
        licence: of the weights.
        sha256: of its file.
        bytes: size of its file.
        seed: of everything drawn.
        recipe: SHA-256 of the recipe as it was understood.
        built_from: weights of others that went into it, and their licence; empty if none did.
        heads: what each tells.
        prevalence: share of positives each one's probabilities are for.
        absent: what it does not tell, and why.
        sources: what it was made from.
        languages: figures by head and language.
        left_out: heads and languages that were not good enough, and why.
        flagged_at: false positive rate at which groups are looked at.
        bound: largest gap with which it may ship.
        least: clean texts that a group needs to be held to it.
        groups: by head, language and identity group.
        limits: what else to know.
    """

    name: str
    describes: str
    stage: str
    licence: str
    sha256: str
    bytes: int
    seed: int
    recipe: str
    built_from: str
    heads: dict[str, str]
    prevalence: dict[str, float]
    absent: dict[str, str]
    sources: dict[str, SourceCard]
    languages: tuple[LanguageCard, ...]
    left_out: dict[str, str]
    flagged_at: float
    bound: float
    least: int
    groups: tuple[Group, ...]
    limits: tuple[str, ...]

    @property
    def refused(self) -> str | None:
        """Why it must not ship: the group whose gap exceeds the bound most; None where none does."""
        return refusal(self.groups, self.bound)

    def as_json(self) -> bytes:
        """The card as a file."""
        return msgspec.json.format(msgspec.json.encode(self, order="deterministic"), indent=2) + b"\n"
