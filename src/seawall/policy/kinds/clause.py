"""The sections of a policy's Markdown: which are clauses, what is said about each, and its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

from seawall.core.diagnostic import Span
from seawall.policy.kinds.names import MARKETS_OR_GROUPS
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import At, Boolean, Choice, Unfit
from seawall.policy.yaml_read import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.source import Source

GROUNDS = ("terms", "law")
SEVERITIES = ("low", "medium", "high", "severe")

_GROUND = Choice("a ground", GROUNDS)
_SEVERITY = Choice("a severity", SEVERITIES)
_HEADING = re.compile(r"([a-z][a-z0-9-]{0,30})\.\s+(\S.*)")
_NEARLY = re.compile(r"(?i)([a-z]{1,2}\d{1,3})\b[.:)]?\s*(.*)")


class ClauseBlock(Lines, frozen=True, kw_only=True):
    """The block under a clause's heading, in a policy."""

    ground: Annotated[At[str], Key(_GROUND, "What the clause rests on: the platform's terms, or the law.")]
    severity: Annotated[At[str], Key(_SEVERITY, "How grave a violation is.")]
    jurisdictions: Annotated[
        tuple[At[str], ...], Key(MARKETS_OR_GROUPS, "Of law: the markets or groups where it holds.")
    ] = ()
    exception: Annotated[At[bool] | None, Key(Boolean(), "Whether the clause allows; default false.")] = None


class OverlayBlock(Lines, frozen=True, kw_only=True):
    """The block under a clause's heading, in an overlay: what it states replaces the base."""

    ground: Annotated[At[str] | None, Key(_GROUND, "What the clause rests on here.")] = None
    severity: Annotated[At[str] | None, Key(_SEVERITY, "How grave a violation is here.")] = None
    jurisdictions: Annotated[
        tuple[At[str], ...], Key(MARKETS_OR_GROUPS, "Of law: the markets or groups where it holds.")
    ] = ()
    exception: Annotated[At[bool] | None, Key(Boolean(), "Whether the clause allows here.")] = None


CLAUSE = Record(ClauseBlock, "a clause")
OVERLAY_CLAUSE = Record(OverlayBlock, "an overlay's clause")


class Section(msgspec.Struct, frozen=True):
    """A second-level heading that names a clause, with what stands below it."""

    id: At[str]
    title: str
    text: str
    block: ClauseBlock | OverlayBlock


class _Heading(msgspec.Struct, frozen=True):
    content: str
    line: int  # counted from 0
    after: int  # the first line below it
    fence: Token | None  # the YAML block that follows at once
    is_section: bool  # of the second level, so that it may start a clause


def read_sections(
    source: Source, *, skipped: int, overlay: bool, found: Diagnostics
) -> tuple[dict[str, Section], frozenset[str]]:
    """The clauses by ID, and the IDs of those that were reported as unfit.

    Args:
        source: the policy's file.
        skipped: how many lines at its start are front matter.
        overlay: whether it is an overlay, whose blocks may be partial.
        found: where problems are reported.
    """
    lines = source.lines[skipped:]
    headings = list(_headings("\n".join(lines)))
    sections: dict[str, Section] = {}
    broken: set[str] = set()
    for position, heading in enumerate(headings):
        end = headings[position + 1].line if position + 1 < len(headings) else len(lines)
        name = _clause_name(heading, source, skipped, found) if heading.is_section else None
        if name is None:
            continue
        id_, title = name
        block = _block(heading, id_, source, skipped, overlay=overlay, found=found)
        if isinstance(block, Unfit):
            broken.add(id_.value)
            continue
        start = heading.fence.map[1] if heading.fence and heading.fence.map else heading.after
        text = "\n".join(lines[start:end]).strip()
        if not text and not overlay:
            found.error(
                "empty-clause", id_.span, f"clause {id_.value} says nothing", hint="write its rule below it"
            )
            broken.add(id_.value)
        elif id_.value in sections:
            first = sections[id_.value].id.span.line
            found.error(
                "duplicate-name", id_.span, f"clause {id_.value} stands twice", hint=f"first on line {first}"
            )
        else:
            sections[id_.value] = Section(id_, title, text, block)
    return sections, frozenset(broken)


def _headings(markdown: str) -> Iterator[_Heading]:
    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    tokens = parser.parse(markdown)
    for position, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag in ("h1", "h2") and token.level == 0 and token.map:
            following = tokens[position + 3] if position + 3 < len(tokens) else None
            fence = following if following and following.type == "fence" and _is_yaml(following) else None
            content = tokens[position + 1].content
            yield _Heading(content, token.map[0], token.map[1], fence, token.tag == "h2")


def _is_yaml(fence: Token) -> bool:
    return fence.info.strip() in ("yaml", "yml")


def _clause_name(
    heading: _Heading, source: Source, skipped: int, found: Diagnostics
) -> tuple[At[str], str] | None:
    line = skipped + heading.line
    column = source.lines[line].find(heading.content[:1]) + 1
    if match := _HEADING.fullmatch(heading.content):
        span = Span(source.path, line + 1, column, column + len(match[1]))
        return At(match[1], span), match[2]
    if nearly := _NEARLY.fullmatch(heading.content):
        span = Span(source.path, line + 1, column, column + len(heading.content))
        hint = f"write ## {nearly[1].lower()}. {nearly[2] or 'Title'}"
        found.error(
            "bad-clause-heading",
            span,
            "this looks like a clause, but its heading is not `ID. Title`",
            hint=hint,
        )
    return None


def _block(
    heading: _Heading, id_: At[str], source: Source, skipped: int, *, overlay: bool, found: Diagnostics
) -> ClauseBlock | OverlayBlock | Unfit:
    shape = OVERLAY_CLAUSE if overlay else CLAUSE
    if heading.fence is None or heading.fence.map is None:
        if overlay:
            return OverlayBlock(span=id_.span)
        hint = "put ```yaml, ground: terms, severity: low, ``` below its heading, a line each"
        found.error(
            "missing-block", id_.span, f"clause {id_.value} does not say its ground and severity", hint=hint
        )
        return Unfit.UNFIT
    first = skipped + heading.fence.map[0]
    indent = len(source.lines[first]) - len(source.lines[first].lstrip(" "))
    node = read_yaml(source, found, text=heading.fence.content, line=first + 1, column=indent)
    return Unfit.UNFIT if node is None else shape.read(node, found)
