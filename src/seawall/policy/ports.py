"""What `policy` needs to know of packages downstream, which wiring hands in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seawall.core.types import Kind
    from seawall.policy.model import Project, SignalSpec


class SignalKind(Protocol):
    """A kind of detector, as far as a project can be checked against it."""

    @property
    def inputs(self) -> frozenset[Kind]:
        """Kinds of field it can read; none of them as a list."""
        ...

    @property
    def gives(self) -> Kind | None:
        """The kind of its value; None where the signal's own `type` says."""
        ...

    @property
    def options(self) -> Mapping[str, bool]:
        """The options it knows, and whether each must be given."""
        ...

    def build(self, spec: SignalSpec, project: Project, /) -> object:
        """Make the detector.

        Raises:
            ProjectError: an option has a value it cannot work with.
        """
        ...
