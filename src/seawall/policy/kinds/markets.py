"""Groups of markets, spelled out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from seawall.policy.kinds.names import values
from seawall.policy.near import did_you_mean

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.kinds.settings import SettingsFile
    from seawall.policy.shapes import At


class Markets(msgspec.Struct, frozen=True):
    """The markets of a project and the groups it names; None while they do not read."""

    markets: tuple[str, ...] | None
    groups: dict[str, tuple[str, ...]] = {}

    @classmethod
    def of(cls, settings: SettingsFile | None) -> Markets:
        """What seawall.yml says."""
        if settings is None or ("groups" in settings.keys and not settings.groups):
            return cls(None)
        groups = {entry.key.value: tuple(sorted(values(entry.value))) for entry in settings.groups}
        return cls(tuple(sorted(values(settings.markets))), dict(sorted(groups.items())))

    def flatten(self, written: tuple[At[str], ...] | None, found: Diagnostics) -> tuple[str, ...]:
        """Every market that a list of markets and groups means, sorted; what is neither is reported."""
        meant: set[str] = set()
        for each in written or ():
            if self.markets is None:
                continue
            if each.value in self.groups:
                meant.update(self.groups[each.value])
            elif each.value in self.markets:
                meant.add(each.value)
            else:
                hint = did_you_mean(each.value, {*self.markets, *self.groups}, what="markets and groups")
                message = f"{each.value} is no market or group of this project"
                found.error("unknown-market", each.span, message, hint=hint)
        return tuple(sorted(meant))
