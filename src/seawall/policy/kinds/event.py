"""events/*.yml: an event type, its typed fields, its subject and actor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from seawall.core.milestone import CLUSTERS_FIELD, VIEWS_FIELD
from seawall.core.types import FieldType, Kind, parse_type
from seawall.policy.kinds.allow import ALLOW, ALLOW_NAME, AllowEntry, build_allow
from seawall.policy.kinds.names import NAME, NAMES, text_or, values
from seawall.policy.model import EventType
from seawall.policy.near import did_you_mean
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import UNFIT, At, Boolean, Entry, ListOf, MapOf, Number, Text, Unfit, unfit
from seawall.policy.words import a
from seawall.policy.yaml_nodes import YamlNode, YamlScalar, shorten

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.source import Source

_VERSIONS = (Kind.STRING, Kind.HASH, Kind.INTEGER, Kind.TIMESTAMP)

TYPE_WORDS = tuple(kind.value for kind in Kind) + tuple(f"list of {kind.value}" for kind in Kind)


class TypeShape:
    """The type of a field or signal, as `list of string?`."""

    words = "a type"

    def read(self, node: YamlNode, found: Diagnostics) -> At[FieldType] | Unfit:
        """The type, or UNFIT with the nearest one named."""
        if not isinstance(node, YamlScalar) or not isinstance(node.value, str):
            return unfit(node, self, found, hint=f"types: {', '.join(TYPE_WORDS[:7])}, list of those")
        text = " ".join(node.text.split())
        try:
            return At(parse_type(text), node.span)
        except ValueError:
            hint = did_you_mean(text.removesuffix("?"), TYPE_WORDS, what="types")
            found.error("bad-value", node.span, f"{shorten(text)!r} is no type", hint=hint)
            return UNFIT

    def schema(self) -> dict[str, Any]:
        """A pattern of all types."""
        return {"type": "string", "pattern": f"^(list of )?({'|'.join(Kind)}) ?[?]?$"}


_VIEWS = Number("a number of views, from 1 on", least=1, most=1e15, hint="as in milestones: [1000, 100000]")
_CLUSTERS = Number(
    "a number of clusters, from 2 on", least=2, most=1000, hint="as in report_clusters: [3, 10]"
)


class EventFile(Lines, frozen=True, kw_only=True):
    """An event file as written."""

    event: Annotated[At[str], Key(NAME, "The event type's name.")]
    describes: Annotated[At[str] | None, Key(Text(), "What happened when one of these comes.")] = None
    surface: Annotated[
        At[str] | None,
        Key(
            NAME,
            "Where it lives: video, live, comment, message, profile, account, report; default: `event`.",
        ),
    ] = None
    subject: Annotated[At[str], Key(NAME, "The field that names what an action is applied to.")]
    actor: Annotated[At[str] | None, Key(NAME, "The field that names who answers for it.")] = None
    version: Annotated[
        tuple[At[str], ...],
        Key(
            NAMES,
            "The field that says which version of the subject it is; of several, a digest of them.",
        ),
    ] = ()
    edits: Annotated[
        At[bool] | None,
        Key(Boolean(), "Each event of this type brings a changed subject; default false."),
    ] = None
    parties: Annotated[
        tuple[At[str], ...], Key(NAMES, "Roles that an event may name in `parties`: host, guest, target ...")
    ] = ()
    allow: Annotated[
        tuple[Entry[AllowEntry], ...],
        Key(
            MapOf(ALLOW_NAME, ALLOW, "a map from name to what lets events off"),
            "What lets an event off, before strategies can fire.",
        ),
    ] = ()
    milestones: Annotated[
        tuple[At[float], ...],
        Key(
            ListOf(_VIEWS, "a list of view counts", key=lambda count: f"{count.value:g}"),
            "Views at which its subject is judged again, with them in the field `views`.",
        ),
    ] = ()
    report_clusters: Annotated[
        tuple[At[float], ...],
        Key(
            ListOf(_CLUSTERS, "a list of cluster counts", key=lambda count: f"{count.value:g}"),
            "Independent clusters of reporters at which it is judged again, in the field `report_clusters`.",
        ),
    ] = ()
    fields: Annotated[
        tuple[Entry[At[FieldType]], ...],
        Key(
            MapOf(NAME, TypeShape(), "a map from field to type", may_be_empty=False),
            "Its fields and their types.",
        ),
    ]


EVENT = Record(EventFile, "an event type")


def build_event(file: EventFile, source: Source, found: Diagnostics) -> EventType:
    """The event type; a subject or actor that cannot be one is reported."""
    fields = {entry.key.value: entry.value.value for entry in file.fields}
    _check_id("subject", file.subject, fields, found)
    if file.actor is not None:
        _check_id("actor", file.actor, fields, found)
    _check_version(file, fields, found)
    _check_milestones(file, "milestones", (file.milestones, VIEWS_FIELD), fields, found)
    _check_milestones(file, CLUSTERS_FIELD, (file.report_clusters, CLUSTERS_FIELD), fields, found)
    return EventType(
        name=file.event.value,
        surface=text_or(file.surface, file.event.value),
        subject=file.subject.value,
        actor=file.actor.value if file.actor else None,
        fields=fields,
        version=values(file.version),
        edits=file.edits is not None and file.edits.value,
        parties=values(file.parties),
        allow=tuple(build_allow(entry, source) for entry in file.allow),
        milestones=tuple(sorted(int(each.value) for each in file.milestones)),
        report_clusters=tuple(sorted(int(each.value) for each in file.report_clusters)),
        describes=text_or(file.describes),
        span=file.event.span,
    )


def _check_id(role: str, name: At[str], fields: dict[str, FieldType], found: Diagnostics) -> None:
    type_ = fields.get(name.value)
    if type_ is None:
        hint = did_you_mean(name.value, fields, what="fields")
        found.error(
            "unknown-field", name.span, f"the {role} {name.value!r} is no field of this event", hint=hint
        )
    elif type_.is_list or type_.kind not in (Kind.STRING, Kind.HASH):
        found.error(
            "bad-value", name.span, f"the {role} must be a string or hash; {name.value} is {a(type_)}"
        )
    elif role == "subject" and type_.nullable:
        found.error(
            "bad-value",
            name.span,
            f"the subject may never be NULL, and {name.value} is {a(type_)}",
            hint="drop its ?, since an action needs something to be applied to",
        )


def _check_version(file: EventFile, fields: dict[str, FieldType], found: Diagnostics) -> None:
    """Its fields exist, one alone can be read as a name, and none is the subject."""
    for name in file.version:
        type_ = fields.get(name.value)
        if type_ is None:
            hint = did_you_mean(name.value, fields, what="fields")
            message = f"the version {name.value!r} is no field of this event"
            found.error("unknown-field", name.span, message, hint=hint)
        elif name.value == file.subject.value:
            message = f"{name.value} names the subject, and every version of it has the same name"
            found.error("bad-value", name.span, message, hint="name what changes when the subject is edited")
        elif len(file.version) == 1 and (type_.is_list or type_.kind not in _VERSIONS):
            message = f"the version must be a string, hash, integer or timestamp; {name.value} is {a(type_)}"
            found.error("bad-value", name.span, message, hint="of two or more fields a digest is taken")


def _check_milestones(
    file: EventFile,
    key: str,
    counts: tuple[tuple[At[float], ...], str],
    fields: dict[str, FieldType],
    found: Diagnostics,
) -> None:
    """They are whole numbers, and there is a field that conditions can read them from."""
    milestones, field = counts
    for each in milestones:
        if each.value != int(each.value):
            found.error("bad-value", each.span, f"{field.replace('_', ' ')} are counted in whole numbers")
    type_ = fields.get(field)
    if not milestones or (type_ is not None and type_.kind is Kind.INTEGER and not type_.is_list):
        return
    place = file.key(key)
    if type_ is None:
        message = f"milestones need a field {field!r} that conditions can read"
        found.error("missing-field", place, message, hint=f"add {field}: integer? to its fields")
    else:
        message = f"milestones need {field!r} to be an integer; it is {a(type_)}"
        found.error("type-mismatch", place, message)
