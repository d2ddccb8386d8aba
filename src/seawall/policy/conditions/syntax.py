"""The shape of a condition as it was written, before names and types are known, with its offsets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """From the first character of a part to behind its last."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Name:
    """A column, as written; `quoted` keeps its case."""

    at: Place
    name: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number without sign."""

    at: Place
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text literal, without its quotes."""

    at: Place
    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """TRUE, FALSE or NULL."""

    at: Place
    word: str


@dataclass(frozen=True, slots=True)
class Moment:
    """TIMESTAMP '...'."""

    at: Place
    text: str


@dataclass(frozen=True, slots=True)
class Interval:
    """INTERVAL, its months and its microseconds apart, since months are of no fixed length."""

    at: Place
    months: int
    micros: int


@dataclass(frozen=True, slots=True)
class Listed:
    """[a, b, ...]."""

    at: Place
    items: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """NOT or a sign."""

    at: Place
    operator: str
    part: Syntax


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands and what stands between them: arithmetic, ||, comparisons, [NOT] DISTINCT."""

    at: Place
    operator: str
    left: Syntax
    right: Syntax


@dataclass(frozen=True, slots=True)
class Connective:
    """AND or OR over any number of parts."""

    at: Place
    operator: str
    parts: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Is:
    """IS [NOT] NULL, TRUE or FALSE."""

    at: Place
    part: Syntax
    word: str
    negated: bool


@dataclass(frozen=True, slots=True)
class In:
    """[NOT] IN (list)."""

    at: Place
    part: Syntax
    items: tuple[Syntax, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class Between:
    """[NOT] BETWEEN low AND high."""

    at: Place
    part: Syntax
    low: Syntax
    high: Syntax
    negated: bool


@dataclass(frozen=True, slots=True)
class Like:
    """[NOT] LIKE or ILIKE, with an optional ESCAPE."""

    at: Place
    part: Syntax
    pattern: Syntax
    escape: Syntax | None
    operator: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A name applied to arguments."""

    at: Place
    name: str
    name_at: Place
    args: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Cast:
    """CAST, TRY_CAST or `::`."""

    at: Place
    part: Syntax
    target: str
    target_at: Place


@dataclass(frozen=True, slots=True)
class Choice:
    """CASE. `operand` is None in the searched form, `default` where there is no ELSE."""

    at: Place
    operand: Syntax | None
    branches: tuple[tuple[Syntax, Syntax], ...]
    default: Syntax | None


@dataclass(frozen=True, slots=True)
class Index:
    """list[position]."""

    at: Place
    part: Syntax
    position: Syntax


Syntax = (
    Name
    | Number
    | Text
    | Word
    | Moment
    | Interval
    | Listed
    | Unary
    | Binary
    | Connective
    | Is
    | In
    | Between
    | Like
    | Function
    | Cast
    | Choice
    | Index
)


def parts_of(tree: Syntax) -> tuple[Syntax, ...]:
    """The direct parts of a node, left to right."""
    match tree:
        case Name() | Number() | Text() | Word() | Moment() | Interval():
            return ()
        case Listed(items=items):
            return items
        case Unary(part=part) | Is(part=part) | Cast(part=part):
            return (part,)
        case Binary(left=left, right=right):
            return (left, right)
        case Connective(parts=parts):
            return parts
        case In(part=part, items=items):
            return (part, *items)
        case Between(part=part, low=low, high=high):
            return (part, low, high)
        case Like(part=part, pattern=pattern, escape=escape):
            return (part, pattern, *((escape,) if escape else ()))
        case Function(args=args):
            return args
        case Choice(operand=operand, branches=branches, default=default):
            inner = (part for branch in branches for part in branch)
            return (*((operand,) if operand else ()), *inner, *((default,) if default else ()))
        case Index(part=part, position=position):
            return (part, position)
