"""A card as people read it."""

# ruff: noqa: E501, ISC004 -- its sentences are lines of Markdown

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.learn.text.fairness import worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from seawall.learn.text.card import Card, LanguageCard
    from seawall.learn.text.fairness import Group
    from seawall.learn.text.quality import Measured, Quality

_SHOWN = 12  # groups with the largest gaps


def card_markdown(card: Card) -> str:
    """The card as a page of Markdown; every figure is also in its JSON."""
    refused = card.refused
    parts = [
        [f"# {card.name}", "", card.describes.strip(), ""],
        [f"**It must not ship**: {refused}.", ""] if refused else [],
        _facts(card),
        ["## What it tells", "", *_table(("head", "what people labelled", "right for a share of"), _heads(card))],
        ["", "It does not tell:", "", *(f"- **{name}**: {why}" for name, why in card.absent.items())] if card.absent else [],
        ["", "## How well", "", _HOW, "", *_table(_QUALITY, _qualities(card.languages))],
        ["", "Thresholds, by how many clean texts they flag:", "", *_table(_CUTS, _cuts(card.languages))],
        ["", "Left out, and so NULL:", "", *(f"- {place}: {why}" for place, why in card.left_out.items())] if card.left_out else [],
        _fairness(card),
        ["", "## Made from", "", *_table(_SOURCES, _sources(card))],
        ["", "## Limits", "", *(f"- {limit}" for limit in card.limits)] if card.limits else [],
    ]  # fmt: skip
    return "\n".join(line for part in parts for line in part) + "\n"


_HOW = (
    "On texts that it was neither fitted nor calibrated to, with 95 % intervals from a bootstrap by text. AUPRC and R@P90 hold at the "
    "set's own share of positives and would be lower where those are rarer; the ROC area and R@FPR1 do not depend on it."
)
_QUALITY = (
    "head",
    "language",
    "texts",
    "positive",
    "AUPRC",
    "ROC area",
    "R@P90",
    "R@FPR1",
    "calibration error",
)
_CUTS = ("head", "language", "meant to flag", "threshold", "found", "flagged wrongly")
_SOURCES = ("source", "language", "licence", "to fit", "to calibrate", "to test", "by", "SHA-256")
_GROUPS = ("head", "language", "group", "of", "n", "flagged wrongly", "beside the others")


def _facts(card: Card) -> list[str]:
    built = [f"- built from: {card.built_from}"] if card.built_from else []
    return [
        f"- stage: {card.stage}",
        f"- licence of the weights: {card.licence}",
        f"- file: {card.bytes:,} bytes, SHA-256 `{card.sha256}`",
        f"- recipe: SHA-256 `{card.recipe}`, seed {card.seed}",
        *built,
        "",
    ]


def _heads(card: Card) -> Iterable[Sequence[str]]:
    return (
        (name, " ".join(told.split()), f"{card.prevalence[name]:.0%}") for name, told in card.heads.items()
    )


def _qualities(cards: Iterable[LanguageCard]) -> Iterable[Sequence[str]]:
    for card in cards:
        error = f"{card.calibration_error:.3f}"
        yield card.head, card.language, *_figures(card.quality), error
        for source, figures in card.by_source.items() if len(card.by_source) > 1 else ():
            yield "", f"of {source}", *_figures(figures), ""


def _figures(found: Quality) -> Sequence[str]:
    measured = (found.auprc, found.auc, found.recall_p90, found.recall_fpr01)
    return (f"{found.n:,}", f"{found.positive:,}", *map(_interval, measured))


def _interval(found: Measured) -> str:
    return f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def _cuts(cards: Iterable[LanguageCard]) -> Iterable[Sequence[str]]:
    for card in cards:
        for rate, cut in card.thresholds.items():
            yield (
                card.head,
                card.language,
                f"{float(rate):.1%}",
                f"{cut:.4f}",
                f"{card.found_at[rate]:.1%}",
                f"{card.wrong_at[rate]:.1%}",
            )


def _fairness(card: Card) -> list[str]:
    most = worst(card.groups)
    shown = sorted(card.groups, key=lambda each: -each.gap)[:_SHOWN]
    said = (
        f"The worst known gap is {100 * most.gap:+.1f} points ({100 * most.gap_low:+.1f} to {100 * most.gap_high:+.1f}): "
        f"{most.head} on {most.kind} of {most.group} in {most.language}. "
        if most
        else "No group has enough texts for its rate to be known. "
    )
    return [
        "",
        "## Fairness",
        "",
        f"How often harmless texts of a group are flagged at the threshold that flags {card.flagged_at:.0%} of clean texts, beside all other "
        f"clean texts of the language. {said}The bound is {100 * card.bound:g} points. *Texts* were called clean by annotators and name the "
        f"group; a group with fewer than {card.least} of them is refused only if its gap surely exceeds the bound. *Probes* are harmless "
        "sentences written for this. The largest gaps:",
        "",
        *_table(_GROUPS, (_group(each, card.least) for each in shown)),
    ]


def _group(each: Group, least: int) -> Sequence[str]:
    few = "" if each.known else f" (fewer than {least})"
    rate = f"{each.rate[0]:.1%} ({each.rate[1]:.1%} to {each.rate[2]:.1%})"
    gap = f"{100 * each.gap:+.1f} ({100 * each.gap_low:+.1f} to {100 * each.gap_high:+.1f})"
    return each.head, each.language, each.group, each.kind, f"{each.n:,}{few}", rate, gap


def _sources(card: Card) -> Iterable[Sequence[str]]:
    for name, each in card.sources.items():
        assumed = f"; taken as not {', '.join(each.assumed)}" if each.assumed else ""
        counts = (f"{each.rows[part]:,}" for part in ("train", "calibrate", "test"))
        yield name, each.language, each.licence, *counts, each.credit + assumed, f"`{each.sha256[:12]}`"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return [line(headings), line(["---"] * len(headings)), *map(line, rows)]
