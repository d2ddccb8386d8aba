"""Tokens to syntax, with DuckDB's precedence; what reads differently to a person and to DuckDB is refused.

Weakest first: OR, AND, NOT, IS, comparisons, LIKE/IN/BETWEEN, ||, + and -, * / // %, a sign, :: and [].
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from seawall.policy.conditions import syntax
from seawall.policy.conditions.fault import Fault, Refused
from seawall.policy.conditions.intervals import is_unit, parse_interval
from seawall.policy.conditions.lex import Token, TokenKind, lex
from seawall.policy.conditions.syntax import Place, Syntax, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_CHARACTERS = 20_000
MAX_DEPTH = 32

COMPARISONS = {"=": "=", "==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_ARITHMETIC = (("||",), ("+", "-"), ("*", "/", "//", "%"))
_RESERVED = frozenset(
    (
        *(
            "and",
            "or",
            "not",
            "is",
            "null",
            "in",
            "like",
            "ilike",
            "between",
            "case",
            "when",
            "then",
            "else",
            "end",
        ),
        *(
            "true",
            "false",
            "distinct",
            "from",
            "escape",
            "cast",
            "try_cast",
            "select",
            "where",
            "group",
            "order",
        ),
        *(
            "by",
            "having",
            "union",
            "all",
            "any",
            "some",
            "exists",
            "with",
            "as",
            "on",
            "join",
            "interval",
            "over",
        ),
        *("filter", "limit", "glob", "similar", "collate", "at"),
    )
)
_INSTEAD = {
    "select": "a condition has no sub-queries; count past events with a feature",
    "exists": "a condition has no sub-queries; count past events with a feature",
    "over": "a condition has no window functions; count past events with a feature",
    "filter": "a condition has no aggregates; count past events with a feature",
    "glob": "write LIKE or regexp_matches",
    "similar": "write regexp_matches",
    "any": "write list_contains(list, value)",
    "*": "a condition sees one event; count past events with a feature",
    "some": "write list_contains(list, value)",
    "all": "write list_contains(list, value)",
}


def parse(text: str) -> Syntax:
    """Read one boolean expression.

    Raises:
        Refused: with the first fault of form.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"the condition is longer than {MAX_CHARACTERS:,} characters"
        raise Refused(Fault(0, 1, "too-long", message, "split it into several strategies, or use a list"))
    tree = _Parser(lex(text)).whole()
    level, depth = [tree], 0
    while level:
        level, depth = [part for whole in level for part in parts_of(whole)], depth + 1
        if depth > MAX_DEPTH:
            raise Refused(_too_deep(tree.at))
    return tree


