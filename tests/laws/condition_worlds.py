"""Schemas, conditions as their authors would write them, and rows full of corners, for the laws."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa
from hypothesis import strategies as st

from seawall.core.clock import EPOCH, MICROS_PER_SECOND
from seawall.core.diagnostic import Span
from seawall.core.types import FieldType, Kind, Value
from seawall.policy.conditions import Column, Scope
from seawall.policy.conditions.evaluate import evaluate
from seawall.policy.conditions.expr import Constant, Expr, Read, children
from seawall.policy.conditions.moments import parse_moment
from seawall.policy.model import Bank

if TYPE_CHECKING:
    from collections.abc import Mapping

AT = Span("strategies/x.yml", 7, 5)

TEXTS = (
    "",
    "a",
    "b",
    "ab",
    "A",
    "aB",
    "abc",
    "xaby",
    "a%b",
    "a_b",
    "a\\b",
    "!",
    "100%",
    "Free MONEY now",
    "free  money",
    "straße",
    "STRASSE",
    "İstanbul",
    "ıI",
    "ΣΊΣΥΦΟΣ",
    "σς",
    "ǅ",
    "ŉ",
    "ﬁne",
    "é",
    "e\u0301",
    "ﾌﾘｰ",
    "中文 字",
    "👍🏽x",
    "👨‍👩‍👧",
    "\x00a",
    "a\nb",
    "\t a\u00a0",
    "\u3000z ",
    "  ",
    "'",
    '"',
    "a'b",
    "true",
    "5",
    "-1.5",
    "1e5",
    "\U0001f600\uffff",
    "+65 8123",
    "K\u212a",
    "ſ",
    "ß",
    "ẞ",
)
INTEGERS = (
    0,
    1,
    -1,
    2,
    3,
    5,
    7,
    10,
    60,
    100,
    -7,
    2**31 - 1,
    2**31,
    -(2**31),
    2**32 - 1,
    2**32,
    -(2**32),
    2**53,
    2**53 + 1,
    -(2**53) - 1,
    2**62,
    2**63 - 1,
    2**63 - 2,
    -(2**63),
    -(2**63) + 1,
)
NUMBERS = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.1,
    0.2,
    0.3,
    0.5,
    0.9,
    1.5,
    2.5,
    -2.5,
    3.0,
    100.0,
    1e15,
    2.0**53,
    2.0**63,
    -(2.0**63),
    9.2e18,
    1e19,
    1e308,
    -1.7976931348623157e308,
    5e-324,
    2.2250738585072014e-308,
    1e-7,
)
MOMENTS = tuple(
    parse_moment(text)
    for text in (
        "1970-01-01",
        "1969-12-31 23:59:59.999999",
        "2026-01-04 00:00:00",
        "2024-02-29 12:34:56.789",
        "0001-01-01",
        "9999-12-31 23:59:59.999999",
    )
)
POOLS: dict[Kind, tuple[Value, ...]] = {
    Kind.STRING: TEXTS,
    Kind.HASH: ("", "00ff", "00fe", "beee", "ffff", "deadbeef", "abc"),
    Kind.INTEGER: INTEGERS,
    Kind.NUMBER: NUMBERS,
    Kind.BOOLEAN: (True, False),
    Kind.TIMESTAMP: MOMENTS,
}
ARROW = {
    Kind.STRING: pa.string(),
    Kind.HASH: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.TIMESTAMP: pa.timestamp("us"),
}

MARKET_TZ = {"SG": "Asia/Singapore", "NP": "Asia/Kathmandu", "US": "America/New_York"}
ZONES = (*MARKET_TZ.values(), "Pacific/Kiritimati", "UTC", "nowhere/at_all")

BANKS = {
    "terms": Bank(
        name="terms",
        match="words",
        entries=("free money", "ab", "フリー", "strasse", "5"),
        version="1",
        span=AT,
    ),
    "parts": Bank(name="parts", match="anywhere", entries=("a", "money", "文"), version="1", span=AT),
    "exactly": Bank(name="exactly", match="exact", entries=("ab", "é", ""), version="1", span=AT),
    "known": Bank(name="known", match="hash", entries=("00ff", "beef", "1234"), version="1", span=AT),
    "sites": Bank(name="sites", match="domain", entries=("b", "example.org"), version="1", span=AT),
}
NAMED = {"tz": ZONES, "market": (*MARKET_TZ, "FR")}


@dataclass(frozen=True)
class World:
    """A scope and the order of its columns in a row."""

    scope: Scope

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.scope.columns)

    def rows(self, seed: int, count: int) -> list[tuple[Value, ...]]:
        rng = random.Random(seed)
        return [
            tuple(
                rng.choice((None, *NAMED[name])) if name in NAMED else _value(rng, column.type)
                for name, column in self.scope.columns.items()
            )
            for _ in range(count)
        ]

    def table(self, rows: list[tuple[Value, ...]], computed: Mapping[str, Expr] | None = None) -> pa.Table:
        """The rows, and what SQL cannot compute itself."""
        arrays = {
            name: pa.array(
                [value_of(expr, dict(zip(self.columns, row, strict=True))) for row in rows],
                ARROW[expr.type.kind],
            )
            for name, expr in (computed or {}).items()
        }
        for (name, column), values in zip(self.scope.columns.items(), zip(*rows, strict=True), strict=True):
            scalar = ARROW[column.type.kind]
            listed = [list(value) if isinstance(value, tuple) else value for value in values]
            arrays[name] = pa.array(listed, pa.list_(scalar) if column.type.is_list else scalar)
        return pa.table(arrays)


def value_of(expr: Expr, row: Mapping[str, Value]) -> Value:
    """The value of any expression on a row, node by node."""
    match expr:
        case Read(name=name):
            return row[name]
        case Constant(value=value):
            return value
        case _:
            return evaluate(expr, [value_of(child, row) for child in children(expr)])


def _value(rng: random.Random, type_: FieldType) -> Value:
    if type_.nullable and rng.random() < 0.25:
        return None
    if type_.is_list:
        return tuple(_scalar(rng, type_.kind) for _ in range(rng.choice((0, 1, 2, 3))))
    return _scalar(rng, type_.kind)


def _scalar(rng: random.Random, kind: Kind) -> Value:
    pool = POOLS[kind]
    if rng.random() < 0.8:
        return rng.choice(pool)
    match kind:
        case Kind.INTEGER:
            return rng.choice((rng.randint(-20, 20), rng.randint(-(2**63), 2**63 - 1)))
        case Kind.NUMBER:
            return rng.choice((rng.uniform(-3, 3), float(rng.randint(-20, 20)), rng.uniform(-1e300, 1e300)))
        case Kind.TIMESTAMP:
            return rng.randint(MOMENTS[-2], MOMENTS[-1])
        case Kind.STRING:
            return "".join(rng.choice("abAB%_\\ éßİσ文😀\n'") for _ in range(rng.randint(0, 8)))
        case _:
            return rng.choice(pool)


_KINDS = (
    *((Kind.STRING, False),) * 2,
    *((Kind.INTEGER, False),) * 2,
    *((Kind.NUMBER, False),) * 2,
    (Kind.BOOLEAN, False),
    (Kind.TIMESTAMP, False),
    (Kind.HASH, False),
    (Kind.STRING, True),
    (Kind.INTEGER, True),
    (Kind.NUMBER, True),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """At least one column of every type, each a field, a feature or a signal."""
    columns: dict[str, Column] = {}
    for position, (kind, is_list) in enumerate(_KINDS):
        source = draw(st.sampled_from(("field", "feature", "signal", "signal")))
        nullable = source != "field" or draw(st.booleans())
        name = f"{kind[0]}{'l' if is_list else ''}{position}"
        type_ = FieldType(kind, is_list=is_list, nullable=nullable)
        columns[name] = Column(name=name, type=type_, source=source)
    for name in ("tz", "market"):
        columns[name] = Column(name=name, type=FieldType(Kind.STRING, nullable=True), source="envelope")
    return World(Scope(columns, BANKS, MARKET_TZ))


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def moment_literal(micros: int) -> str:
    seconds, rest = divmod(micros, MICROS_PER_SECOND)
    days, second = divmod(seconds, 86_400)
    date = (EPOCH.date().toordinal()) + days
    day = EPOCH.date().fromordinal(date)
    return (
        f"TIMESTAMP '{day.year:04}-{day.month:02}-{day.day:02} "
        f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.{rest:06}'"
    )


PATTERNS = (
    "%a%",
    "a%",
    "%b",
    "a_b",
    "_",
    "%",
    "",
    "%!%%",
    "a!_b",
    "!!",
    "%ß%",
    "İ%",
    "%文_",
    "A%B",
    "%a%b%",
    "__",
    "%_x",
    "σ%",
    "\\%",
    "%\n%",
)
REGEXES = (
    "a",
    "^a",
    "b$",
    "a.b",
    "[ab]+",
    "(a)(b)?",
    "\\d+",
    "é|ß",
    "(?i)AB",
    "\\bfree\\b",
    "\\s",
    "x*",
    ".",
    "^$",
    "[^a]",
    "(?s)a.b",
    "\\.",
    "[[:alpha:]]{2,}",
    "(a|ab)(c|bcd)?",
)
UNITS = ("microsecond", "millisecond", "second", "minute", "hour", "day")

SPANS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
DIFFERENCES = (*UNITS, "month", "quarter", "year")
PERIODS = (*UNITS, "week", "month", "quarter", "year")

# Each rule is (strength, text); an operand weaker than its place wants is put into parentheses.
OR, AND, NOT, IS, COMPARE, LIKE, JOIN, ADD, MULTIPLY, SIGN, POST, ATOM = range(12)


class Author:
    """Writes well-typed conditions: few parentheses, every construct of the language."""

    def __init__(self, draw: st.DrawFn, scope: Scope, *, banks: bool) -> None:
        self.draw = draw
        self.banks = banks
        self.by_type: dict[tuple[Kind, bool], list[str]] = {}
        for name, column in scope.columns.items():
            kind = Kind.STRING if column.type.kind is Kind.HASH else column.type.kind
            self.by_type.setdefault((kind, column.type.is_list), []).append(name)

    def pick(self, *options: object) -> object:
        return self.draw(st.sampled_from(options))

    def wrap(self, part: tuple[int, str], strength: int) -> str:
        return part[1] if part[0] >= strength else f"({part[1]})"

    def column(self, kind: Kind, *, is_list: bool = False) -> tuple[int, str]:
        return ATOM, str(self.pick(*self.by_type[kind, is_list]))

    def boolean(self, depth: int) -> tuple[int, str]:
        if depth <= 0:
            return self.leaf(0)
        match self.pick("and", "or", "not", "leaf", "leaf", "leaf"):
            case "and":
                parts = [
                    self.wrap(self.boolean(depth - 1), AND + 1) for _ in range(self.draw(st.integers(2, 3)))
                ]
                return AND, " AND ".join(parts)
            case "or":
                parts = [
                    self.wrap(self.boolean(depth - 1), OR + 1) for _ in range(self.draw(st.integers(2, 3)))
                ]
                return OR, " OR ".join(parts)
            case "not":
                return NOT, f"NOT {self.wrap(self.boolean(depth - 1), NOT)}"
            case _:
                return self.leaf(depth)

    def leaf(self, depth: int) -> tuple[int, str]:  # noqa: C901  one case for each construct
        kind = self.pick(Kind.STRING, Kind.INTEGER, Kind.NUMBER, Kind.TIMESTAMP)
        form = self.pick(
            "compare",
            "compare",
            "compare",
            "in",
            "between",
            "like",
            "is null",
            "distinct",
            "test",
            "boolean",
            "regex",
            "list",
            "lists",
            "elapsed",
            "decimal",
            "mixed",
            "bank",
            "equal booleans",
        )
        negated = self.pick("", "", "NOT ")
        match form:
            case "compare":
                sign = self.pick("=", "<>", "!=", "<", "<=", ">", ">=", "==")
                return COMPARE, f"{self.side(kind, depth, LIKE)} {sign} {self.side(kind, depth, LIKE)}"
            case "mixed":
                sign = self.pick("=", "<>", "<", "<=", ">", ">=")
                return (
                    COMPARE,
                    f"{self.side(Kind.INTEGER, depth, LIKE)} {sign} {self.side(Kind.NUMBER, depth, LIKE)}",
                )
            case "equal booleans":
                return (
                    COMPARE,
                    (
                        f"{self.wrap(self.boolean(depth - 1), LIKE)} "
                        f"{self.pick('=', '<>', '<')} {self.wrap(self.boolean(0), LIKE)}"
                    ),
                )
            case "in":
                items = ", ".join(self.literal(kind) for _ in range(self.draw(st.integers(1, 3))))
                return LIKE, f"{self.side(kind, depth, JOIN)} {negated}IN ({items})"
            case "between":
                low, high = self.side(kind, 0, JOIN), self.side(kind, 0, JOIN)
                return LIKE, f"{self.side(kind, depth, JOIN)} {negated}BETWEEN {low} AND {high}"
            case "like":
                word = self.pick("LIKE", "ILIKE")
                escape = self.pick("", " ESCAPE '!'", " ESCAPE '\\'")
                pattern = str(self.pick(*PATTERNS))
                if escape.endswith("\\'") and pattern.endswith("\\"):
                    pattern += "\\"
                return (
                    LIKE,
                    f"{self.side(Kind.STRING, depth, JOIN)} {negated}{word} {quoted(pattern)}{escape}",
                )
            case "is null":
                return IS, f"{self.side(kind, depth, COMPARE)} IS {negated}NULL"
            case "distinct":
                return (
                    IS,
                    (
                        f"{self.side(kind, depth, COMPARE)} IS "
                        f"{negated}DISTINCT FROM {self.side(kind, depth, LIKE)}"
                    ),
                )
            case "test":
                return (
                    IS,
                    (
                        f"{self.wrap(self.boolean(depth - 1), COMPARE)} IS "
                        f"{negated}{self.pick('TRUE', 'FALSE', 'NULL', 'UNKNOWN')}"
                    ),
                )
            case "regex":
                options = self.pick("", ", 'i'", ", 's'", ", 'l'", ", 'c'")
                return (
                    ATOM,
                    (
                        f"regexp_matches({self.side(Kind.STRING, depth, OR)}, "
                        f"{quoted(str(self.pick(*REGEXES)))}{options})"
                    ),
                )
            case "lists":
                of = self.pick(Kind.STRING, Kind.INTEGER, Kind.NUMBER)
                other = self.pick(
                    self.column(of, is_list=True)[1],
                    f"[{', '.join(self.literal(of) for _ in range(self.draw(st.integers(1, 3))))}]",
                )
                word = self.pick("list_has_any", "list_has_all")
                return ATOM, f"{word}({self.column(of, is_list=True)[1]}, {other})"
            case "decimal":
                sign = self.pick("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM")
                other = self.pick(
                    self.decimal(0)[1],
                    self.side(Kind.INTEGER, 0, ADD),
                    self.side(Kind.NUMBER, 0, ADD),
                )
                return IS, f"{self.wrap(self.decimal(depth), ADD)} {sign} ({other})"
            case "elapsed":
                sign = self.pick("=", "<>", "<", "<=", ">", ">=")
                since = f"{self.side(Kind.TIMESTAMP, depth, ADD)} - {self.side(Kind.TIMESTAMP, 0, MULTIPLY)}"
                return COMPARE, f"{since} {sign} {self.interval()}"
            case "list":
                of = self.pick(Kind.STRING, Kind.INTEGER, Kind.NUMBER)
                return ATOM, f"list_contains({self.column(of, is_list=True)[1]}, {self.side(of, depth, OR)})"
            case "bank" if self.banks:
                if self.pick("matches", "near") == "near":
                    return ATOM, f"near({self.column(Kind.STRING)[1]}, 'known', {self.pick(0, 1, 8)})"
                if self.pick("matches", "count") == "count":
                    counted = f"match_count({self.column(Kind.STRING)[1]}, '{self.pick(*BANKS)}')"
                    return COMPARE, f"{counted} {self.pick('=', '>', '<=')} {self.pick(0, 1, 2)}"
                return ATOM, f"matches({self.column(Kind.STRING)[1]}, '{self.pick(*BANKS)}')"
            case _:
                if depth > 0:
                    return self.choice(Kind.BOOLEAN, depth)
                word = self.pick("contains", "starts_with", "ends_with")
                two = (self.side(Kind.STRING, 0, OR), self.side(Kind.STRING, 0, OR))
                return self.pick(
                    self.column(Kind.BOOLEAN),
                    (ATOM, "TRUE"),
                    (ATOM, "false"),
                    (ATOM, f"{word}({two[0]}, {two[1]})"),
                )  # type: ignore[return-value]

    def interval(self) -> str:
        count, unit = self.pick(1, 2, 30, 90), self.pick(*SPANS)
        return str(
            self.pick(
                f"INTERVAL {count} {unit}",
                f"INTERVAL '{count}' {unit}s",
                f"INTERVAL '{count} {unit}s 3 seconds'",
                f"INTERVAL '1 month {count} {unit}'",
            )
        )

    def decimal(self, depth: int) -> tuple[int, str]:
        """What DuckDB computes in DECIMAL."""
        literal = str(self.pick("0.5", "1.25", ".5", "5.", "0.001", "00.50", "-2.5", "123456789.125", "0.0"))
        whole = self.side(Kind.INTEGER, depth - 1, SIGN)
        form = self.pick("*", "+", "-", "%", "%", "case", "coalesce", "negate", "both", "literal")
        match form:
            case "case":
                return ATOM, f"CASE WHEN {self.boolean(0)[1]} THEN {literal} ELSE {whole} END"
            case "coalesce":
                return ATOM, f"COALESCE(NULLIF({whole}, 0), {literal}, 2)"
            case "negate":
                return SIGN, f"-({literal} * {whole})"
            case "both":
                sign = self.pick("+", "-", "*", "%")
                return ADD, f"({whole} * {literal}) {sign} ({literal} + {self.side(Kind.INTEGER, 0, ADD)})"
            case "literal":
                return ADD, f"{literal} {self.pick('+', '*', '%')} {self.pick('0.25', '2', '3.')}"
            case "+" | "-":
                return ADD, f"{literal} {form} {whole}"
            case _:
                return MULTIPLY, f"{whole} {form} {literal}"

    def side(self, kind: Kind, depth: int, strength: int) -> str:
        return self.wrap(self.value(kind, depth), strength)

    def literal(self, kind: Kind) -> str:
        match kind:
            case Kind.STRING:
                text = str(self.pick(*(each for each in TEXTS if "\x00" not in each)))
                return quoted(text)
            case Kind.INTEGER:
                return str(self.pick(*INTEGERS))
            case Kind.NUMBER:
                return str(
                    self.pick(
                        "0.5",
                        "-0.5",
                        "0.1",
                        "1e3",
                        "1.5",
                        "2.50",
                        "0.30000000000000004",
                        "-0.0",
                        "1e308",
                        ".5",
                        "5.",
                        "9007199254740993.0",
                    )
                )
            case Kind.TIMESTAMP:
                return moment_literal(int(self.pick(*MOMENTS)))  # type: ignore[call-overload]
            case _:
                return str(self.pick("TRUE", "FALSE"))

    def value(self, kind: Kind, depth: int) -> tuple[int, str]:
        form = self.pick("column", "column", "literal", "call", "call", "choice", "element")
        if depth <= 0 or form == "column":
            if form == "literal":
                return SIGN, self.literal(kind)
            return self.column(kind)
        match form:
            case "literal":
                return SIGN, self.literal(kind)
            case "choice":
                return self.choice(kind, depth)
            case "element" if kind is not Kind.TIMESTAMP:
                return POST, f"{self.column(kind, is_list=True)[1]}[{self.side(Kind.INTEGER, 0, OR)}]"
            case _:
                return self.call(kind, depth - 1)

    def choice(self, kind: Kind, depth: int) -> tuple[int, str]:
        def one() -> str:
            if kind is Kind.BOOLEAN:
                return self.boolean(depth - 2)[1]
            return self.value(kind, depth - 1)[1]

        match self.pick("case", "simple", "coalesce", "nullif"):
            case "case":
                ending = self.pick("", " ELSE NULL", f" ELSE {one()}")
                return (
                    ATOM,
                    (
                        f"CASE WHEN {self.boolean(depth - 1)[1]} THEN {one()} "
                        f"WHEN {self.boolean(0)[1]} THEN {one()}{ending} END"
                    ),
                )
            case "simple":
                return (
                    ATOM,
                    (
                        f"CASE {self.column(Kind.INTEGER)[1]} WHEN 1 THEN "
                        f"{one()} WHEN 5 THEN {one()} ELSE {one()} END"
                    ),
                )
            case "coalesce":
                return ATOM, f"COALESCE({one()}, {one()})"
            case _:
                return ATOM, f"NULLIF({one()}, {one()})"

    def call(self, kind: Kind, depth: int) -> tuple[int, str]:
        match kind:
            case Kind.STRING:
                return self.text_call(depth)
            case Kind.INTEGER:
                return self.integer_call(depth)
            case Kind.NUMBER:
                return self.number_call(depth)
            case Kind.TIMESTAMP:
                return self.moment_call(depth)
            case _:
                return self.column(kind)

    def moment_call(self, depth: int) -> tuple[int, str]:
        moment = self.side(Kind.TIMESTAMP, depth, ADD)
        match self.pick("+", "-", "swapped", "trunc"):
            case "swapped":
                return ADD, f"{self.interval()} + {self.side(Kind.TIMESTAMP, depth, MULTIPLY)}"
            case "trunc":
                return ATOM, f"date_trunc('{self.pick(*PERIODS)}', {self.side(Kind.TIMESTAMP, depth, OR)})"
            case sign:
                return ADD, f"{moment} {sign} {self.interval()}"

    def text_call(self, depth: int) -> tuple[int, str]:
        text = self.side(Kind.STRING, depth, OR)
        form = self.pick(
            "lower",
            "upper",
            "trim",
            "ltrim",
            "rtrim",
            "left",
            "right",
            "substr",
            "substr3",
            "replace",
            "join",
            "concat",
            "cast",
            "extract",
            "trim2",
            "reverse",
            "split_part",
            "regexp_replace",
        )
        match form:
            case "reverse" | "lower" | "upper" | "trim" | "ltrim" | "rtrim":
                return ATOM, f"{form}({text})"
            case "left" | "right" | "substr":
                return ATOM, f"{form}({text}, {self.side(Kind.INTEGER, depth, OR)})"
            case "substr3":
                return (
                    ATOM,
                    f"substring({text}, {self.side(Kind.INTEGER, 0, OR)}, {self.side(Kind.INTEGER, 0, OR)})",
                )
            case "replace":
                return (
                    ATOM,
                    f"replace({text}, {self.side(Kind.STRING, 0, OR)}, {self.side(Kind.STRING, 0, OR)})",
                )
            case "join":
                return JOIN, f"{self.side(Kind.STRING, depth, JOIN)} || {self.side(Kind.STRING, depth, ADD)}"
            case "concat":
                return ATOM, f"concat({text}, {self.side(Kind.STRING, 0, OR)}, NULL)"
            case "extract":
                return ATOM, f"regexp_extract({text}, {quoted(str(self.pick(*REGEXES)))})"
            case "split_part":
                separator = self.pick("'a'", "''", "' '", self.side(Kind.STRING, 0, OR))
                position = self.pick("1", "2", "-1", self.side(Kind.INTEGER, 0, OR))
                return ATOM, f"split_part({text}, {separator}, {position})"
            case "regexp_replace":
                options = self.pick("", ", 'g'", ", 'gi'", ", 'gs'", ", 'lg'")
                by = quoted(str(self.pick("", "x", "[\\0]", "\\\\", "é")))
                return ATOM, f"regexp_replace({text}, {quoted(str(self.pick(*REGEXES)))}, {by}{options})"
            case "trim2":
                return ATOM, f"{self.pick('trim', 'ltrim', 'rtrim')}({text}, {self.side(Kind.STRING, 0, OR)})"
            case _:
                if self.pick(True, False):
                    return POST, f"({self.decimal(0)[1]})::VARCHAR"
                of = self.pick(Kind.INTEGER, Kind.NUMBER)
                return POST, f"{self.column(of)[1]}::VARCHAR"  # type: ignore[arg-type]

    def integer_call(self, depth: int) -> tuple[int, str]:
        form = self.pick(
            "+",
            "-",
            "*",
            "//",
            "%",
            "negate",
            "length",
            "len",
            "hour",
            "dayofweek",
            "minute",
            "day",
            "month",
            "year",
            "local_hour",
            "local_dayofweek",
            "levenshtein",
            "bucket",
            "date_diff",
            "cast",
            "cast decimal",
            "cast boolean",
        )
        match form:
            case "+" | "-":
                return (
                    ADD,
                    (
                        f"{self.side(Kind.INTEGER, depth, ADD)} {form} "
                        f"{self.side(Kind.INTEGER, depth, MULTIPLY)}"
                    ),
                )
            case "*" | "//" | "%":
                return (
                    MULTIPLY,
                    (
                        f"{self.side(Kind.INTEGER, depth, MULTIPLY)} "
                        f"{form} {self.side(Kind.INTEGER, depth, SIGN)}"
                    ),
                )
            case "negate":
                return SIGN, f"- {self.side(Kind.INTEGER, depth, POST)}"
            case "length":
                return ATOM, f"length({self.side(Kind.STRING, depth, OR)})"
            case "len":
                return ATOM, f"len({self.column(Kind.STRING, is_list=True)[1]})"
            case "levenshtein":
                return (
                    ATOM,
                    f"levenshtein({self.side(Kind.STRING, depth, OR)}, {self.side(Kind.STRING, 0, OR)})",
                )
            case "bucket":
                return ATOM, f"bucket({self.side(Kind.STRING, depth, OR)}, 'é', {self.pick('1', '7', '100')})"
            case (
                "minute" | "hour" | "dayofweek" | "day" | "month" | "year" | "local_hour" | "local_dayofweek"
            ):
                return ATOM, f"{form}({self.side(Kind.TIMESTAMP, depth, OR)})"
            case "date_diff":
                return (
                    ATOM,
                    (
                        f"date_diff('{self.pick(*DIFFERENCES)}', {self.side(Kind.TIMESTAMP, 0, OR)}, "
                        f"{self.side(Kind.TIMESTAMP, 0, OR)})"
                    ),
                )
            case "cast decimal":
                return ATOM, f"TRY_CAST({self.decimal(depth)[1]} AS BIGINT)"
            case "cast":
                return ATOM, f"TRY_CAST({self.side(Kind.NUMBER, depth, OR)} AS BIGINT)"
            case _:
                return POST, f"({self.boolean(depth)[1]})::BIGINT"

    def number_call(self, depth: int) -> tuple[int, str]:
        form = self.pick("+", "-", "*", "/", "%", "negate", "cast", "jaccard", "cast decimal")
        match form:
            case "jaccard":
                return ATOM, f"jaccard({self.side(Kind.STRING, depth, OR)}, {self.side(Kind.STRING, 0, OR)})"
            case "+" | "-":
                return (
                    ADD,
                    (
                        f"{self.side(Kind.NUMBER, depth, ADD)} {form} "
                        f"{self.side(self.numeric(), depth, MULTIPLY)}"
                    ),
                )
            case "*" | "%":
                return (
                    MULTIPLY,
                    f"{self.side(Kind.NUMBER, depth, MULTIPLY)} {form} {self.side(Kind.NUMBER, depth, SIGN)}",
                )
            case "/":
                return (
                    MULTIPLY,
                    (
                        f"{self.side(self.numeric(), depth, MULTIPLY)} "
                        f"/ {self.side(self.numeric(), depth, SIGN)}"
                    ),
                )
            case "negate":
                return SIGN, f"-{self.side(Kind.NUMBER, depth, POST)}"
            case "cast decimal":
                return ATOM, f"CAST({self.decimal(depth)[1]} AS DOUBLE)"
            case _:
                return ATOM, f"CAST({self.side(Kind.INTEGER, depth, OR)} AS DOUBLE)"

    def numeric(self) -> Kind:
        return self.pick(Kind.INTEGER, Kind.NUMBER)  # type: ignore[return-value]


@st.composite
def conditions(draw: st.DrawFn, scope: Scope, *, banks: bool = True) -> str:
    """The text of one condition."""
    return Author(draw, scope, banks=banks).boolean(draw(st.integers(0, 3)))[1]
