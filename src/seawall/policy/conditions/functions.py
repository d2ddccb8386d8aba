"""The functions a condition may call: types, NULL, and an example that runs on every back end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from seawall.core.types import FieldType, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT, INTEGER, NUMBER = FieldType(Kind.STRING), FieldType(Kind.INTEGER), FieldType(Kind.NUMBER)
BOOLEAN, TIMESTAMP = FieldType(Kind.BOOLEAN), FieldType(Kind.TIMESTAMP)
STRICT = "NULL if an argument is NULL"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument: its type, whether it must be a literal, and what stands for it where it is left out."""

    name: str
    type: FieldType
    literal: bool = False
    default: str | int | None = None  # only of a literal


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function. `repeats`: the last parameter may be given any number of times."""

    parameters: tuple[Parameter, ...]
    result: FieldType
    operation: str  # a key of OPERATIONS
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function as its users know it.

    Attributes:
        does: one sentence.
        nulls: what it does with NULL.
        example: a call without columns, and `answer`, what it gives in DuckDB.
    """

    name: str
    overloads: tuple[Overload, ...]
    does: str
    example: str
    answer: str
    nulls: str = STRICT
    aliases: tuple[str, ...] = ()


def _list_of(kind: Kind) -> FieldType:
    return FieldType(kind, is_list=True)


def _one(
    operation: str, result: FieldType, *parameters: Parameter, repeats: bool = False
) -> tuple[Overload, ...]:
    return (Overload(parameters, result, operation, repeats),)


_text = Parameter("text", TEXT)
_part = Parameter("part", TEXT)
_characters = Parameter("characters", TEXT)
_count = Parameter("count", INTEGER)
_moment = Parameter("moment", TIMESTAMP)
_pattern = Parameter("pattern", TEXT, literal=True)
_options = Parameter("options", TEXT, literal=True, default="")
_unit = Parameter("unit", TEXT, literal=True)
_LISTED = (Kind.STRING, Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN, Kind.TIMESTAMP)
_LISTS = tuple(_list_of(kind) for kind in _LISTED)
_LENGTHS = tuple(Overload((Parameter("list", a_list),), INTEGER, "len") for a_list in _LISTS)

