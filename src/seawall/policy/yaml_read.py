"""Read one YAML document as nodes that know their place, and refuse what a project file has no need of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn, cast

import yaml

from seawall.core.diagnostic import Span
from seawall.policy.source import Source
from seawall.policy.yaml_nodes import YamlList, YamlMap, YamlNode, YamlScalar, resolve, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seawall.policy.diagnostics import Diagnostics

MAX_DEPTH = 32
MAX_NODES = 50_000
MAX_ALIASES = 64

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml where it was built, the same language else
_STRANGE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_ANCHOR = re.compile(r"&[\w-]+\s*(?:#[^\r\n]*\s*)*")
_PLAIN_ENGLISH = {
    "found character that cannot start any token": "this character cannot stand at the start of a value",
    "mapping values are not allowed in this context": "a ':' cannot stand here",
    "did not find expected key": "a key was expected here",
    "could not find expected ':'": "a ':' was expected after this key",
    "did not find expected ',' or ']'": "a ',' or ']' was expected",
    "did not find expected ',' or '}'": "a ',' or '}' was expected",
    "did not find expected '-' indicator": "a '-' was expected here, as before the other items",
    "did not find expected node content": "a value was expected here",
    "found unexpected end of stream": "a quote or bracket is never closed",
    "found undefined tag handle": "tags are not allowed",
}


def read_yaml(
    source: Source, found: Diagnostics, *, text: str | None = None, line: int = 0, column: int = 0
) -> YamlNode | None:
    """The document in `source`, or None once everything wrong with it has been reported.

    Args:
        source: the file.
        found: where problems are reported.
        text: the part of the file to read, if not all of it.
        line: how many lines of the file come before that part.
        column: how many characters stand before it on each of its lines.
    """
    return _Composer(source, found, line, column).compose(source.text if text is None else text)


class _Refused(Exception):
    pass


class _Open:
    """A list or map whose end has not come yet."""

    def __init__(self, event: Any) -> None:
        self.event = event
        self.is_map = isinstance(event, yaml.MappingStartEvent)
        self.nodes: list[YamlNode] = []
        self.keys: dict[str, YamlScalar] = {}

    @property
    def awaits_key(self) -> bool:
        return self.is_map and len(self.nodes) % 2 == 0


class _Composer:
    def __init__(self, source: Source, found: Diagnostics, line: int, column: int) -> None:
        self._source = source
        self._found = found
        self._line = line
        self._column = column
        self._anchors: dict[str, YamlNode] = {}
        self._open_anchors: set[str] = set()
        self._aliases = 0
        self._nodes = 0
        self._stack: list[_Open] = []

    def compose(self, text: str) -> YamlNode | None:
        try:
            self._check_characters(text)
            events = cast("Iterator[Any]", yaml.parse(text, Loader=_LOADER))  # pyright: ignore[reportUnknownMemberType]  (PyYAML ships no types)
            return self._document(events)
        except yaml.MarkedYAMLError as error:
            self._syntax(error)
        except _Refused:
            pass
        return None

    def _document(self, events: Iterator[Any]) -> YamlNode | None:
        root: YamlNode | None = None
        documents = 0
        for event in events:
            match event:
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        self._refuse(
                            "many-documents", event, "a second document starts here", "use one file for each"
                        )
                case (
                    yaml.ScalarEvent()
                    | yaml.AliasEvent()
                    | yaml.CollectionStartEvent()
                    | yaml.CollectionEndEvent()
                ):
                    node = self._node(event)
                    if node is not None and not self._stack:
                        root = node
                    elif node is not None:
                        self._place(node)
                case _:
                    pass
        if root is None:
            self._found.error("empty-file", Span(self._source.path), "there is nothing in this file")
        return root

    def _node(self, event: Any) -> YamlNode | None:
        """The node that this event completes, if it completes one."""
        match event:
            case yaml.AliasEvent():
                return self._alias(event)
            case yaml.CollectionEndEvent():
                return self._close()
            case yaml.CollectionStartEvent():
                self._admit(event)
                if len(self._stack) >= MAX_DEPTH:
                    self._refuse("too-deep", event, f"more than {MAX_DEPTH} levels of nesting")
                self._stack.append(_Open(event))
                return None
            case _:
                self._admit(event)
                style = "" if event.style in (None, ":") else event.style
                value = event.value if style else resolve(event.value)
                node = YamlScalar(event.value, value, self._behind_anchor(event), style)
                return self._named(event, node)

    def _admit(self, event: Any) -> None:
        if event.tag is not None:
            self._refuse("yaml-tag", event, f"the tag {event.tag!r} is not allowed", "write the plain value")
        if event.anchor is not None:
            self._open_anchors.add(event.anchor)
            self._anchors.pop(event.anchor, None)
        self._count(event, 1)

    def _count(self, event: Any, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            self._refuse(
                "too-large", event, f"more than {MAX_NODES} values in one file", "split it into several"
            )

    def _alias(self, event: Any) -> YamlNode:
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            self._refuse("too-many-aliases", event, f"more than {MAX_ALIASES} aliases in one file")
        node = self._anchors.get(event.anchor)
        if node is None:
            why = (
                "stands inside what it names"
                if event.anchor in self._open_anchors
                else "names no anchor above it"
            )
            self._refuse("bad-alias", event, f"the alias *{event.anchor} {why}")
        self._count(event, size_of(node))
        return node

    def _close(self) -> YamlNode:
        frame = self._stack.pop()
        start = frame.event
        span = self._span(start)
        size = 1 + sum(size_of(node) for node in frame.nodes)
        if not frame.is_map:
            return self._named(start, YamlList(tuple(frame.nodes), span, size))
        pairs = zip(frame.nodes[::2], frame.nodes[1::2], strict=True)
        entries = tuple((key, value) for key, value in pairs if isinstance(key, YamlScalar))
        return self._named(start, YamlMap(entries, span, size))

    def _named(self, event: Any, node: YamlNode) -> YamlNode:
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _place(self, node: YamlNode) -> None:
        frame = self._stack[-1]
        if frame.awaits_key:
            self._key(node, frame)
        frame.nodes.append(node)

    def _key(self, node: YamlNode, frame: _Open) -> None:
        if not isinstance(node, YamlScalar):
            self._found.error("bad-key", node.span, "a key must be a word, not a list or a map")
            raise _Refused
        if node.text == "<<" and not node.style:
            self._found.error(
                "yaml-merge", node.span, "merge keys are not allowed", hint="write the keys out"
            )
            raise _Refused
        first = frame.keys.setdefault(node.text, node)
        if first is not node:
            self._found.error(
                "duplicate-key",
                node.span,
                f"the key {node.text!r} stands twice in this map",
                hint=f"the first is on line {first.span.line}; keep one",
            )

    def _span(self, event: Any) -> Span:
        start, end = event.start_mark, event.end_mark
        column = self._column + start.column + 1
        end_column = self._column + end.column + 1 if end.line == start.line else 0
        return Span(self._source.path, self._line + start.line + 1, column, max(end_column, column + 1))

    def _behind_anchor(self, event: Any) -> Span:
        """Where a scalar itself starts; its event starts at its anchor."""
        span = self._span(event)
        if event.anchor is None:
            return span
        offset = self._source.starts[span.line - 1] + span.column - 1
        anchor = _ANCHOR.match(self._source.text, offset)
        return self._source.span_at(anchor.end(), max(len(event.value), 1)) if anchor else span

    def _refuse(self, code: str, event: Any, message: str, hint: str | None = None) -> NoReturn:
        self._found.error(code, self._span(event), message, hint=hint)
        raise _Refused

    def _check_characters(self, text: str) -> None:
        strange = _STRANGE.search(text)
        if strange is None:
            return
        place = Source("", text).span_at(strange.start())
        line, column = self._line + place.line, self._column + place.column
        point = f"{ord(strange[0]):04x}"
        self._found.error(
            "bad-character",
            Span(self._source.path, line, column, column + 1),
            f"the character U+{point.upper()} cannot stand in a YAML file",
            hint=f'remove it, or write it as "\\u{point}" in double quotes',
        )
        raise _Refused

    def _syntax(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        line = mark.line if mark else 0
        column = self._column + (mark.column if mark else 0) + 1
        line_number = min(self._line + line + 1, max(len(self._source.lines), 1))
        if self._line + line + 1 > line_number:  # libyaml points behind the last line
            column = len(self._source.lines[-1]) + 1
        problem = (error.problem or "this is not YAML").strip()
        message = _PLAIN_ENGLISH.get(problem, problem)
        self._found.error(
            "bad-yaml",
            Span(self._source.path, line_number, column, column + 1),
            message,
            hint=self._hint(line_number, column, error),
        )

    def _hint(self, line: int, column: int, error: yaml.MarkedYAMLError) -> str | None:
        text = self._source.line(line) or ""
        if "\t" in text[: column + 1]:
            return "indent with spaces; a tab is not allowed here"
        if column <= len(text) and text[column - 1] in "@`%*&!|>":
            return "put quotes around a text that starts with this character"
        if error.problem == "did not find expected key":
            return "check the indentation of this line, and that every quote above it is closed"
        if error.problem == "mapping values are not allowed in this context":
            return "put quotes around a text that holds ': ', or check the indentation"
        context = error.context_mark
        if context and context.line + self._line + 1 != line:
            return f"what it belongs to starts on line {context.line + self._line + 1}"
        return None
