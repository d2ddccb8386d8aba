"""JSON Schemas of the file kinds, from the same declarations that read them."""

from __future__ import annotations

from typing import Any

import msgspec

from seawall.core.errors import NotFound
from seawall.policy.kinds.case import CASES
from seawall.policy.kinds.clause import CLAUSE, OVERLAY_CLAUSE
from seawall.policy.kinds.definition import DEFINITIONS
from seawall.policy.kinds.endpoint import ENDPOINT
from seawall.policy.kinds.event import EVENT
from seawall.policy.kinds.feature import FEATURES
from seawall.policy.kinds.hash_bank import HASH_BANK
from seawall.policy.kinds.policy import OVERLAY, POLICY
from seawall.policy.kinds.queue import QUEUE
from seawall.policy.kinds.settings import SETTINGS
from seawall.policy.kinds.signal import SIGNALS
from seawall.policy.kinds.strategy import STRATEGY
from seawall.policy.near import did_you_mean
from seawall.policy.records import Record

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class FileKind(msgspec.Struct, frozen=True):
    """A kind of YAML in a project, and where it stands."""

    name: str
    where: str
    shape: Record[Any]


FILE_KINDS: tuple[FileKind, ...] = (
    FileKind("seawall", "seawall.yml", SETTINGS),
    FileKind("event", "events/**/*.yml", EVENT),
    FileKind("signals", "signals/**/*.yml", SIGNALS),
    FileKind("features", "features/**/*.yml", FEATURES),
    FileKind("definitions", "definitions/**/*.yml", DEFINITIONS),
    FileKind("bank", "banks/**/*.yml", HASH_BANK),
    FileKind("policy", "the front matter of policies/**/*.md", POLICY),
    FileKind("clause", "the block under a clause's heading", CLAUSE),
    FileKind("overlay", "the front matter of an overlay", OVERLAY),
    FileKind("overlay-clause", "the block under a clause's heading in an overlay", OVERLAY_CLAUSE),
    FileKind("strategy", "strategies/**/*.yml", STRATEGY),
    FileKind("queue", "queues/**/*.yml", QUEUE),
    FileKind("endpoint", "endpoints/**/*.yml", ENDPOINT),
    FileKind("tests", "tests/**/*.yml", CASES),
)
"""In the order a newcomer meets them."""


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file.

    Raises:
        NotFound: there is no such kind.

    >>> schema_of("queue")["required"]
    ['queue', 'title', 'roles', 'sla']
    """
    for each in FILE_KINDS:
        if each.name == kind:
            title = {"title": f"Seawall {each.name}", "description": each.where}
            return {"$schema": DIALECT, **title, **each.shape.schema()}
    known = [each.name for each in FILE_KINDS]
    raise NotFound(f"there is no kind of file {kind!r}", hint=did_you_mean(kind, known, what="kinds"))
