"""The collection of everything there is to say about a project while it is being read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.core.diagnostic import Diagnostic, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seawall.policy.source import Source


class Diagnostics:
    """Collects; never raises, so that one reading tells everything at once."""

    def __init__(self) -> None:
        self._found: dict[tuple[Span, str, str], Diagnostic] = {}

    def error(self, code: str, span: Span, message: str, *, hint: str | None = None) -> None:
        """Something that stops a release."""
        self.add(Diagnostic(span, code, message, Severity.ERROR, hint))

    def warn(self, code: str, span: Span, message: str, *, hint: str | None = None) -> None:
        """Something that a reader should know and may leave."""
        self.add(Diagnostic(span, code, message, Severity.WARNING, hint))

    def add(self, *diagnostics: Diagnostic) -> None:
        """The same thing about the same place is said once, even where an alias repeats it."""
        for diagnostic in diagnostics:
            self._found.setdefault((diagnostic.span, diagnostic.code, diagnostic.message), diagnostic)

    @property
    def has_errors(self) -> bool:
        """Whether anything found stops a release."""
        return any(found.severity is Severity.ERROR for found in self._found.values())

    def sorted(self, sources: Mapping[str, Source]) -> list[Diagnostic]:
        """Everything by place, each with the line of source it points into."""
        return sorted(_with_snippets(self._found.values(), sources), key=_by_place)


def _with_snippets(found: Iterable[Diagnostic], sources: Mapping[str, Source]) -> Iterable[Diagnostic]:
    for diagnostic in found:
        source = sources.get(diagnostic.span.file)
        line = source.line(diagnostic.span.line) if source else None
        yield msgspec.structs.replace(diagnostic, snippet=line) if line is not None else diagnostic


def _by_place(diagnostic: Diagnostic) -> tuple[Span, str, str]:
    return (diagnostic.span, diagnostic.code, diagnostic.message)
