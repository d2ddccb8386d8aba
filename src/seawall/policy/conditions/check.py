"""Syntax to typed expressions: names are looked up, types agree, and every fault is collected."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, assert_never

from seawall.core.types import FieldType, Kind
from seawall.policy.conditions import syntax
from seawall.policy.conditions.arithmetic import HIGHEST, LOWEST
from seawall.policy.conditions.calls import aggregate_hint, choose, close_functions
from seawall.policy.conditions.expr import And, Call, Case, Constant, Expr, Matches, Not, Or, Read
from seawall.policy.conditions.fault import Fault
from seawall.policy.conditions.functions import FUNCTIONS
from seawall.policy.conditions.likes import pieces_of
from seawall.policy.conditions.moments import parse_moment
from seawall.policy.conditions.operations import OPERATIONS
from seawall.policy.conditions.typed import NUMERIC, Typed, as_null_of, as_number, plain

if TYPE_CHECKING:
    from seawall.policy.conditions.model import Scope
    from seawall.policy.conditions.syntax import Place, Syntax

BOOLEAN, INTEGER, NUMBER = FieldType(Kind.BOOLEAN), FieldType(Kind.INTEGER), FieldType(Kind.NUMBER)
TEXT, TIMESTAMP = FieldType(Kind.STRING), FieldType(Kind.TIMESTAMP)
_INT32 = 2**31
_MAX_DIGITS = 100

_COMPARISONS = {
    "=": "equal",
    "<>": "unequal",
    "<": "less",
    "<=": "at_most",
    ">": "greater",
    ">=": "at_least",
    "distinct": "distinct",
    "not distinct": "not_distinct",
}
_INTEGER_SIGNS = {
    "+": "add_integers",
    "-": "subtract_integers",
    "*": "multiply_integers",
    "//": "quotient",
    "%": "remainder",
}
_NUMBER_SIGNS = {
    "+": "add_numbers",
    "-": "subtract_numbers",
    "*": "multiply_numbers",
    "/": "divide",
    "%": "remainder_of_numbers",
}
_TARGETS = {
    **dict.fromkeys(("bigint", "int8", "long", "int64"), INTEGER),
    **dict.fromkeys(("double", "float8", "double precision"), NUMBER),
    **dict.fromkeys(("varchar", "text", "string", "char", "bpchar"), TEXT),
    **dict.fromkeys(("boolean", "bool", "logical"), BOOLEAN),
    **dict.fromkeys(("timestamp", "datetime"), TIMESTAMP),
}
_CASTS = {
    (Kind.INTEGER, Kind.NUMBER): "integer_to_number",
    (Kind.NUMBER, Kind.INTEGER): "number_to_integer",
    (Kind.BOOLEAN, Kind.INTEGER): "boolean_to_integer",
    (Kind.INTEGER, Kind.BOOLEAN): "integer_to_boolean",
    (Kind.NUMBER, Kind.BOOLEAN): "number_to_boolean",
    (Kind.INTEGER, Kind.STRING): "integer_to_text",
    (Kind.NUMBER, Kind.STRING): "number_to_text",
    (Kind.BOOLEAN, Kind.STRING): "boolean_to_text",
}


def check(tree: Syntax, scope: Scope) -> tuple[Expr | None, list[Fault]]:
    """Type a condition. The expression is None if there is any fault."""
    checker = _Checker(scope)
    found = checker.boolean(tree, "a condition")
    return (found.expr if found and not checker.faults else None), checker.faults


@dataclass
class _Checker:
    scope: Scope
    faults: list[Fault] = field(default_factory=list[Fault])

    def fault(self, at: Place, code: str, message: str, hint: str | None = None) -> None:
        self.faults.append(Fault(at.start, at.end, code, message, hint))

    # what a part must be

    def boolean(self, tree: Syntax, what: str) -> Typed | None:
        found = self.typed(tree)
        if found is None:
            return None
        found = as_null_of(found, BOOLEAN)
        if plain(found.type) == BOOLEAN:
            return found
        hint = "compare it with something, or write IS NOT NULL"
        self.fault(
            found.at, "type-mismatch", f"{what} must be true or false, but this is {_named(found)}", hint
        )
        return None

    def value(self, tree: Syntax, what: str) -> Typed | None:
        """Anything but a bare NULL and a media pointer."""
        found = self.typed(tree)
        if found is None:
            return None
        if found.bare_null:
            self.fault(
                found.at, "null-literal", f"{what} NULL is always NULL", "write IS NULL or IS NOT NULL"
            )
            return None
        if found.kind is Kind.MEDIA:
            self.fault(
                found.at, "type-mismatch", "a media field can only be asked whether it IS NULL", "use a signal on it"
            )
            return None
        return found

    # one kind of syntax each

    def typed(self, tree: Syntax) -> Typed | None:
        match tree:
            case syntax.Name():
                return self._name(tree)
            case syntax.Number():
                return self._number(tree.at, tree.text)
            case syntax.Text():
                return Typed(Constant(tree.text, TEXT), tree.at)
            case syntax.Word():
                if tree.word == "null":
                    return Typed(Constant(None, TEXT), tree.at, bare_null=True)
                return Typed(Constant(tree.word == "true", BOOLEAN), tree.at)
            case syntax.Moment():
                return self._moment(tree)
            case syntax.Unary():
                return self._unary(tree)
            case syntax.Binary():
                return self._binary(tree)
            case syntax.Connective():
                return self._connective(tree)
            case syntax.Is():
                return self._is(tree)
            case syntax.In():
                return self._in(tree)
            case syntax.Between():
                return self._between(tree)
            case syntax.Like():
                return self._like(tree)
            case syntax.Function():
                return self._function(tree)
            case syntax.Cast():
                return self._cast(tree)
            case syntax.Choice():
                return self._choice(tree)
            case syntax.Index():
                return self._index(tree)
            case _:
                assert_never(tree)

    def _name(self, tree: syntax.Name) -> Typed | None:
        column = self.scope.columns.get(tree.name)
        if column is None:
            folded = [name for name in self.scope.columns if name.lower() == tree.name.lower()]
            if len(folded) == 1:
                column = self.scope.columns[folded[0]]
        if column is None:
            near = get_close_matches(tree.name, self.scope.columns, n=1)
            hint = f"did you mean {near[0]}?" if near else "see `seawall explain` for the names it may read"
            if tree.quoted:
                hint = f"a text stands in single quotes: '{tree.name}'"
            self.fault(tree.at, "unknown-name", f"there is no field, feature or signal {tree.name!r}", hint)
            return None
        return Typed(Read(column.name, plain(column.type), signal=column.source == "signal"), tree.at)

    def _number(self, at: Place, text: str) -> Typed | None:
        digits = text.replace("_", "")
        if text.endswith("_") or "__" in text or "_." in text or "._" in text:
            self.fault(at, "syntax", "an underscore stands between two digits", f"write {digits}")
            return None
        if len(digits) > _MAX_DIGITS:
            self.fault(at, "number-range", f"a number has at most {_MAX_DIGITS} digits")
            return None
        if digits.lstrip("-").isdigit():
            value = int(digits)
            if not LOWEST <= value <= HIGHEST:
                hint = f"write {float(value)!r} to compare with a double"
                self.fault(at, "integer-range", f"{digits[:24]} does not fit into 64 bits", hint)
                return None
            return Typed(Constant(value, INTEGER), at, narrow=-_INT32 <= value < _INT32)
        value = float(digits)
        if not math.isfinite(value):
            self.fault(at, "number-range", f"{digits[:24]} is too large for a double")
            return None
        exact = None if "e" in digits.lower() else Decimal(digits)
        return Typed(
            Constant(value, NUMBER), at, decimal=exact, narrow=exact is not None, is_decimal=exact is not None
        )

    def _moment(self, tree: syntax.Moment) -> Typed | None:
        try:
            return Typed(Constant(parse_moment(tree.text), TIMESTAMP), tree.at)
        except ValueError as failure:
            self.fault(tree.at, "bad-timestamp", f"{tree.text!r} is no timestamp", str(failure))
            return None

    def _unary(self, tree: syntax.Unary) -> Typed | None:
        if tree.operator == "not":
            part = self.boolean(tree.part, "what NOT turns round")
            return part and Typed(Not(part.expr), tree.at)
        if isinstance(tree.part, syntax.Number):
            sign = "-" if tree.operator == "-" else ""
            return self._number(tree.at, sign + tree.part.text)
        part = self.value(tree.part, f"{tree.operator} of")
        if part is None:
            return None
        if not part.is_scalar_number:
            self.fault(part.at, "type-mismatch", f"a sign needs a number, but this is {_named(part)}")
            return None
        if tree.operator == "+":
            return replace(part, at=tree.at)
        if part.narrow:
            return self._narrow(tree.at)
        operation = "negate_integer" if part.kind is Kind.INTEGER else "negate_number"
        return Typed(Call(operation, (part.expr,), plain(part.type)), tree.at)

    def _narrow(self, at: Place) -> None:
        message = "DuckDB computes this in a narrow type, since nothing in it but literals says otherwise"
        self.fault(
            at, "literal-arithmetic", message, "write the result, or cast one literal: 1::BIGINT, 0.5::DOUBLE"
        )

    def _binary(self, tree: syntax.Binary) -> Typed | None:
        if tree.operator in _COMPARISONS:
            return self._comparison(tree)
        left, right = (
            self.value(tree.left, f"{tree.operator} with"),
            self.value(tree.right, f"{tree.operator} with"),
        )
        if left is None or right is None:
            return None
        if tree.operator == "||":
            return self._join(tree, left, right)
        return self._arithmetic(tree, left, right)

    def _join(self, tree: syntax.Binary, left: Typed, right: Typed) -> Typed | None:
        for part in (left, right):
            if plain(part.type) != TEXT:
                self.fault(
                    part.at,
                    "type-mismatch",
                    f"|| joins texts, but this is {_named(part)}",
                    "cast it: ::VARCHAR",
                )
                return None
        return Typed(Call("join", (left.expr, right.expr), TEXT), tree.at)

    def _arithmetic(self, tree: syntax.Binary, left: Typed, right: Typed) -> Typed | None:
        for part in (left, right):
            if not part.is_scalar_number:
                hint = "use date_diff for times" if part.kind is Kind.TIMESTAMP else None
                message = f"{tree.operator} computes with numbers, but this is {_named(part)}"
                self.fault(part.at, "type-mismatch", message, hint)
                return None
        if tree.operator == "/":
            operation, type_ = "divide", NUMBER
        elif left.kind is Kind.INTEGER and right.kind is Kind.INTEGER:
            if left.narrow and right.narrow:
                return self._fold(tree, left, right)
            operation, type_ = _INTEGER_SIGNS[tree.operator], INTEGER
        elif tree.operator == "//":
            self.fault(tree.at, "type-mismatch", "// divides integers", "cast to BIGINT first, or write /")
            return None
        elif (
            left.is_decimal
            and right.kind is Kind.INTEGER
            or right.is_decimal
            and left.kind is Kind.INTEGER
            or left.is_decimal
            and right.is_decimal
        ):
            decimal = left if left.is_decimal else right
            written = decimal.decimal if decimal.decimal is not None else "it"
            message = "DuckDB computes this in DECIMAL, which is not supported"
            self.fault(tree.at, "decimal-arithmetic", message, f"write {written}::DOUBLE")
            return None
        else:
            operation, type_ = _NUMBER_SIGNS[tree.operator], NUMBER
        args = (left.expr, right.expr) if type_ == INTEGER else (as_number(left).expr, as_number(right).expr)
        return Typed(Call(operation, args, type_), tree.at)

    def _fold(self, tree: syntax.Binary, left: Typed, right: Typed) -> Typed | None:
        """Literals alone: computed here, if 32 bits hold the result as they must in DuckDB."""
        both = (left.expr, right.expr)
        if not all(isinstance(part, Constant) and isinstance(part.value, int) for part in both):
            return self._narrow(tree.at)
        value = OPERATIONS[_INTEGER_SIGNS[tree.operator]].bind(())(*(part.value for part in both))  # type: ignore[union-attr]
        if not isinstance(value, int) or not -_INT32 <= value < _INT32:
            return self._narrow(tree.at)
        return Typed(Constant(value, INTEGER), tree.at, narrow=True)

    def _comparison(self, tree: syntax.Binary) -> Typed | None:
        what = "a comparison with"
        left, right = self.value(tree.left, what), self.value(tree.right, what)
        if left is None or right is None:
            return None
        return self._compare(_COMPARISONS[tree.operator], left, right, tree.at)

    def _compare(self, operation: str, left: Typed, right: Typed, at: Place) -> Typed | None:
        if left.kind is Kind.INTEGER and right.is_decimal:
            right = self._whole(operation, right)
        elif right.kind is Kind.INTEGER and left.is_decimal:
            left = self._whole(_MIRRORED.get(operation, operation), left)
        pair = left and right and self.agree(left, right)
        if pair is None:
            return None
        if pair[0].type.is_list:
            self.fault(
                at, "type-mismatch", "lists cannot be compared", "use list_contains, len or list[position]"
            )
            return None
        return Typed(Call(operation, (pair[0].expr, pair[1].expr), BOOLEAN), at)

    def _whole(self, operation: str, part: Typed) -> Typed | None:
        """A decimal literal that an integer is compared with, as the integer that gives the same answers."""
        exact = part.decimal
        if exact is None:
            self.fault(part.at, "decimal-arithmetic", "DuckDB compares this in DECIMAL", "cast it: ::DOUBLE")
            return None
        whole = math.floor(exact) if operation in ("at_most", "greater") else math.ceil(exact)
        if operation not in ("less", "at_most", "greater", "at_least") and whole != exact:
            self.fault(part.at, "never-equal", f"an integer is never {exact}", "cast the integer: ::DOUBLE")
            return None
        if not LOWEST <= whole <= HIGHEST:
            self.fault(
                part.at,
                "integer-range",
                f"{exact} does not fit into 64 bits",
                f"write {float(exact)!r}::DOUBLE",
            )
            return None
        return Typed(Constant(whole, INTEGER), part.at)

    def agree(self, left: Typed, right: Typed) -> tuple[Typed, Typed] | None:
        """Two parts of one type, an integer beside a double becoming one; or a fault."""
        if plain(left.type) == plain(right.type):
            return left, right
        if left.is_scalar_number and right.is_scalar_number:
            for one, other in ((left, right), (right, left)):
                if one.is_decimal and other.kind is Kind.INTEGER:
                    hint = f"write {one.decimal}::DOUBLE" if one.decimal is not None else "cast it: ::DOUBLE"
                    self.fault(
                        one.at,
                        "decimal-arithmetic",
                        "DuckDB makes this a DECIMAL, which is not supported",
                        hint,
                    )
                    return None
            return as_number(left), as_number(right)
        self.fault(
            right.at,
            "type-mismatch",
            f"{_named(left)} and {_named(right)} cannot be compared",
            _mend(left, right),
        )
        return None

    def _connective(self, tree: syntax.Connective) -> Typed | None:
        word = tree.operator.upper()
        parts = [self.boolean(part, f"each side of {word}") for part in tree.parts]
        known = [part.expr for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        node = And if tree.operator == "and" else Or
        flat = [inner for part in known for inner in (part.parts if isinstance(part, node) else (part,))]
        return Typed(node(tuple(flat)), tree.at)

    def _is(self, tree: syntax.Is) -> Typed | None:
        if tree.word == "null":
            part = self.typed(tree.part)
        else:
            part = self.boolean(tree.part, f"what IS {tree.word.upper()} asks about")
        if part is None:
            return None
        found = Call(f"is_{tree.word}", (part.expr,), BOOLEAN)
        return Typed(Not(found) if tree.negated else found, tree.at)

    def _in(self, tree: syntax.In) -> Typed | None:
        part = self.value(tree.part, "IN of")
        if not tree.items:
            self.fault(tree.at, "empty-list", "an empty list holds nothing", "write FALSE, or the values")
            return None
        items = [self._item(item, part) for item in tree.items]
        if part is None or any(item is None for item in items):
            return None
        if any(item.kind is Kind.NUMBER for item in items if item) and part.kind is Kind.INTEGER:
            self.fault(
                part.at, "type-mismatch", "an integer beside doubles in a list", "cast the integer: ::DOUBLE"
            )
            return None
        values = dict.fromkeys(
            _value(as_number(item) if part.kind is Kind.NUMBER else item) for item in items if item
        )
        listed = Constant(tuple(values), FieldType(plain(part.type).kind, is_list=True))  # type: ignore[arg-type]
        found = Call("in", (part.expr, listed), BOOLEAN)
        return Typed(Not(found) if tree.negated else found, tree.at)

    def _item(self, tree: Syntax, part: Typed | None) -> Typed | None:
        item = self.typed(tree)
        if item is None or part is None:
            return None
        if item.bare_null:
            self.fault(
                item.at,
                "null-literal",
                "IN with NULL is never FALSE",
                "take NULL out; ask for it with IS NULL",
            )
            return None
        if not isinstance(item.expr, Constant):
            self.fault(
                item.at, "not-a-literal", "IN takes literals", "compare with = and OR, or use list_contains"
            )
            return None
        if part.kind is Kind.INTEGER and item.decimal is not None:
            return self._whole("equal", item)
        agreed = self.agree(part, item)
        return item if agreed else None

    def _between(self, tree: syntax.Between) -> Typed | None:
        part, low, high = (self.value(side, "BETWEEN with") for side in (tree.part, tree.low, tree.high))
        if part is None or low is None or high is None:
            return None
        above = self._compare("at_least", part, low, tree.at)
        below = self._compare("at_most", part, high, tree.at)
        if above is None or below is None:
            return None
        (first, bottom), (second, top) = above.expr.args, below.expr.args  # type: ignore[union-attr]
        found: Expr = And((above.expr, below.expr))
        if first == second:
            found = Call("between", (first, bottom, top), BOOLEAN)
        return Typed(Not(found) if tree.negated else found, tree.at)

    def _like(self, tree: syntax.Like) -> Typed | None:
        part = self.value(tree.part, f"{tree.operator.upper()} of")
        pattern = self._literal_text(tree.pattern, "a pattern")
        escape = "" if tree.escape is None else self._literal_text(tree.escape, "an escape character")
        if part is None or pattern is None or escape is None:
            return None
        if plain(part.type) != TEXT:
            self.fault(
                part.at,
                "type-mismatch",
                f"{tree.operator.upper()} looks at a text, but this is {_named(part)}",
            )
            return None
        if len(escape) > 1 or escape in ("%", "_") and escape or escape.isalnum():
            at = tree.escape.at if tree.escape else tree.at
            self.fault(
                at, "bad-pattern", "an escape is one character, no letter, digit, % or _", "write ESCAPE '!'"
            )
            return None
        try:
            pieces_of(pattern, escape)
        except ValueError as failure:
            self.fault(tree.pattern.at, "bad-pattern", str(failure), f"write it twice: {escape}{escape}")
            return None
        args = (part.expr, Constant(pattern, TEXT), Constant(escape, TEXT))
        found = Call(tree.operator, args, BOOLEAN)
        return Typed(Not(found) if tree.negated else found, tree.at)

    def _literal_text(self, tree: Syntax, what: str) -> str | None:
        if isinstance(tree, syntax.Text):
            return tree.text
        if self.typed(tree) is not None:
            self.fault(
                tree.at, "not-a-literal", f"{what} is a text in single quotes", "use contains(text, part)"
            )
        return None

    def _cast(self, tree: syntax.Cast) -> Typed | None:
        part, target = self.typed(tree.part), _TARGETS.get(tree.target)
        if target is None:
            near = {
                "int": "BIGINT",
                "integer": "BIGINT",
                "float": "DOUBLE",
                "real": "DOUBLE",
                "decimal": "DOUBLE",
            }
            hint = (
                f"write {near[tree.target]}" if tree.target in near else "BIGINT, DOUBLE, VARCHAR or BOOLEAN"
            )
            self.fault(tree.target_at, "unknown-type", f"there is no type {tree.target.upper()} here", hint)
        if part is None or target is None:
            return None
        if part.bare_null:
            return Typed(Constant(None, target), tree.at)
        if plain(part.type) == target:
            return Typed(part.expr, tree.at)
        if isinstance(part.expr, Constant) and part.kind is Kind.INTEGER and target == NUMBER:
            return Typed(as_number(part).expr, tree.at)
        operation = None if part.type.is_list else _CASTS.get((plain(part.type).kind, target.kind))
        if operation is None or part.is_decimal:
            self.fault(tree.at, "bad-cast", f"{_named(part)} cannot be cast to {target.kind} exactly")
            return None
        return Typed(Call(operation, (part.expr,), target), tree.at)

    def _choice(self, tree: syntax.Choice) -> Typed | None:
        conditions = [self._when(tree.operand, when) for when, _ in tree.branches]
        results = [self.typed(then) for _, then in tree.branches]
        results.append(
            self.typed(tree.default) if tree.default else Typed(Constant(None, TEXT), tree.at, bare_null=True)
        )
        agreed = self._common([result for result in results if result], tree.at)
        if agreed is None or None in conditions or None in results:
            return None
        whens = [when.expr for when in conditions if when]
        branches = tuple(zip(whens, (part.expr for part in agreed[:-1]), strict=True))
        found = Case(branches, agreed[-1].expr, plain(agreed[0].type))
        return self._blended(found, agreed, tree.at)

    def _when(self, operand: Syntax | None, when: Syntax) -> Typed | None:
        if operand is None:
            return self.boolean(when, "a WHEN")
        return self._comparison(syntax.Binary(when.at, "=", operand, when))

    def _blended(self, found: Expr, parts: list[Typed], at: Place) -> Typed:
        """A choice among literals alone is as narrow in DuckDB as they are."""
        known = [part for part in parts if not (isinstance(part.expr, Constant) and part.expr.value is None)]
        narrow = all(part.narrow for part in known)
        return Typed(found, at, narrow=narrow, is_decimal=narrow and any(part.is_decimal for part in known))

    def _common(self, parts: list[Typed], at: Place) -> list[Typed] | None:
        """All of one type: NULL takes it from the others, integers become doubles where one is."""
        known = [part for part in parts if not part.bare_null]
        if not known:
            self.fault(at, "null-literal", "this is always NULL", "give one branch a value")
            return None
        if any(part.kind is Kind.MEDIA for part in known):
            self.fault(
                at, "type-mismatch", "a media field can only be asked whether it IS NULL", "use a signal on it"
            )
            return None
        first = next((part for part in known if part.kind is Kind.NUMBER and not part.type.is_list), known[0])
        for part in known:
            if self.agree(first, part) is None:
                return None
        if plain(first.type) == NUMBER:
            parts = [as_number(as_null_of(part, NUMBER)) for part in parts]
        return [as_null_of(part, plain(first.type)) for part in parts]

    def _index(self, tree: syntax.Index) -> Typed | None:
        part, position = self.value(tree.part, "an element of"), self.value(tree.position, "the position")
        if part is None or position is None:
            return None
        if not part.type.is_list or plain(position.type) != INTEGER:
            self.fault(
                tree.at,
                "type-mismatch",
                f"{_named(part)} has no element at {_named(position)}",
                "use substr for texts",
            )
            return None
        return Typed(Call("element", (part.expr, position.expr), FieldType(plain(part.type).kind)), tree.at)

    # functions

    def _function(self, tree: syntax.Function) -> Typed | None:
        match tree.name:
            case "matches":
                return self._matches(tree)
            case "coalesce" | "ifnull":
                return self._coalesce(tree)
            case "nullif":
                return self._nullif(tree)
            case _:
                pass
        args = [self.typed(arg) for arg in tree.args]
        function = FUNCTIONS.get(tree.name)
        if function is None:
            at = tree.name_at
            self.fault(
                at,
                "unknown-function",
                f"there is no function {tree.name}",
                aggregate_hint(tree.name) or close_functions(tree.name),
            )
            return None
        known = [arg for arg in args if arg is not None]
        if len(known) < len(args):
            return None
        return choose(function, known, tree, self.faults)

    def _coalesce(self, tree: syntax.Function) -> Typed | None:
        args = [self.typed(arg) for arg in tree.args]
        known = [arg for arg in args if arg is not None]
        if len(known) < len(args):
            return None
        if not known or tree.name == "ifnull" and len(known) != 2:
            self.fault(
                tree.at, "bad-arguments", f"{tree.name} takes {'two' if known else 'at least one'} values"
            )
            return None
        agreed = self._common(known, tree.at)
        if agreed is None:
            return None
        found = Call("coalesce", tuple(part.expr for part in agreed), plain(agreed[0].type))
        return self._blended(found, agreed, tree.at)

    def _nullif(self, tree: syntax.Function) -> Typed | None:
        args = [self.value(arg, "NULLIF with") for arg in tree.args]
        if len(args) != 2:
            self.fault(tree.at, "bad-arguments", "NULLIF takes two values")
            return None
        left, right = args
        pair = left and right and self.agree(left, right)
        if pair is None or left is None:
            return None
        if pair[0].type.is_list or pair[0].type != left.type and plain(pair[0].type) != plain(left.type):
            self.fault(tree.at, "type-mismatch", "NULLIF takes two values of one type", "cast one of them")
            return None
        found = Call("nullif", (pair[0].expr, pair[1].expr), plain(pair[0].type))
        return self._blended(found, [left], tree.at)

    def _matches(self, tree: syntax.Function) -> Typed | None:
        if len(tree.args) != 2:
            self.fault(
                tree.at,
                "bad-arguments",
                "matches takes a field and the name of a list",
                "matches(text, 'terms')",
            )
            return None
        part, name = (
            self.value(tree.args[0], "matches of"),
            self._literal_text(tree.args[1], "the name of a list"),
        )
        bank = None if name is None else self.scope.banks.get(name)
        if name is not None and bank is None:
            near = get_close_matches(name, self.scope.banks, n=1)
            hint = f"did you mean '{near[0]}'?" if near else "add it to lists/"
            self.fault(tree.args[1].at, "unknown-list", f"there is no list {name!r}", hint)
        if part is None or bank is None:
            return None
        if not isinstance(part.expr, Read) or plain(part.type) != TEXT:
            self.fault(part.at, "type-mismatch", "matches looks at a text field itself, not at an expression")
            return None
        return Typed(Matches(part.expr, bank.name, bank.version, bank), tree.at)


_MIRRORED = {"less": "greater", "at_most": "at_least", "greater": "less", "at_least": "at_most"}


def _value(part: Typed) -> object:
    assert isinstance(part.expr, Constant)
    return part.expr.value


def _named(part: Typed) -> str:
    """`a text`, `an integer`, `a list of texts`."""
    return f"{'an' if str(part.type)[0] in 'aeiou' else 'a'} {part.type}"


def _mend(left: Typed, right: Typed) -> str | None:
    kinds = {plain(left.type).kind, plain(right.type).kind}
    if Kind.TIMESTAMP in kinds and Kind.STRING in kinds:
        return "write TIMESTAMP '2026-01-31 00:00:00'"
    if Kind.STRING in kinds and kinds & set(NUMERIC):
        return "a text in quotes is no number: drop the quotes, or cast the number: ::VARCHAR"
    return None