def _too_deep(at: Place) -> Fault:
    message = f"the condition nests deeper than {MAX_DEPTH} levels"
    return Fault(at.start, at.end, "too-deep", message, "split it into several strategies")


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._next = 0
        self._depth = 0

    def whole(self) -> Syntax:
        if self._peek().kind is TokenKind.END:
            raise Refused(Fault(0, 1, "syntax", "the condition is empty", "write a condition, or TRUE"))
        found = self._or()
        if self._peek().kind is not TokenKind.END:
            self._unexpected("the condition should end")
        return found

    # tokens

    def _peek(self, ahead: int = 0) -> Token:
        return self._tokens[min(self._next + ahead, len(self._tokens) - 1)]

    def _take(self) -> Token:
        token = self._peek()
        self._next += 1
        return token

    def _is_word(self, *words: str, ahead: int = 0) -> bool:
        token = self._peek(ahead)
        return token.kind is TokenKind.NAME and token.text.lower() in words

    def _is_operator(self, *operators: str) -> bool:
        token = self._peek()
        return token.kind is TokenKind.OPERATOR and token.text in operators

    def _skip_word(self, *words: str) -> bool:
        found = self._is_word(*words)
        self._next += found
        return found

    def _skip_operator(self, operator: str) -> bool:
        found = self._is_operator(operator)
        self._next += found
        return found

    def _expect_word(self, word: str, after: str) -> None:
        if not self._skip_word(word):
            self._unexpected(f"{word.upper()} should follow {after}")

    def _expect_operator(self, operator: str, after: str) -> Token:
        if not self._is_operator(operator):
            self._unexpected(f"{operator!r} should follow {after}")
        return self._take()

    def _unexpected(self, expected: str) -> NoReturn:
        token = self._peek()
        hint = _INSTEAD.get(token.text.lower())
        end = max(token.end, token.start + 1)
        raise Refused(Fault(token.start, end, "syntax", f"{expected}, but {token} stands here", hint))

    def _since(self, start: int) -> Place:
        return Place(start, self._tokens[self._next - 1].end)

    # levels, weakest first

    def _or(self) -> Syntax:
        self._enter()
        found = self._connective("or", lambda: self._connective("and", self._not))
        self._depth -= 1
        return found

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            token = self._peek()
            raise Refused(_too_deep(Place(token.start, max(token.end, token.start + 1))))

    def _connective(self, word: str, part: Callable[[], Syntax]) -> Syntax:
        start = self._peek().start
        parts = [part()]
        while self._skip_word(word):
            parts.append(part())
        if len(parts) == 1:
            return parts[0]
        return syntax.Connective(self._since(start), word, tuple(parts))

    def _not(self) -> Syntax:
        start = self._peek().start
        if self._skip_word("not"):
            self._enter()
            part = self._not()
            self._depth -= 1
            return syntax.Unary(self._since(start), "not", part)
        return self._is()

    def _is(self) -> Syntax:
        start = self._peek().start
        found = self._comparison()
        tested, compared = self._is_word("is", "isnull", "notnull"), False
        while self._is_word("is", "isnull", "notnull"):
            compares = self._is_word("distinct", ahead=2 if self._is_word("not", ahead=1) else 1)
            if compares and compared:
                self._ambiguous("DISTINCT FROM after DISTINCT FROM")
            compared = compared or compares
            found = self._one_is(start, found)
        if tested and self._is_operator(*COMPARISONS):
            self._ambiguous("a comparison after IS")
        return found

    def _one_is(self, start: int, part: Syntax) -> Syntax:
        word = self._take().text.lower()
        if word != "is":
            return syntax.Is(self._since(start), part, "null", negated=word == "notnull")
        negated = self._skip_word("not")
        if self._skip_word("distinct"):
            self._expect_word("from", "DISTINCT")
            right = self._like()
            operator = "not distinct" if negated else "distinct"
            return syntax.Binary(self._since(start), operator, part, right)
        if not self._is_word("null", "true", "false", "unknown"):
            self._unexpected("NULL, TRUE, FALSE or DISTINCT FROM should follow IS")
        word = self._take().text.lower()
        return syntax.Is(self._since(start), part, "null" if word == "unknown" else word, negated)

    def _comparison(self) -> Syntax:
        start = self._peek().start
        left = self._like()
        if not self._is_operator(*COMPARISONS):
            return left
        operator = COMPARISONS[self._take().text]
        right = self._like()
        if self._is_operator(*COMPARISONS):
            self._ambiguous("a comparison of a comparison")
        return syntax.Binary(self._since(start), operator, left, right)

    def _ambiguous(self, what: str) -> NoReturn:
        token = self._peek()
        hint = "put parentheses around the part that belongs together"
        raise Refused(Fault(token.start, token.end, "ambiguous", f"{what} needs parentheses", hint))

    def _like(self) -> Syntax:
        start = self._peek().start
        found = self._arithmetic(0)
        negated = self._is_word("not") and self._is_word("like", "ilike", "in", "between", ahead=1)
        self._next += negated
        if not self._is_word("like", "ilike", "in", "between"):
            return found
        word = self._take().text.lower()
        match word:
            case "in":
                items = self._items()
                found = syntax.In(self._since(start), found, items, negated)
            case "between":
                low = self._arithmetic(0)
                self._expect_word("and", "the lower bound of BETWEEN")
                high = self._arithmetic(0)
                found = syntax.Between(self._since(start), found, low, high, negated)
            case _:
                pattern = self._arithmetic(0)
                escape = self._arithmetic(0) if self._skip_word("escape") else None
                found = syntax.Like(self._since(start), found, pattern, escape, word, negated)
        if self._is_word("like", "ilike", "in", "between"):
            self._ambiguous(f"{self._peek().text.upper()} after {word.upper()}")
        return found

    def _items(self) -> tuple[Syntax, ...]:
        self._expect_operator("(", "IN")
        return self._until_parenthesis("a value of the list")

    def _until_parenthesis(self, what: str) -> tuple[Syntax, ...]:
        if self._skip_operator(")"):
            return ()
        items = [self._or()]
        while self._skip_operator(","):
            items.append(self._or())
        self._expect_operator(")", what)
        return tuple(items)

    def _arithmetic(self, level: int) -> Syntax:
        if level == len(_ARITHMETIC):
            return self._sign()
        start = self._peek().start
        found = self._arithmetic(level + 1)
        while self._is_operator(*_ARITHMETIC[level]):
            operator = self._take().text
            right = self._arithmetic(level + 1)
            found = syntax.Binary(self._since(start), operator, found, right)
        return found

    def _sign(self) -> Syntax:
        start = self._peek().start
        if not self._is_operator("-", "+"):
            return self._postfix()
        operator = self._take().text
        self._enter()
        part = self._sign()
        self._depth -= 1
        return syntax.Unary(self._since(start), operator, part)

    def _postfix(self) -> Syntax:
        start = self._peek().start
        found = self._primary()
        while self._is_operator("::", "["):
            if self._take().text == "::":
                target, place = self._type_name()
                found = syntax.Cast(self._since(start), found, target, place)
            else:
                position = self._or()
                self._expect_operator("]", "the position in a list")
                found = syntax.Index(self._since(start), found, position)
        return found

    def _type_name(self) -> tuple[str, Place]:
        token = self._peek()
        if token.kind is not TokenKind.NAME:
            self._unexpected("a type should follow")
        self._take()
        name = token.text.lower()
        if name == "double" and self._skip_word("precision"):
            name = "double precision"
        return name, self._since(token.start)

    def _primary(self) -> Syntax:
        token = self._peek()
        match token.kind:
            case TokenKind.NUMBER:
                self._take()
                return syntax.Number(self._since(token.start), token.text)
            case TokenKind.TEXT:
                self._take()
                return syntax.Text(self._since(token.start), token.text)
            case TokenKind.QUOTED:
                self._take()
                return syntax.Name(self._since(token.start), token.text, quoted=True)
            case TokenKind.NAME:
                return self._word(token)
            case _:
                return self._parenthesised()

    def _parenthesised(self) -> Syntax:
        start = self._peek().start
        if self._skip_operator("["):
            items = [self._or()]
            while self._skip_operator(","):
                items.append(self._or())
            self._expect_operator("]", "a value of the list")
            return syntax.Listed(self._since(start), tuple(items))
        if not self._skip_operator("("):
            self._unexpected("a value should stand here")
        found = self._or()
        self._expect_operator(")", "what the parenthesis holds")
        return found

    def _word(self, token: Token) -> Syntax:
        word = token.text.lower()
        opens = self._peek(1).text == "(" and self._peek(1).kind is TokenKind.OPERATOR
        match word:
            case "true" | "false" | "null":
                self._take()
                return syntax.Word(self._since(token.start), word)
            case "case":
                return self._case()
            case "cast" | "try_cast" if opens:
                return self._cast()
            case "timestamp" if self._peek(1).kind is TokenKind.TEXT:
                self._take()
                literal = self._take().text
                return syntax.Moment(self._since(token.start), literal)
            case "interval":
                return self._interval()
            case "not":
                self._ambiguous("NOT inside a comparison")
            case _ if word in _RESERVED:
                self._unexpected("a value should stand here")
            case _:
                pass
        self._take()
        name_at = self._since(token.start)
        if not opens:
            return syntax.Name(name_at, token.text)
        self._take()
        args = self._until_parenthesis(f"the arguments of {word}")
        return syntax.Function(self._since(token.start), word, name_at, args)

    def _interval(self) -> Syntax:
        """INTERVAL 10 MINUTES, INTERVAL '10' MINUTES or INTERVAL '1 day 2 hours'."""
        start = self._take().start
        written = self._peek()
        if written.kind not in (TokenKind.NUMBER, TokenKind.TEXT):
            self._unexpected("a number or a text should follow INTERVAL")
        self._take()
        text = written.text.replace("_", "") if written.kind is TokenKind.NUMBER else written.text
        unit = self._peek()
        if unit.kind is TokenKind.NAME and is_unit(unit.text):
            self._take()
            text = f"{text} {unit.text}"
        place = self._since(start)
        try:
            months, micros = parse_interval(text)
        except ValueError as failure:
            hint = "write INTERVAL 10 MINUTES, or INTERVAL '1 day 12 hours'"
            raise Refused(Fault(place.start, place.end, "bad-interval", str(failure), hint)) from failure
        return syntax.Interval(place, months, micros)

    def _cast(self) -> Syntax:
        start = self._take().start
        self._take()
        part = self._or()
        self._expect_word("as", "the value to cast")
        target, place = self._type_name()
        self._expect_operator(")", "the type")
        return syntax.Cast(self._since(start), part, target, place)

    def _case(self) -> Syntax:
        start = self._take().start
        operand = None if self._is_word("when") else self._or()
        branches: list[tuple[Syntax, Syntax]] = []
        while self._skip_word("when"):
            when = self._or()
            self._expect_word("then", "the condition of WHEN")
            branches.append((when, self._or()))
        default = self._or() if self._skip_word("else") else None
        if not branches:
            self._unexpected("WHEN should follow CASE")
        self._expect_word("end", "the last branch of CASE")
        return syntax.Choice(self._since(start), operand, tuple(branches), default)
