"""The safety project as data: what its files say once they have been read, checked and flattened."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from seawall.core.action import Ladders
from seawall.core.diagnostic import Span
from seawall.core.types import FieldType, Kind, Value


class Mode(StrEnum):
    """How far a strategy has earned its place."""

    OFF = "off"
    SHADOW = "shadow"
    LIVE = "live"


class EventType(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of event: its typed fields, which of them is the subject and which the actor.

    Attributes:
        version: fields that say which version of the subject it is: one as it stands, of several a digest;
            empty where the platform tells no versions apart.
        edits: each event of the type says that its subject has changed, which is new evidence.
    """

    name: str
    surface: str  # video, live, comment, message, profile, account, report ...
    subject: str  # name of a field
    actor: str | None
    fields: dict[str, FieldType]
    version: tuple[str, ...] = ()
    edits: bool = False
    parties: tuple[str, ...] = ()  # roles an event of this type may name
    allow: tuple[Allow, ...] = ()
    milestones: tuple[int, ...] = ()  # views at which its subject is judged again, ascending
    report_clusters: tuple[int, ...] = ()  # independent clusters of reporters at which it is, ascending
    describes: str = ""
    span: Span


class Bank(msgspec.Struct, frozen=True, kw_only=True):
    """A list of terms, domains or hashes (lists/*.txt), or a table of values by key (lists/*.csv).

    `match` says how an entry meets a text: `words` (whole words, after NFKC and case folding), `anywhere`,
    `exact`, `domain` (the domain or a parent of it), `hash` (the same hash, or one that is `near`).
    """

    name: str
    match: str
    entries: tuple[str, ...]
    table: dict[str, dict[str, str]] = {}  # of a CSV: key -> column -> text
    columns: tuple[str, ...] = ()
    version: str  # SHA-256 of the normalised content
    span: Span


HASHES = ("pdq", "vpdq", "sha256", "sha1", "md5")
"""What entries of a bank of hashes may be of: pictures, videos frame by frame, files to the byte."""

EXACT_HASHES = frozenset({"sha256", "sha1", "md5"})

OPINIONS = ("true_positive", "unconfirmed", "disputed", "false_positive")
"""What is thought of an entry, as signal exchanges tell it apart."""


class Sharing(msgspec.Struct, frozen=True):
    """Partners to whom entries of a bank may go, and to whom those of severe clauses may."""

    to: tuple[str, ...] = ()
    severe_to: tuple[str, ...] = ()


class HashBank(msgspec.Struct, frozen=True, kw_only=True):
    """A bank of hashes that grows while serving: the project declares it, the journal holds what is in it."""

    name: str
    hash: str
    within: int  # bits
    matches: tuple[str, ...]  # opinions of which an entry must be
    clause: str = ""
    share: Sharing = Sharing()
    describes: str = ""
    span: Span


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """A sub-condition with a name, which conditions of strategies may use wherever it types."""

    name: str
    when: str
    describes: str = ""
    span: Span
    when_span: Span  # where the condition's first character stands


class Allow(msgspec.Struct, frozen=True, kw_only=True):
    """What lets an event off: strategies with actions on these axes alone (none named: any) do not fire."""

    name: str
    when: str
    axes: tuple[str, ...] = ()
    severe: bool = False  # from strategies that enforce a severe clause too
    describes: str = ""
    span: Span
    when_span: Span


class SignalSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A detector: which kind computes it, from which field, of which events, at which cost."""

    name: str
    kind: str  # a key of the table of kinds that wiring hands in
    on: tuple[str, ...]
    input: str  # name of a field, or of a signal whose value it reads
    type: FieldType
    languages: tuple[str, ...] = ()  # empty: it does not depend on language
    cost_us: float = 1.0  # with that of the signal it reads
    latency_us: float = 1.0  # how long an answer usually takes
    batch: int = 64  # inputs it takes at once, at most
    version: str = "1"
    options: dict[str, str | int | float | bool] = {}
    describes: str = ""
    span: Span


class FeatureSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A windowed value over the stream. NULL while warming or when a key is NULL.

    Attributes:
        on: the event types it can be read on; they are what is counted, unless it counts what people decide.
        source: what people decide, a key of `people.PEOPLE`; None: the events themselves are counted.
        of: with a source, the columns of it that the values of `by` are compared with.
        half_life_us: what is counted weighs half as much for each of these that have passed.
        among: of `company`, the source in which the accounts are looked up.
    """

    name: str
    on: tuple[str, ...]
    function: str  # a key of `features.functions.FUNCTIONS`
    argument: str | None  # the field looked at, None for count(*)
    argument_kind: Kind | None = None
    where: str | None  # condition text of FILTER (WHERE ...)
    by: tuple[str, ...]
    over_us: int
    per_us: int | None = None  # of a rate: the value is for this long
    source: str | None = None
    of: tuple[str, ...] = ()
    half_life_us: int | None = None
    among: str | None = None
    kind: Kind = Kind.INTEGER  # of its value
    fingerprint: str  # SHA-256 of the definition; a feature is its definition
    describes: str = ""
    span: Span


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a policy that a decision cites."""

    id: str
    title: str
    text: str  # Markdown
    ground: str  # terms | law
    severity: str  # low | medium | high | severe
    jurisdictions: tuple[str, ...] = ()  # of law; empty for terms
    exception: bool = False  # a clause that allows
    span: Span


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The rule in words. `clauses` are the base; `overlays` hold what a market or group changes."""

    name: str  # spam/commercial-spam
    title: str
    owner: str
    version: str
    text: str  # Markdown without front matter
    clauses: dict[str, Clause]
    overlays: dict[str, dict[str, Clause]] = {}  # market -> clause id -> the clause that holds there
    markets: tuple[str, ...] = ()
    span: Span


class Then(msgspec.Struct, frozen=True, kw_only=True):
    """One action a strategy asks for."""

    action: str
    target: str = "actor"  # "subject" for visibility actions unless said; "actor" otherwise; or a party role
    duration_s: int | None = None
    territory: tuple[str, ...] | None = None  # None: worldwide for terms, the clause's jurisdictions for law


class ReviewThen(msgspec.Struct, frozen=True, kw_only=True):
    """Routing to people, beside or instead of actions."""

    queue: str
    timeout_s: int | None = None
    on_timeout: str | None = None


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner of a strategy answers for."""

    precision: float | None = None
    disturbance_per_10k: float | None = None


class ShadowPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What may be spent, after decisions are released, to see what shadow strategies would have done."""

    probability: float = 0.05  # of a decision that leaves one open to be looked into
    budget_us: float = 600_000_000.0  # of signals' cost a day


class MediaPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Where the platform's images and video may be read from, and how much of one."""

    folders: dict[str, str] = {}  # name in `file://NAME/...` -> folder, relative to the root
    hosts: tuple[str, ...] = ()  # of `https:` addresses, with a port where it is not 443
    evidence_days: int = 30  # for which an encrypted copy is kept of what was acted on or sent to people
    largest: int = 200_000_000  # bytes
    longest_s: float = 900.0
    look: str = "every_frame"  # every_frame | keyframes: which frames of a video are decoded


class OnFailure(msgspec.Struct, frozen=True, omit_defaults=True):
    """What follows if a signal that could still decide a strategy gives no answer; by default, it is NULL."""

    retry: bool = False
    review: str | None = None  # a queue

    def __bool__(self) -> bool:
        return self.retry or self.review is not None


class StrategyOverlay(msgspec.Struct, frozen=True, kw_only=True):
    """What a strategy changes for some markets or for a language; None: nothing of that."""

    name: str  # the market, group or language, as written
    markets: tuple[str, ...] = ()  # flattened; empty for a language
    language: str | None = None
    when: str | None = None
    except_when: str | None = None
    then: tuple[Then, ...] | None = None
    review: tuple[ReviewThen, ...] | None = None  # said together with `then`
    mode: Mode | None = None  # never more than the strategy's own
    span: Span
    when_span: Span | None = None
    except_span: Span | None = None


class Strategy(msgspec.Struct, frozen=True, kw_only=True):
    """A condition, what follows from it, where it holds, and what its owner promises."""

    name: str
    policy: str  # spam/commercial-spam
    clause: str  # c2
    on: tuple[str, ...]
    when: str  # the condition's text, as written
    except_when: str | None = None  # where this is TRUE, it does not fire
    then: tuple[Then, ...]
    review: tuple[ReviewThen, ...] = ()
    mode: Mode
    markets: tuple[str, ...] = ()  # flattened from groups; empty: every market
    languages: tuple[str, ...] = ()  # empty: every language
    owner: str | None = None
    expect: Expectation = Expectation()
    evaluate: str = "needed"  # needed | always
    rollout: int | None = None  # of 10,000 people, those it acts on; None: everybody
    reached: bool | None = None  # in the engine: the part of it for those whom the rollout reaches, or not
    on_failure: OnFailure = OnFailure()
    describes: str = ""
    overlays: tuple[StrategyOverlay, ...] = ()  # in the order in which they apply; the last one wins
    span: Span
    when_span: Span  # where the condition's first character stands
    except_span: Span | None = None


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """Where review tasks wait."""

    name: str
    title: str
    roles: tuple[str, ...]
    sla_s: int
    order: str = "severity"  # severity | oldest | views
    sealed: bool = False  # the most severe content: cleared reviewers only, never prefetched, never drawn
    describes: str = ""
    span: Span


