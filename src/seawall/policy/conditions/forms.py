"""What a condition is built of besides functions, with what it does with NULL and an example that is run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """One construct of the language; `answer` is what the example gives in DuckDB."""

    written: str
    does: str
    nulls: str
    example: str
    answer: str


_STRICT = "NULL if a side is NULL"
FORMS = (
    Form(
        "a AND b",
        "both",
        "FALSE if a side is FALSE, else NULL if one is NULL",
        "FALSE AND 1 = NULLIF(1, 1)",
        "FALSE",
    ),
    Form(
        "a OR b",
        "at least one",
        "TRUE if a side is TRUE, else NULL if one is NULL",
        "TRUE OR 1 = NULLIF(1, 1)",
        "TRUE",
    ),
    Form("NOT a", "the opposite", "NULL stays NULL", "NOT 1 = NULLIF(1, 1)", "NULL"),
    Form(
        "a = b, <>, !=, <, <=, >, >=",
        "comparison; texts by code point; an integer beside a double becomes one",
        _STRICT,
        "'Z' < 'a'",
        "TRUE",
    ),
    Form("a IS [NOT] NULL", "whether there is a value", "never NULL", "NULLIF(1, 1) IS NULL", "TRUE"),
    Form(
        "a IS [NOT] TRUE, FALSE",
        "whether it is just that",
        "never NULL",
        "(1 = NULLIF(1, 1)) IS TRUE",
        "FALSE",
    ),
    Form(
        "a IS [NOT] DISTINCT FROM b",
        "comparison where NULL is a value like any other",
        "never NULL",
        "1 IS DISTINCT FROM NULLIF(1, 1)",
        "TRUE",
    ),
    Form(
        "a [NOT] IN (1, 2)",
        "whether a literal of the list equals it",
        "NULL if `a` is NULL",
        "2 IN (1, 2)",
        "TRUE",
    ),
    Form(
        "a [NOT] BETWEEN b AND c",
        "`a >= b AND a <= c`",
        "as that says",
        "1 BETWEEN 5 AND NULLIF(1, 1)",
        "FALSE",
    ),
    Form(
        "a [NOT] LIKE 'pattern' [ESCAPE '!']",
        "`%` is any run of code points, `_` exactly one; nothing escapes them unless ESCAPE says so",
        "NULL if `a` is NULL",
        "'100%' LIKE '%!%' ESCAPE '!'",
        "TRUE",
    ),
    Form(
        "a [NOT] ILIKE 'pattern'",
        "LIKE, both sides in lower case as `lower` makes it",
        "NULL if `a` is NULL",
        "'FREE Money' ILIKE 'free%'",
        "TRUE",
    ),
    Form(
        "CASE WHEN a THEN b ... ELSE c END",
        "the value of the first condition that is TRUE; also CASE a WHEN 1 THEN ...",
        "NULL where nothing is TRUE and there is no ELSE",
        "CASE WHEN 1 = 2 THEN 'a' END",
        "NULL",
    ),
    Form(
        "COALESCE(a, b, ...)",
        "the first value that is there",
        "NULL if all are",
        "COALESCE(NULL, 'b')",
        "'b'",
    ),
    Form("NULLIF(a, b)", "`a`, but NULL if it equals `b`", "`a` if `b` is NULL", "NULLIF('x', 'x')", "NULL"),
    Form(
        "a + b, a - b, a * b, -a",
        "64-bit integers, or doubles as soon as one side is",
        f"{_STRICT}, and where the result does not fit (`overflow`)",
        "9223372036854775807::BIGINT + 1",
        "NULL",
    ),
    Form(
        "a * 0.5, a + 1.25, a % 0.1",
        "an integer beside a literal with a point is computed in DECIMAL, digit by digit",
        f"{_STRICT}, and where `b` of `%` is 0 (`division by zero`)",
        "3::BIGINT * 0.1 = 0.3",
        "TRUE",
    ),
    Form(
        "a / b",
        "division in doubles",
        f"{_STRICT}, and where `b` is 0 (`division by zero`)",
        "7::BIGINT / 2",
        "3.5::DOUBLE",
    ),
    Form(
        "a // b",
        "division of integers, cut towards zero",
        f"{_STRICT}, and where `b` is 0 (`division by zero`)",
        "-7::BIGINT // 2",
        "-3",
    ),
    Form(
        "a % b",
        "the remainder, with the sign of `a`",
        f"{_STRICT}, and where `b` is 0 (`division by zero`)",
        "-7::BIGINT % 0",
        "NULL",
    ),
    Form(
        "a + INTERVAL 10 MINUTES, a - INTERVAL '1 day 12 hours'",
        "a moment moved on or back; a month more is the same day, or the last one of a shorter month",
        f"{_STRICT}, and outside the years 1 to 9999",
        "TIMESTAMP '2024-01-31 00:00:00' + INTERVAL 1 MONTH",
        "TIMESTAMP '2024-02-29 00:00:00'",
    ),
    Form(
        "a - b",
        "the time between two moments, to be compared with an interval; a month counts 30 days there",
        _STRICT,
        "TIMESTAMP '2026-01-02 00:00:00' - TIMESTAMP '2026-01-01 00:00:00' > INTERVAL 12 HOURS",
        "TRUE",
    ),
    Form("a || b", "two texts joined", _STRICT, "'a' || 'b'", "'ab'"),
    Form(
        "CAST(a AS type), TRY_CAST, a::type",
        "BIGINT, DOUBLE, VARCHAR or BOOLEAN; a double rounds to the nearest integer, ties to even",
        "NULL if `a` is NULL or does not fit (`bad cast`)",
        "2.5::DOUBLE::BIGINT",
        "2",
    ),
    Form(
        "list[position]",
        "an element; 1 is the first, -1 the last",
        "NULL where there is none",
        "",
        "",
    ),
    Form(
        "matches(field, 'list')",
        "whether a text field meets an entry of a list of the project",
        "NULL if the field is",
        "matches(text, 'scam_terms')",
        "TRUE",
    ),
    Form(
        "match_count(field, 'list')",
        "how many different entries it meets",
        "NULL if the field is",
        "match_count(text, 'scam_terms')",
        "2",
    ),
    Form(
        "near(field, 'list', bits)",
        "whether a hash differs in at most so many bits from one of a list with `match: hash`",
        "NULL if the field is, or is no hash of that length (`no hash of that length`)",
        "near(picture, 'known_pictures', 1)",
        "TRUE",
    ),
    Form(
        "['a', 'b']",
        "a list of literals of one type, as an argument",
        "it holds no NULL",
        "list_contains(['a', 'b'], 'b')",
        "TRUE",
    ),
)
