"""Endpoints whose scores the protocol knows, and whose signals, strategies and clauses exist and fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seawall.core.types import Kind
from seawall.policy.kinds.endpoint import COMMENTS, MODERATIONS, SCORES
from seawall.policy.kinds.signal import field_behind
from seawall.policy.near import did_you_mean
from seawall.policy.words import a

if TYPE_CHECKING:
    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.draft import Draft
    from seawall.policy.kinds.endpoint import EndpointFile, EventEntry, ScoreEntry
    from seawall.policy.model import EventType, Project
    from seawall.policy.shapes import At, Entry

_NUMBERS = (Kind.NUMBER, Kind.INTEGER)


def check_endpoints(draft: Draft, project: Project, found: Diagnostics) -> None:
    """What each endpoint names exists, and every score has something behind it."""
    for file in draft.endpoints.values():
        _check_protocol(file, found)
        for entry in file.scores:
            _check_score(file, entry, found)
            for signal in entry.value.signal:
                _check_signal(signal, Kind.STRING, draft, project, found)
            for signal in entry.value.image:
                _check_signal(signal, Kind.MEDIA, draft, project, found)
            if file.endpoint.value == MODERATIONS:
                _check_strategies(entry.value, file, draft, project, found)
            _check_clause(entry.value.clause, draft, project, found)
        if file.event is not None:
            _check_event(file.event, draft, project, found)


def _check_protocol(file: EndpointFile, found: Diagnostics) -> None:
    """No key stands in the file that only the other protocol has."""
    name = file.endpoint.value
    foreign = ("attributes",) if name == MODERATIONS else ("categories", "models", "event")
    for key in foreign:
        if key in file.keys:
            hint = "write categories" if key == "attributes" else _instead(key)
            found.error("unknown-field", file.keys[key], f"the endpoint {name} has no {key}", hint=hint)
    wanted = "categories" if name == MODERATIONS else "attributes"
    if not file.scores and wanted not in file.keys:
        hint = f"add {wanted}: with what stands behind each"
        found.error("missing-field", file.endpoint.span, f"the endpoint {name} needs {wanted}", hint=hint)


def _instead(key: str) -> str:
    return "write attributes" if key == "categories" else f"only moderations has {key}"


def _check_score(file: EndpointFile, entry: Entry[ScoreEntry], found: Diagnostics) -> None:
    protocol, name, written = file.endpoint.value, entry.key, entry.value
    if name.value not in SCORES[protocol]:
        what = "categories" if protocol == MODERATIONS else "attributes"
        hint = did_you_mean(name.value, SCORES[protocol], what=what)
        found.error("unknown-score", name.span, f"{protocol} knows no {name.value!r}", hint=hint)
    if protocol == COMMENTS:
        for key in ("image", "threshold", "strategies", "clause"):
            if key in written.keys:
                message = f"an attribute has no {key}: callers get the score, and decide"
                found.error("unknown-field", written.key(key), message, hint="remove it")
        if not written.signal and "signal" not in written.keys:
            message = f"nothing is named that {name.value} could come from"
            found.error("no-source", name.span, message, hint="add signal: with the name of one")
        return
    if not {"signal", "image", "strategies"} & written.keys.keys():
        message = f"nothing is named that {name.value} could come from"
        found.error("no-source", name.span, message, hint="add signal: and threshold:, or strategies:")
        return
    if (written.signal or written.image) and "threshold" not in written.keys:
        message = f"{name.value} has a signal, but no threshold from which on it is flagged"
        found.error("missing-field", name.span, message, hint="add threshold: 0.8")
    if written.threshold is not None and not {"signal", "image"} & written.keys.keys():
        message = "a threshold without a signal flags nothing"
        found.error("no-source", written.key("threshold"), message, hint="add signal:, or remove it")


def _check_signal(name: At[str], reads: Kind, draft: Draft, project: Project, found: Diagnostics) -> None:
    """It exists, gives a number, and reads what stands for a text or an image on the platform."""
    if not draft.may_have("signals", name.value):
        hint = did_you_mean(name.value, draft.signals, what="signals")
        found.error("unknown-signal", name.span, f"there is no signal {name.value!r}", hint=hint)
        return
    spec = project.signals.get(name.value)
    if spec is None or not draft.signals:
        return
    if spec.type.is_list or spec.type.kind not in _NUMBERS:
        message = f"{name.value} is {a(str(spec.type).removesuffix('?'))}; a score is a number from 0 to 1"
        found.error("type-mismatch", name.span, message)
    field = field_behind(spec, project.signals)
    read = [
        type_
        for event in spec.on
        if event in project.events and (type_ := project.events[event].fields.get(field)) is not None
    ]
    if any(type_.is_list or type_.kind is not reads for type_ in read):
        has, key = ("a text", "string") if reads is Kind.STRING else ("an image", "media field")
        message = f"{name.value} reads {field}, which is {a(read[0])}; here it would get {has}"
        found.error("type-mismatch", name.span, message, hint=f"name a signal that reads a {key}")


def _check_strategies(
    written: ScoreEntry, file: EndpointFile, draft: Draft, project: Project, found: Diagnostics
) -> None:
    for name in written.strategies:
        if not draft.may_have("strategies", name.value):
            hint = did_you_mean(name.value, draft.strategies, what="strategies")
            found.error("unknown-strategy", name.span, f"there is no strategy {name.value!r}", hint=hint)
            continue
        if file.event is None:
            if "event" not in file.keys:
                message = "strategies decide events, and this endpoint makes none of its texts"
                hint = "add event: {type: TYPE, text: FIELD}"
                found.error("missing-field", name.span, message, hint=hint)
            continue
        strategy = project.strategies.get(name.value)
        if strategy is not None and file.event.type.value not in strategy.on:
            message = f"{name.value} judges {', '.join(strategy.on)}, not {file.event.type.value}"
            found.error("cannot-fire", name.span, message, hint="name one that judges that event type")


def _check_clause(name: At[str] | None, draft: Draft, project: Project, found: Diagnostics) -> None:
    if name is None:
        return
    policy, _, id_ = name.value.partition("#")
    if policy not in project.policies:
        if not draft.is_broken("policies", policy):
            hint = did_you_mean(policy, project.policies, what="policies")
            found.error("unknown-policy", name.span, f"there is no policy {policy!r}", hint=hint)
        return
    clauses = project.policies[policy].clauses
    if id_ not in clauses:
        if id_ not in draft.policies[policy].broken:
            hint = did_you_mean(id_, clauses, what="its clauses")
            found.error(
                "unknown-clause", name.span, f"the policy {policy!r} has no clause {id_!r}", hint=hint
            )
    elif clauses[id_].exception:
        message = f"{name.value} is a clause that allows; nothing can break it"
        found.error("exception-cited", name.span, message, hint="name the clause it is an exception of")


def _check_event(written: EventEntry, draft: Draft, project: Project, found: Diagnostics) -> None:
    """The event type exists, the text has a field, and every other field that must hold something does."""
    name = written.type
    if not draft.may_have("events", name.value):
        hint = did_you_mean(name.value, draft.events, what="event types")
        found.error("unknown-event", name.span, f"there is no event type {name.value!r}", hint=hint)
    event = project.events.get(name.value)
    if event is None:
        return
    _check_text(written.text, event, found)
    given = {each.key.value: each.key for each in written.fields}
    for field, place in given.items():
        if field not in event.fields:
            hint = did_you_mean(field, event.fields, what="fields")
            found.error("unknown-field", place.span, f"{event.name} has no field {field!r}", hint=hint)
        elif field in {written.text.value, event.subject}:
            what = "the text" if field == written.text.value else "an id of its own for each text"
            found.error("name-clash", place.span, f"{field} holds {what}", hint="leave it out")
    missing = [
        field
        for field, type_ in event.fields.items()
        if not type_.nullable and field not in {*given, written.text.value, event.subject}
    ]
    if missing and written.text.value in event.fields:
        message = f"an event of type {event.name} must have {', '.join(missing)}"
        hint = f"add fields: {{{missing[0]}: ...}}"
        found.error("missing-field", written.key("fields"), message, hint=hint)


def _check_text(name: At[str], event: EventType, found: Diagnostics) -> None:
    type_ = event.fields.get(name.value)
    if type_ is None:
        hint = did_you_mean(name.value, event.fields, what="fields")
        found.error("unknown-field", name.span, f"{event.name} has no field {name.value!r}", hint=hint)
    elif type_.is_list or type_.kind is not Kind.STRING:
        found.error("type-mismatch", name.span, f"{name.value} of {event.name} is {a(type_)}, not a text")
