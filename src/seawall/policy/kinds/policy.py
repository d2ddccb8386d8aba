"""policies/**/*.md: the rule in words, and what a market or group changes in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import msgspec

from seawall.core.diagnostic import Span
from seawall.policy.kinds.clause import ClauseBlock, OverlayBlock, Section, read_sections
from seawall.policy.kinds.names import MARKET_OR_GROUP, MARKETS_OR_GROUPS, PATH_NAME
from seawall.policy.model import Clause, Policy
from seawall.policy.near import did_you_mean
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Text, Unfit
from seawall.policy.yaml_nodes import YamlMap
from seawall.policy.yaml_read import read_yaml

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.kinds.markets import Markets
    from seawall.policy.source import Source

_FENCE = re.compile(r"---[ \t]*")


class PolicyFile(Lines, frozen=True, kw_only=True):
    """The front matter of a policy."""

    policy: Annotated[At[str], Key(PATH_NAME, "What strategies cite.")]
    title: Annotated[At[str], Key(Text(), "What people read above it.")]
    owner: Annotated[At[str], Key(Text(), "The team that answers for it.")]
    version: Annotated[At[str], Key(Text("a version"), "Raised by its owner at each change of meaning.")]
    markets: Annotated[
        tuple[At[str], ...], Key(MARKETS_OR_GROUPS, "Where it holds; default: every market.")
    ] = ()


class OverlayFile(Lines, frozen=True, kw_only=True):
    """The front matter of an overlay."""

    overlay: Annotated[At[str], Key(PATH_NAME, "The policy it changes.")]
    for_: Annotated[At[str], Key(MARKET_OR_GROUP, "The one market or group it is for.")] = msgspec.field(
        name="for"
    )


POLICY = Record(PolicyFile, "a policy's front matter")
OVERLAY = Record(OverlayFile, "an overlay's front matter")


class Written(msgspec.Struct, frozen=True):
    """A policy or overlay file: its front matter, its clauses and its Markdown."""

    front: PolicyFile | OverlayFile
    sections: dict[str, Section]
    broken: frozenset[str]  # IDs of clauses that were reported as unfit
    text: str


def read_policy(source: Source, found: Diagnostics) -> Written | None:
    """The policy or overlay in a Markdown file, or None where its front matter does not read."""
    end = _front_matter_end(source)
    if end is None:
        hint = "start the file with ---, the keys policy, title, owner and version, and another ---"
        found.error(
            "missing-front-matter",
            Span(source.path, 1, 1, 2),
            "a policy starts with its front matter",
            hint=hint,
        )
        return None
    node = read_yaml(source, found, text="\n".join(source.lines[1:end]) + "\n", line=1)
    if node is None:
        return None
    overlay = isinstance(node, YamlMap) and any(key.text == "overlay" for key, _ in node.entries)
    front = (OVERLAY if overlay else POLICY).read(node, found)
    sections, broken = read_sections(source, skipped=end + 1, overlay=overlay, found=found)
    if isinstance(front, Unfit):
        return None
    return Written(front, sections, broken, "\n".join(source.lines[end + 1 :]).strip())


def _front_matter_end(source: Source) -> int | None:
    """The index of the line that closes the front matter."""
    lines = source.lines
    if not _FENCE.fullmatch(lines[0]):
        return None
    return next((index for index, line in enumerate(lines[1:], start=1) if _FENCE.fullmatch(line)), None)


def build_policy(
    written: Written, overlays: tuple[Written, ...], markets: Markets, found: Diagnostics
) -> Policy:
    """The policy with what each market changes worked into whole clauses."""
    front = written.front
    assert isinstance(front, PolicyFile)
    clauses = {id_: _clause(section, markets, found) for id_, section in written.sections.items()}
    return Policy(
        name=front.policy.value,
        title=front.title.value,
        owner=front.owner.value,
        version=front.version.value,
        text=written.text,
        clauses=clauses,
        overlays=_flatten(clauses, written.broken, overlays, markets, found),
        markets=markets.flatten(front.markets, found),
        span=front.policy.span,
    )


def _clause(section: Section, markets: Markets, found: Diagnostics) -> Clause:
    block = section.block
    assert isinstance(block, ClauseBlock)
    clause = Clause(
        id=section.id.value,
        title=section.title,
        text=section.text,
        ground=block.ground.value,
        severity=block.severity.value,
        jurisdictions=markets.flatten(block.jurisdictions, found),
        exception=block.exception.value if block.exception else False,
        span=section.id.span,
    )
    _check_ground(clause, block, found)
    return clause


def _check_ground(clause: Clause, block: ClauseBlock | OverlayBlock, found: Diagnostics) -> None:
    if clause.ground == "law" and not clause.jurisdictions and not block.jurisdictions:
        found.error(
            "missing-field", block.key("ground"), "a law holds somewhere", hint="add jurisdictions: [DE]"
        )
    if clause.ground == "terms" and clause.jurisdictions:
        message = "terms hold worldwide, so they have no jurisdictions"
        found.error("bad-value", block.key("jurisdictions"), message, hint="drop them, or say ground: law")


def _flatten(
    base: dict[str, Clause],
    broken: frozenset[str],
    overlays: tuple[Written, ...],
    markets: Markets,
    found: Diagnostics,
) -> dict[str, dict[str, Clause]]:
    """Market -> clause ID -> the clause there: a group's overlay applies before a market's."""
    ordered = sorted(
        overlays, key=lambda overlay: (_for(overlay).value not in markets.groups, _for(overlay).value)
    )
    changed: dict[str, dict[str, Clause]] = {}
    by_group: dict[tuple[str, str], Section] = {}
    for overlay in ordered:
        name = _for(overlay)
        for market in markets.flatten((name,), found):
            for id_, section in overlay.sections.items():
                if name.value in markets.groups:
                    _report_conflict(by_group.setdefault((market, id_), section), section, market, found)
                current = changed.get(market, {}).get(id_) or base.get(id_)
                if current is not None:
                    changed.setdefault(market, {})[id_] = _changed(current, section, markets, found)
                elif id_ not in broken:
                    hint = did_you_mean(id_, base, what="its clauses")
                    message = f"{id_} is no clause of the policy this overlay changes"
                    found.error("unknown-clause", section.id.span, message, hint=hint)
    return {market: dict(sorted(clauses.items())) for market, clauses in sorted(changed.items())}


def _for(overlay: Written) -> At[str]:
    assert isinstance(overlay.front, OverlayFile)
    return overlay.front.for_


def _report_conflict(first: Section, second: Section, market: str, found: Diagnostics) -> None:
    if first is not second:
        found.error(
            "overlay-conflict",
            second.id.span,
            f"two groups change clause {second.id.value} for {market}",
            hint=f"the other is {first.id.span}; write an overlay for {market} itself instead",
        )


def _changed(clause: Clause, section: Section, markets: Markets, found: Diagnostics) -> Clause:
    block = section.block
    clause = msgspec.structs.replace(
        clause,
        title=section.title,
        text=section.text or clause.text,
        ground=block.ground.value if block.ground else clause.ground,
        severity=block.severity.value if block.severity else clause.severity,
        jurisdictions=markets.flatten(block.jurisdictions, found) or clause.jurisdictions,
        exception=block.exception.value if block.exception else clause.exception,
        span=section.id.span,
    )
    if clause.ground == "terms" and not block.jurisdictions:
        clause = msgspec.structs.replace(clause, jurisdictions=())
    _check_ground(clause, block, found)
    return clause
