"""The steps under `then:`: an action with its target, or routing to people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from seawall.policy.kinds.names import MARKETS_OR_GROUPS, NAME
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import UNFIT, At, Duration, Text, Unfit, unfit
from seawall.policy.yaml_nodes import YamlMap, YamlNode, YamlScalar

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics

WORLDWIDE_WORD = "worldwide"
_TARGET = Text("a target", NAME.pattern, "subject, actor, or a party's role")


class Territory:
    """Markets and groups, or the word `worldwide`."""

    words = "a list of markets and groups, or worldwide"

    def read(self, node: YamlNode, found: Diagnostics) -> tuple[At[str], ...] | Unfit:
        """`worldwide` is the one lower-case item."""
        if isinstance(node, YamlScalar) and node.text == WORLDWIDE_WORD:
            return (At(node.text, node.span),)
        return MARKETS_OR_GROUPS.read(node, found)

    def schema(self) -> dict[str, Any]:
        """The word, or markets."""
        return {"anyOf": [{"const": WORLDWIDE_WORD}, MARKETS_OR_GROUPS.schema()]}


class ActionDetail(Lines, frozen=True, kw_only=True):
    """What may be said about an action."""

    target: Annotated[At[str] | None, Key(_TARGET, "subject, actor, or a party's role.")] = None
    for_: Annotated[At[float] | None, Key(Duration(), "How long it holds; default: until it is lifted.")] = (
        msgspec.field(name="for", default=None)
    )
    territory: Annotated[
        tuple[At[str], ...] | None,
        Key(Territory(), "Where it holds; default: worldwide for terms, the clause's jurisdictions for law."),
    ] = None


class ReviewDetail(Lines, frozen=True, kw_only=True):
    """What may be said about routing to people."""

    queue: Annotated[At[str], Key(NAME, "The queue where people look.")]
    timeout: Annotated[At[float] | None, Key(Duration(), "How long to wait for them.")] = None
    on_timeout: Annotated[
        At[str] | None, Key(NAME, "The visibility action if nobody has looked by then.")
    ] = None


class ActionStep(msgspec.Struct, frozen=True):
    """One action asked for."""

    action: At[str]
    target: At[str] | None = None
    for_: At[float] | None = None
    territory: tuple[At[str], ...] | None = None


class ReviewStep(msgspec.Struct, frozen=True):
    """Routing asked for."""

    queue: At[str]
    timeout: At[float] | None = None
    on_timeout: At[str] | None = None


_ACTION_DETAIL = Record(ActionDetail, "an action")
_REVIEW_DETAIL = Record(ReviewDetail, "a review")


class StepShape:
    """`remove`, `strike: host`, `mute: {target: commenter, for: 24h}`, `review: scam`, `review: {...}`."""

    words = "a step: an action, `action: target` or `review: queue`"

    def read(self, node: YamlNode, found: Diagnostics) -> ActionStep | ReviewStep | Unfit:
        """The step in whichever form it was written."""
        if isinstance(node, YamlScalar):
            if node.text == "review":
                found.error(
                    "bad-value", node.span, "review does not say which queue", hint="write review: QUEUE"
                )
                return UNFIT
            action = NAME.read(node, found)
            return action if isinstance(action, Unfit) else ActionStep(action)
        if not isinstance(node, YamlMap) or len(node.entries) != 1:
            several = isinstance(node, YamlMap) and len(node.entries) > 1
            return unfit(node, self, found, hint="put a dash before each step" if several else None)
        key, value = node.entries[0]
        return self._review(value, found) if key.text == "review" else self._action(key, value, found)

    def _action(self, key: YamlScalar, value: YamlNode, found: Diagnostics) -> ActionStep | Unfit:
        action = NAME.read(key, found)
        if isinstance(value, YamlMap):
            detail = _ACTION_DETAIL.read(value, found)
            if isinstance(action, Unfit) or isinstance(detail, Unfit):
                return UNFIT
            return ActionStep(action, detail.target, detail.for_, detail.territory)
        target = _TARGET.read(value, found)
        return UNFIT if isinstance(action, Unfit) or isinstance(target, Unfit) else ActionStep(action, target)

    def _review(self, value: YamlNode, found: Diagnostics) -> ReviewStep | Unfit:
        if not isinstance(value, YamlMap):
            queue = NAME.read(value, found)
            return queue if isinstance(queue, Unfit) else ReviewStep(queue)
        detail = _REVIEW_DETAIL.read(value, found)
        if isinstance(detail, Unfit):
            return UNFIT
        if (detail.timeout is None) != (detail.on_timeout is None):
            one, other = ("on_timeout", "timeout") if detail.timeout is None else ("timeout", "on_timeout")
            found.error("missing-field", detail.key(one), f"{one!r} needs {other!r} beside it")
            return UNFIT
        return ReviewStep(detail.queue, detail.timeout, detail.on_timeout)

    def schema(self) -> dict[str, Any]:
        """The forms as alternatives."""
        action = {"anyOf": [_TARGET.schema(), _ACTION_DETAIL.schema()]}
        review = {"anyOf": [NAME.schema(), _REVIEW_DETAIL.schema()]}
        one_key = {"type": "object", "minProperties": 1, "maxProperties": 1}
        return {
            "anyOf": [
                NAME.schema(),
                {**one_key, "properties": {"review": review}, "additionalProperties": action},
            ]
        }
