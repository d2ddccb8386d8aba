"""`on_failure:` of a strategy: what follows if a signal that could still decide it gives no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from seawall.core.diagnostic import Span
from seawall.policy.kinds.names import NAME
from seawall.policy.model import OnFailure
from seawall.policy.shapes import UNFIT, At, Unfit, unfit
from seawall.policy.yaml_nodes import YamlList, YamlMap, YamlNode, YamlScalar

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics

PASS, RETRY, REVIEW = "pass", "retry", "review"


class FailureSteps(msgspec.Struct, frozen=True):
    """What was written: ask again, then people; neither is `pass`."""

    span: Span
    retry: bool = False
    review: At[str] | None = None


class FailureShape:
    """`pass`, `retry`, `review: QUEUE`, or `[retry, review: QUEUE]`."""

    words = "pass, retry, `review: queue`, or a list of the last two"

    def read(self, node: YamlNode, found: Diagnostics) -> FailureSteps | Unfit:
        """The steps in whichever form they were written."""
        if not isinstance(node, YamlList):
            return self._step(node, found)
        steps = [self._step(each, found) for each in node.items]
        fit = [each for each in steps if not isinstance(each, Unfit)]
        if len(fit) < len(steps):
            return UNFIT
        whole = FailureSteps(node.span)
        for step in fit:
            if (step.retry and whole.retry) or (step.review and whole.review):
                found.error("duplicate-item", step.span, "it stands twice in this list", hint="keep one")
            if not step.retry and step.review is None:
                found.error("bad-value", step.span, "pass is no step beside others", hint="leave it out")
            whole = FailureSteps(node.span, whole.retry or step.retry, whole.review or step.review)
        return whole

    def _step(self, node: YamlNode, found: Diagnostics) -> FailureSteps | Unfit:
        if isinstance(node, YamlScalar) and node.text in {PASS, RETRY}:
            return FailureSteps(node.span, retry=node.text == RETRY)
        if isinstance(node, YamlScalar) and node.text == REVIEW:
            hint = "write review: QUEUE"
            found.error("bad-value", node.span, "review does not say which queue", hint=hint)
            return UNFIT
        if not isinstance(node, YamlMap) or [key.text for key, _ in node.entries] != [REVIEW]:
            return unfit(node, self, found)
        queue = NAME.read(node.entries[0][1], found)
        return queue if isinstance(queue, Unfit) else FailureSteps(node.span, review=queue)

    def schema(self) -> dict[str, Any]:
        """The forms as alternatives."""
        review = {
            "type": "object",
            "properties": {REVIEW: NAME.schema()},
            "required": [REVIEW],
            "additionalProperties": False,
        }
        items = {
            "type": "array",
            "items": {"anyOf": [{"const": RETRY}, review]},
            "minItems": 1,
            "maxItems": 2,
        }
        return {"anyOf": [{"enum": [PASS, RETRY]}, review, items]}


def build_failure(steps: FailureSteps | None) -> OnFailure:
    """What the engine goes by."""
    if steps is None:
        return OnFailure()
    return OnFailure(retry=steps.retry, review=steps.review.value if steps.review else None)