_ALL = (
    Function(
        "lower",
        _one("lower", TEXT, _text),
        "The text in lower case, one code point at a time.",
        "lower('ÀB')",
        "'àb'",
        aliases=("lcase",),
    ),
    Function(
        "upper",
        _one("upper", TEXT, _text),
        "The text in upper case, one code point at a time.",
        "upper('àb')",
        "'ÀB'",
        aliases=("ucase",),
    ),
    Function(
        "length",
        (*_one("length", INTEGER, _text), *_LENGTHS),
        "The number of code points of a text, or of elements of a list.",
        "length('né')",
        "2",
        aliases=("len",),
    ),
    Function(
        "trim",
        (*_one("trim", TEXT, _text), *_one("trim_of", TEXT, _text, _characters)),
        "The text without spaces (of any width, but no tabs or line feeds) or those characters at both ends.",
        "trim('  a ')",
        "'a'",
    ),
    Function(
        "ltrim",
        (*_one("ltrim", TEXT, _text), *_one("ltrim_of", TEXT, _text, _characters)),
        "The same at the start only.",
        "ltrim('xxa', 'x')",
        "'a'",
    ),
    Function(
        "rtrim",
        (*_one("rtrim", TEXT, _text), *_one("rtrim_of", TEXT, _text, _characters)),
        "The same at the end only.",
        "rtrim('a!?', '?!')",
        "'a'",
    ),
    Function(
        "left",
        _one("left", TEXT, _text, _count),
        "The first code points; a negative count leaves out as many at the end.",
        "left('hello', -2)",
        "'hel'",
    ),
    Function(
        "right",
        _one("right", TEXT, _text, _count),
        "The last code points; a negative count leaves out as many at the start.",
        "right('hello', 2)",
        "'lo'",
    ),
    Function(
        "substr",
        (
            *_one("substr", TEXT, _text, Parameter("start", INTEGER)),
            *_one("substr_of", TEXT, _text, Parameter("start", INTEGER), _count),
        ),
        "The text from a code point on, counted from 1 or, if negative, from the end; at most `count`.",
        "substr('hello', 2, 3)",
        "'ell'",
        aliases=("substring",),
    ),
    Function(
        "replace",
        _one("replace", TEXT, _text, _part, Parameter("by", TEXT)),
        "The text with every occurrence of the part replaced; an empty part occurs nowhere.",
        "replace('banana', 'an', '-')",
        "'b--a'",
    ),
    Function(
        "contains",
        _one("contains", BOOLEAN, _text, _part),
        "Whether the part stands in the text.",
        "contains('abc', 'b')",
        "TRUE",
    ),
    Function(
        "starts_with",
        _one("starts_with", BOOLEAN, _text, _part),
        "Whether the text begins with the part.",
        "starts_with('abc', 'ab')",
        "TRUE",
        aliases=("prefix",),
    ),
    Function(
        "ends_with",
        _one("ends_with", BOOLEAN, _text, _part),
        "Whether the text ends with the part.",
        "ends_with('abc', 'ab')",
        "FALSE",
        aliases=("suffix",),
    ),
    Function(
        "concat",
        _one("concat", TEXT, _text, repeats=True),
        "All texts one after the other.",
        "concat('a', NULL, 'b')",
        "'ab'",
        nulls="an argument that is NULL counts as empty; never NULL",
    ),
    Function(
        "regexp_matches",
        _one("regexp_matches", BOOLEAN, _text, _pattern, _options),
        "Whether a regular expression (RE2) occurs anywhere in the text.",
        "regexp_matches('Win NOW', 'n.w', 'i')",
        "TRUE",
    ),
    Function(
        "regexp_extract",
        _one(
            "regexp_extract",
            TEXT,
            _text,
            _pattern,
            Parameter("group", INTEGER, literal=True, default=0),
            _options,
        ),
        "The first occurrence of a regular expression (RE2) or of one of its groups; empty if there is none.",
        r"regexp_extract('call +6581', '\+(\d+)', 1)",
        "'6581'",
    ),
    Function(
        "regexp_replace",
        _one("regexp_replace", TEXT, _text, _pattern, Parameter("by", TEXT, literal=True), _options),
        r"The text with the first occurrence replaced, every one with the option `g`; `\1` is a group.",
        r"regexp_replace('t.me/a1 t.me/b2', 't\.me/(\w)\d', '\1', 'g')",
        "'a b'",
    ),
    Function(
        "reverse",
        _one("reverse", TEXT, _text),
        "The text from its end to its beginning, where it is of ASCII alone.",
        "reverse('moc.elpmaxe')",
        "'example.com'",
        nulls="NULL if the argument is, or goes beyond ASCII (`not only ASCII`)",
    ),
    Function(
        "split_part",
        _one("split_part", TEXT, _text, Parameter("separator", TEXT), Parameter("position", INTEGER)),
        "A part between separators, counted from 1 or, if negative, from the end; empty where there is none.",
        "split_part('a,b,c', ',', -1)",
        "'c'",
    ),
    Function(
        "levenshtein",
        _one("levenshtein", INTEGER, _text, Parameter("other", TEXT)),
        "How many bytes of UTF-8 must be put in, taken out or changed to make one text of the other.",
        "levenshtein('paypa1', 'paypal')",
        "1",
        aliases=("editdist3",),
    ),
    Function(
        "jaccard",
        _one("jaccard", NUMBER, _text, Parameter("other", TEXT)),
        "The share of bytes of UTF-8 that both texts have, of those that either has.",
        "jaccard('abc', 'abd')",
        "0.5::DOUBLE",
        nulls="NULL if an argument is NULL or empty (`an empty text`)",
    ),
    Function(
        "bucket",
        _one(
            "bucket",
            INTEGER,
            _text,
            Parameter("salt", TEXT, literal=True),
            Parameter("count", INTEGER, literal=True),
        ),
        "Which of `count` buckets, from 0 on, a text falls into: always the same one of a salt, for samples.",
        "bucket('u1', 'trial', 100)",
        "23",
    ),
    Function(
        "list_contains",
        tuple(
            Overload(
                (Parameter("list", _list_of(kind)), Parameter("value", FieldType(kind))),
                BOOLEAN,
                "list_contains",
            )
            for kind in _LISTED
        ),
        "Whether the value is an element of the list.",
        "list_contains(NULL, 'a')",
        "NULL",
        aliases=("list_has", "array_contains", "array_has"),
    ),
    *(
        Function(
            name,
            tuple(
                Overload((Parameter("list", a_list), Parameter("others", a_list)), BOOLEAN, name)
                for a_list in _LISTS
            ),
            does,
            example,
            answer,
            aliases=(name.replace("list", "array"),),
        )
        for name, does, example, answer in (
            (
                "list_has_any",
                "Whether any of the others is an element of the list.",
                "list_has_any(['a', 'b'], ['b', 'c'])",
                "TRUE",
            ),
            (
                "list_has_all",
                "Whether all of the others are elements of the list.",
                "list_has_all(['a', 'b'], ['b', 'c'])",
                "FALSE",
            ),
        )
    ),
    Function(
        "hour",
        _one("hour", INTEGER, _moment),
        "The hour of a timestamp in UTC, 0 to 23.",
        "hour(TIMESTAMP '2026-01-02 13:45:00')",
        "13",
    ),
    *(
        Function(
            name,
            _one(name, INTEGER, _moment),
            f"The {what} of a timestamp in UTC.",
            f"{name}(TIMESTAMP '2026-01-02 13:45:00')",
            answer,
        )
        for name, what, answer in (
            ("minute", "minute", "45"),
            ("day", "day of the month", "2"),
            ("month", "month", "1"),
            ("year", "year", "2026"),
        )
    ),
    Function(
        "local_hour",
        _one("local_hour", INTEGER, _moment),
        "The hour on the clocks where the event was: in its `tz`, else in the time zone of its market.",
        "local_hour(TIMESTAMP '2026-01-02 23:45:00')",
        "7",
        nulls="NULL if the argument is, or there is no time zone",
    ),
    Function(
        "local_dayofweek",
        _one("local_dayofweek", INTEGER, _moment),
        "The day of the week there, 0 on Sunday to 6 on Saturday.",
        "local_dayofweek(TIMESTAMP '2026-01-02 23:45:00')",
        "6",
        nulls="NULL if the argument is, or there is no time zone",
    ),
    Function(
        "date_trunc",
        _one("date_trunc", TIMESTAMP, _unit, _moment),
        "When the unit (microsecond to day, week, month, quarter, year) began; weeks begin on Monday.",
        "date_trunc('month', TIMESTAMP '2026-01-02 13:45:00')",
        "TIMESTAMP '2026-01-01 00:00:00'",
        aliases=("datetrunc",),
    ),
    Function(
        "dayofweek",
        _one("dayofweek", INTEGER, _moment),
        "The day of the week in UTC, 0 on Sunday to 6 on Saturday.",
        "dayofweek(TIMESTAMP '2026-01-02 13:45:00')",
        "5",
        aliases=("weekday",),
    ),
    Function(
        "date_diff",
        _one(
            "date_diff",
            INTEGER,
            _unit,
            Parameter("start", TIMESTAMP),
            Parameter("end", TIMESTAMP),
        ),
        "How many boundaries of a unit (microsecond to day, month, quarter, year) lie between two moments.",
        "date_diff('day', TIMESTAMP '2026-01-01 23:59:59', TIMESTAMP '2026-01-02 00:00:00')",
        "1",
        aliases=("datediff",),
    ),
)

FUNCTIONS: Mapping[str, Function] = {
    name: function for function in _ALL for name in (function.name, *function.aliases)
}
"""Every function by name and alias."""
