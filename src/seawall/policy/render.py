"""Diagnostics as a person reads them in a terminal, and as a program reads them."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from seawall.core.diagnostic import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.core.diagnostic import Diagnostic

WIDEST = 120
"""Characters of a source line that are shown; of a longer one, those around the place."""

TAB = "    "


def render(diagnostic: Diagnostic) -> str:
    """One diagnostic: place and message, the line it points into, and the mend.

    >>> from seawall.core.diagnostic import Diagnostic, Span
    >>> span = Span("queues/scam.yml", 3, 1, 4)
    >>> print(render(Diagnostic(span, "unknown-field", "a queue has no key 'sls'", hint="did you mean 'sla'?",
    ...                         snippet="sls: 4h")))
    queues/scam.yml:3:1: error: a queue has no key 'sls' [unknown-field]
      3 | sls: 4h
        | ^^^
      hint: did you mean 'sla'?
    """
    lines = [f"{diagnostic.span}: {diagnostic.severity}: {_one_line(diagnostic.message)} [{diagnostic.code}]"]
    if diagnostic.snippet is not None and diagnostic.span.line:
        lines.extend(_excerpt(diagnostic))
    if diagnostic.hint:
        lines.append(f"  hint: {_one_line(diagnostic.hint)}")
    return "\n".join(lines)


def _excerpt(diagnostic: Diagnostic) -> tuple[str, str]:
    span, snippet = diagnostic.span, diagnostic.snippet or ""
    start = max(span.column - 1, 0)
    end = max(span.end_column - 1, start + 1)
    first = 0 if len(snippet) <= WIDEST else max(0, start - WIDEST // 2)
    shown = snippet[first : first + WIDEST]
    before, under = snippet[first:start], snippet[start : min(end, first + WIDEST)]
    number = str(span.line)
    cut = "…" if first else ""
    more = "…" if first + WIDEST < len(snippet) else ""
    caret = " " * (len(cut) + _width(before)) + "^" * max(_width(under), 1)
    return f"  {number} | {cut}{_shown(shown)}{more}", f"  {' ' * len(number)} | {caret}"


def _shown(text: str) -> str:
    return "".join(TAB if each == "\t" else each if each.isprintable() else "�" for each in text)


def _one_line(text: str) -> str:
    return "".join(each if each.isprintable() else "�" for each in " ".join(text.split("\n")))


def _width(text: str) -> int:
    """Columns of a terminal that a text takes: wide characters two, combining ones none.

    >>> _width("中文"), _width("e" + chr(0x301))
    (4, 1)
    """
    return sum(_width_of(character) for character in text)


def _width_of(character: str) -> int:
    if character == "\t":
        return len(TAB)
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def closing_line(diagnostics: Sequence[Diagnostic], *, files: int) -> str:
    """What it comes to.

    >>> closing_line([], files=3)
    '3 files: no errors'
    """
    errors = sum(each.severity is Severity.ERROR for each in diagnostics)
    warnings = len(diagnostics) - errors
    found = [_count(errors, "error") if errors else "no errors"]
    found += [_count(warnings, "warning")] if warnings else []
    return f"{_count(files, 'file')}: {', '.join(found)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def as_document(diagnostics: Sequence[Diagnostic], *, files: int) -> dict[str, Any]:
    """All of it as JSON: `{"errors", "warnings", "files", "diagnostics": [{"file", "line", ...}]}`."""
    errors = sum(each.severity is Severity.ERROR for each in diagnostics)
    return {
        "errors": errors,
        "warnings": len(diagnostics) - errors,
        "files": files,
        "diagnostics": [
            {
                "file": each.span.file,
                "line": each.span.line,
                "column": each.span.column,
                "end_column": each.span.end_column,
                "severity": each.severity.value,
                "code": each.code,
                "message": each.message,
                "hint": each.hint,
            }
            for each in diagnostics
        ],
    }
