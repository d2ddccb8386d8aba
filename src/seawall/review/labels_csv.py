"""Labels that somebody else made, from a CSV file: every row checked before the first is kept."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import msgspec

from seawall.act.facts import Subject, digest
from seawall.core.clock import parse_time
from seawall.core.diagnostic import Span
from seawall.review.model import Label

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

NEEDED = ("surface", "subject", "violates")
OPTIONAL = (
    "content_version",
    "event_id",
    "decision_id",
    "clause",
    "reviewer",
    "policy_version",
    "inclusion_probability",
    "at",
)
_TRUTHS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class Refused(msgspec.Struct, frozen=True):
    """A row that is no label: where, which column, why, and the mend."""

    span: Span
    column: str
    message: str
    hint: str = ""


def read_labels(file: TextIO, *, name: str, source: str, at: int) -> Iterator[Label | Refused]:
    r"""The labels of a CSV file, or for each row that is none, why.

    The header names the columns: `surface`, `subject` and `violates` must be there; `content_version`,
    `event_id`, `decision_id`, `clause`, `reviewer`, `policy_version`, `inclusion_probability` and `at` (RFC
    3339) may be. The same row gives the same label, so a file can be imported again.

    Args:
        file: the text, opened with `newline=""`.
        name: of the file, for messages.
        source: whose labels they are; their provenance is `import:SOURCE`.
        at: the time of labels that bring none.

    >>> from io import StringIO
    >>> text = "surface,subject,violates,clause\ncomment,c1,true,spam/links#c1\ncomment,c2,perhaps,\n"
    >>> first, second = read_labels(StringIO(text), name="l.csv", source="audit", at=0)
    >>> first.violates, first.provenance, second.span.line, second.message
    (True, 'import:audit', 3, "violates is true or false, not 'perhaps'")
    """
    reader = csv.DictReader(file, strict=True)
    header = reader.fieldnames or ()
    missing = [column for column in NEEDED if column not in header]
    if missing:
        yield Refused(
            Span(name, 1),
            missing[0],
            f"the header has no column {missing[0]!r}",
            f"it has {', '.join(header)}",
        )
        return
    try:
        for row in reader:
            yield _label(row, Span(name, reader.line_num), source, at)
    except csv.Error as error:
        yield Refused(Span(name, reader.line_num), "", f"this is no CSV: {error}", "quote as RFC 4180 says")


def _label(row: dict[str | None, str | None], span: Span, source: str, at: int) -> Label | Refused:
    if None in row or any(row.get(column) is None for column in NEEDED):
        return Refused(
            span, "", "the row has more or fewer values than the header", "quote values with commas"
        )
    text = {column: (row.get(column) or "").strip() for column in (*NEEDED, *OPTIONAL)}
    empty = next((column for column in NEEDED if not text[column]), None)
    if empty:
        return Refused(span, empty, f"{empty} is empty", "every label says what it is about")
    violates = _TRUTHS.get(text["violates"].casefold())
    if violates is None:
        return Refused(span, "violates", f"violates is true or false, not {text['violates']!r}")
    try:
        chance = _probability(text["inclusion_probability"])
        made = parse_time(text["at"]) if text["at"] else at
    except ValueError as error:
        return Refused(span, "", str(error))
    said = tuple(text[column] for column in (*NEEDED, *OPTIONAL))
    return Label(
        label_id=digest("import", source, *said),
        subject=Subject(text["surface"], text["subject"], text["content_version"]),
        event_id=text["event_id"] or None,
        decision_id=text["decision_id"] or None,
        clause=text["clause"],
        violates=violates,
        provenance=f"import:{source}",
        reviewer=text["reviewer"] or source,
        policy_version=text["policy_version"],
        inclusion_probability=chance,
        at=made,
    )


def _probability(text: str) -> float | None:
    if not text:
        return None
    try:
        chance = float(text)
    except ValueError:
        chance = 0.0
    if not 0 < chance <= 1:
        raise ValueError(f"inclusion_probability is above 0 and at most 1, not {text!r}")
    return chance
