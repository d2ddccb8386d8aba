"""endpoints/*.yml: which signals answer for the scores of a protocol that others have made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from seawall.policy.kinds.names import (
    CITATION,
    LANGUAGE,
    NAME,
    NAMES,
    STRATEGY_NAMES,
    text_or,
    values,
)
from seawall.policy.model import Endpoint, EndpointEvent, ScoreSource
from seawall.policy.records import Key, Lines, Record
from seawall.policy.shapes import Anything, At, Choice, Entry, ListOf, MapOf, Number, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

MODERATIONS, COMMENTS = "moderations", "comments"

CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/instructions",
    "self-harm/intent",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)
"""What `POST /v1/moderations` answers, in its order; its clients need every one of them."""

ATTRIBUTES = (
    "TOXICITY",
    "SEVERE_TOXICITY",
    "IDENTITY_ATTACK",
    "INSULT",
    "PROFANITY",
    "THREAT",
    "SEXUALLY_EXPLICIT",
    "SPAM",
    "FLIRTATION",
    "INFLAMMATORY",
    "OBSCENE",
    "INCOHERENT",
    "UNSUBSTANTIAL",
    "ATTACK_ON_AUTHOR",
    "ATTACK_ON_COMMENTER",
    "LIKELY_TO_REJECT",
    "TOXICITY_EXPERIMENTAL",
    "SEVERE_TOXICITY_EXPERIMENTAL",
    "IDENTITY_ATTACK_EXPERIMENTAL",
    "INSULT_EXPERIMENTAL",
    "PROFANITY_EXPERIMENTAL",
    "THREAT_EXPERIMENTAL",
)
"""What callers of `comments:analyze` may know; a project answers for those that it has something for."""

SCORES: Mapping[str, tuple[str, ...]] = {MODERATIONS: CATEGORIES, COMMENTS: ATTRIBUTES}
"""The names of each protocol."""

_SCORE_NAME = Text(
    "a category or attribute", r"[A-Za-z][A-Za-z_/-]{0,62}", "as in self-harm/intent, TOXICITY"
)
_MODEL = Text("a model's name", r"[A-Za-z0-9][A-Za-z0-9._:-]{0,62}")
_MODELS = ListOf(_MODEL, "one model or a list of them", key=lambda item: item.value)
_SHARE = Number("a number above 0 and at most 1", above=0, most=1, hint="0.5 flags what is as likely as not")


class ScoreEntry(Lines, frozen=True, kw_only=True):
    """What stands behind one score, as written."""

    signal: Annotated[
        tuple[At[str], ...],
        Key(NAMES, "Signals that read a text and give a number from 0 to 1; of several the highest counts."),
    ] = ()
    image: Annotated[
        tuple[At[str], ...],
        Key(
            NAMES,
            "Of moderations: the same for images that callers name, where `media` of seawall.yml allows.",
        ),
    ] = ()
    threshold: Annotated[
        At[float] | None, Key(_SHARE, "Of moderations: score from which on it is flagged.")
    ] = None
    strategies: Annotated[
        tuple[At[str], ...],
        Key(STRATEGY_NAMES, "Of moderations: flagged too if one of these fires on the text; needs `event`."),
    ] = ()
    clause: Annotated[
        At[str] | None, Key(CITATION, "Of moderations: what a text that is flagged breaks.")
    ] = None


class EventEntry(Lines, frozen=True, kw_only=True):
    """The event that a text becomes, as written."""

    type: Annotated[At[str], Key(NAME, "Its event type.")]
    text: Annotated[At[str], Key(NAME, "The field that holds the text.")]
    fields: Annotated[
        tuple[Entry[At[Any]], ...],
        Key(
            MapOf(NAME, Anything("a text, a number or a boolean", scalar=True), "a map from field to value"),
            "What its other fields hold. The subject gets an id of its own for each text.",
        ),
    ] = ()


_SCORES = MapOf(
    _SCORE_NAME, Record(ScoreEntry, "a score"), "a map from name to score", may_be_empty=False, keep_fit=True
)


class EndpointFile(Lines, frozen=True, kw_only=True):
    """A file of one endpoint as written."""

    endpoint: Annotated[
        At[str],
        Key(
            Choice("an endpoint", (MODERATIONS, COMMENTS)),
            "`moderations`: POST /v1/moderations; `comments`: POST /v1alpha1/comments:analyze.",
        ),
    ]
    describes: Annotated[At[str] | None, Key(Text(), "Who calls it, and what for.")] = None
    models: Annotated[
        tuple[At[str], ...],
        Key(_MODELS, "Of moderations: names of models that callers may ask for; default: any."),
    ] = ()
    assume: Annotated[
        At[str] | None,
        Key(LANGUAGE, "Language of a text too short to tell; without it such a text has none."),
    ] = None
    categories: Annotated[
        tuple[Entry[ScoreEntry], ...], Key(_SCORES, "Of moderations: what stands behind each category.")
    ] = ()
    attributes: Annotated[
        tuple[Entry[ScoreEntry], ...], Key(_SCORES, "Of comments: what stands behind each attribute.")
    ] = ()
    event: Annotated[
        EventEntry | None,
        Key(
            Record(EventEntry, "an event"),
            "Of moderations: strategies decide each text too, as this event; it is journalled like any other."
            " Without it nothing is kept.",
        ),
    ] = None

    @property
    def scores(self) -> tuple[Entry[ScoreEntry], ...]:
        """What its own protocol calls them."""
        return self.categories if self.endpoint.value == MODERATIONS else self.attributes


ENDPOINT = Record(EndpointFile, "an endpoint")


def build_endpoint(file: EndpointFile) -> Endpoint:
    """The endpoint as its file says."""
    event = file.event
    return Endpoint(
        name=file.endpoint.value,
        scores={entry.key.value: _source(entry) for entry in file.scores},
        models=values(file.models),
        assume=file.assume.value if file.assume else None,
        event=EndpointEvent(
            type=event.type.value,
            text=event.text.value,
            fields={each.key.value: each.value.value for each in event.fields},
        )
        if event
        else None,
        describes=text_or(file.describes),
        span=file.endpoint.span,
    )


def _source(entry: Entry[ScoreEntry]) -> ScoreSource:
    written = entry.value
    policy, _, clause = text_or(written.clause).partition("#")
    return ScoreSource(
        name=entry.key.value,
        signals=values(written.signal),
        images=values(written.image),
        threshold=written.threshold.value if written.threshold else None,
        strategies=values(written.strategies),
        policy=policy,
        clause=clause,
    )