class RandomLane(msgspec.Struct, frozen=True, kw_only=True):
    """How often the random lane draws decisions for a blind second look.

    What is drawn also depends on a secret of the data folder, so that who reads the project cannot tell.
    """

    queue: str
    rate: float = 0.01  # of what a live strategy fired on
    rates: dict[str, float] = {}  # by strategy, instead of `rate`
    everything: float = 0.0  # of every decision, whatever was concluded
    span: Span


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One test of the project: events in order, and what the last one must get."""

    name: str
    events: tuple[dict[str, object], ...]
    signals: dict[str, Value] = {}  # values to use instead of computing
    features: dict[str, Value] = {}
    action: str | None = None
    actions: tuple[str, ...] | None = None  # every action of the decision, in any order
    review: tuple[str, ...] | None = None  # queues
    fired: tuple[str, ...] | None = None  # must all have fired (live or shadow)
    not_fired: tuple[str, ...] = ()
    only_fired: bool = False
    span: Span


class ScoreSource(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind one score of an endpoint.

    Attributes:
        name: as the protocol calls it: `harassment/threatening`, `TOXICITY`.
        signals: the highest of their values on a text is its score.
        images: the same of an image, by signals that look at files.
        threshold: from which on it is flagged; None where the protocol flags nothing.
        strategies: it is flagged too if one of them fires on the text.
        policy: with `clause`, what a text that is flagged breaks; empty where none is named.
    """

    name: str
    signals: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    threshold: float | None = None
    strategies: tuple[str, ...] = ()
    policy: str = ""
    clause: str = ""


class EndpointEvent(msgspec.Struct, frozen=True, kw_only=True):
    """How a text that comes in by an endpoint becomes an event that strategies decide.

    Attributes:
        type: of the event.
        text: the field that holds the text.
        fields: what the other fields hold, the same for every text.
    """

    type: str
    text: str
    fields: dict[str, str | int | float | bool] = {}


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """Which signals and strategies answer for the scores of a protocol that others have made.

    Attributes:
        name: `moderations` or `comments`.
        scores: by the protocol's own names.
        models: names of models that callers may ask for; empty: any.
        assume: language of a text that is too short to tell; None: it is not known.
        event: None: texts are scored, and nothing of them is kept.
    """

    name: str
    scores: dict[str, ScoreSource]
    models: tuple[str, ...] = ()
    assume: str | None = None
    event: EndpointEvent | None = None
    describes: str = ""
    span: Span


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A whole safety project that has been checked. Every mapping is sorted by name."""

    root: str
    name: str
    markets: tuple[str, ...]
    groups: dict[str, tuple[str, ...]]
    locales: tuple[str, ...]
    market_tz: dict[str, str]
    retention_days: int
    data: str  # where journal, ledger and lake live, relative to the root
    ladders: Ladders
    events: dict[str, EventType]
    banks: dict[str, Bank]
    signals: dict[str, SignalSpec]
    features: dict[str, FeatureSpec]
    policies: dict[str, Policy]
    strategies: dict[str, Strategy]
    queues: dict[str, Queue]
    latency_us: dict[str, int] = {}  # by surface: how long a decision may wait for signals
    shadow: ShadowPlan = ShadowPlan()
    definitions: dict[str, Definition] = {}
    hash_banks: dict[str, HashBank] = {}
    media: MediaPlan | None = None  # None: no media is read
    endpoints: dict[str, Endpoint] = {}
    random_lane: RandomLane | None = None  # None: nothing is drawn, and precision stays unknown
    cases: tuple[Case, ...] = ()
    version: str  # SHA-256 over the normalised files that decide and the engine's semantics
    files: dict[str, str] = {}  # path -> SHA-256 of its bytes
