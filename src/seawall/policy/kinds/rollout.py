"""`rollout:` of a strategy: the share of people it acts on; it is in shadow for the others."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from seawall.policy.model import Mode
from seawall.policy.rollout import STEPS
from seawall.policy.shapes import UNFIT, At, Unfit, unfit
from seawall.policy.yaml_nodes import YamlScalar

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.yaml_nodes import YamlNode

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?) ?%", re.ASCII)
_HINT = "a share of people: 10%, 0.5%"


class RolloutShape:
    """A percentage above 0 and below 100, in hundredths of a percent at the finest."""

    words = "a percentage"

    def read(self, node: YamlNode, found: Diagnostics) -> At[int] | Unfit:
        """In steps of a hundredth of a percent."""
        match = _PERCENT.fullmatch(node.text.strip()) if isinstance(node, YamlScalar) else None
        if match is None:
            return unfit(node, self, found, hint=_HINT)
        steps = Decimal(match[1]) * STEPS / 100
        if steps != int(steps):
            found.error("bad-value", node.span, f"{match[0]} is finer than 0.01%", hint=_HINT)
            return UNFIT
        if not 0 < steps < STEPS:
            hint = "leave rollout out for everybody, and use mode: shadow for nobody"
            found.error("bad-value", node.span, f"{match[0]} is not above 0% and below 100%", hint=hint)
            return UNFIT
        return At(int(steps), node.span)

    def schema(self) -> dict[str, Any]:
        """A string of digits and a percent sign."""
        return {"type": "string", "pattern": rf"^{_PERCENT.pattern}$"}


def build_rollout(share: At[int] | None, mode: Mode, found: Diagnostics) -> int | None:
    """What the engine goes by; reported where the strategy acts on nobody."""
    if share is None:
        return None
    if mode is not Mode.LIVE:
        message = f"a strategy that is {'in shadow' if mode is Mode.SHADOW else 'off'} acts on nobody"
        found.error("idle-rollout", share.span, message, hint="leave rollout out, or say mode: live")
        return None
    return share.value
