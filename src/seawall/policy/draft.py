"""What the project's files declare, each on its own: read into shapes, not yet related to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from seawall.core.diagnostic import Span
from seawall.policy.folder import SETTINGS_PATH, File, decode
from seawall.policy.kinds.bank import read_bank
from seawall.policy.kinds.case import CASES, CaseFile, CasesFile, Document
from seawall.policy.kinds.definition import DEFINITIONS, DefinitionEntry, DefinitionsFile
from seawall.policy.kinds.endpoint import ENDPOINT, EndpointFile
from seawall.policy.kinds.event import EVENT, EventFile
from seawall.policy.kinds.feature import FEATURES, FeatureEntry, FeaturesFile
from seawall.policy.kinds.hash_bank import HASH_BANK, HashBankFile
from seawall.policy.kinds.policy import OverlayFile, PolicyFile, Written, read_policy
from seawall.policy.kinds.queue import QUEUE, QueueFile
from seawall.policy.kinds.settings import SETTINGS, SettingsFile, check_settings
from seawall.policy.kinds.signal import SIGNALS, SignalEntry, SignalsFile
from seawall.policy.kinds.strategy import STRATEGY, StrategyFile
from seawall.policy.shapes import At, Entry, Unfit
from seawall.policy.yaml_nodes import YamlMap, YamlNode, YamlScalar
from seawall.policy.yaml_read import read_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from seawall.policy.diagnostics import Diagnostics
    from seawall.policy.model import Bank
    from seawall.policy.records import Record
    from seawall.policy.source import Source

D = TypeVar("D")


@dataclass
class Draft:
    """Every declaration by name, and the names of those that were reported as unfit."""

    sources: dict[str, Source] = field(default_factory=dict[str, "Source"])
    settings: SettingsFile | None = None
    events: dict[str, EventFile] = field(default_factory=dict[str, EventFile])
    signals: dict[str, Entry[SignalEntry]] = field(default_factory=dict[str, Entry[SignalEntry]])
    features: dict[str, Entry[FeatureEntry]] = field(default_factory=dict[str, Entry[FeatureEntry]])
    definitions: dict[str, Entry[DefinitionEntry]] = field(default_factory=dict[str, Entry[DefinitionEntry]])
    banks: dict[str, Bank] = field(default_factory=dict[str, "Bank"])
    hash_banks: dict[str, HashBankFile] = field(default_factory=dict[str, HashBankFile])
    policies: dict[str, Written] = field(default_factory=dict[str, Written])
    overlays: list[Written] = field(default_factory=list[Written])
    strategies: dict[str, StrategyFile] = field(default_factory=dict[str, StrategyFile])
    queues: dict[str, QueueFile] = field(default_factory=dict[str, QueueFile])
    endpoints: dict[str, EndpointFile] = field(default_factory=dict[str, EndpointFile])
    cases: list[tuple[CaseFile, dict[str, Document]]] = field(
        default_factory=list[tuple[CaseFile, dict[str, Document]]]
    )
    broken: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    unread: set[str] = field(default_factory=set[str])  # folders with a file whose names are not even known

    def may_have(self, folder: str, name: str) -> bool:
        """Whether a name of that folder is declared, or may be in a file that was reported already."""
        return name in self.names(folder) or self.is_broken(folder, name)

    def is_broken(self, folder: str, name: str) -> bool:
        """Whether the name may be declared, but what it says is not known."""
        unfit = name in self.broken.get(folder, ())
        return unfit or (folder in self.unread and name not in self.names(folder))

    def names(self, folder: str) -> Iterable[str]:
        """The names that are declared well."""
        declared: dict[str, dict[str, Any]] = {
            "events": self.events,
            "signals": self.signals,
            "features": self.features,
            "definitions": self.definitions,
            "lists": self.banks,
            "banks": self.hash_banks,
            "policies": self.policies,
            "strategies": self.strategies,
            "queues": self.queues,
            "endpoints": self.endpoints,
        }
        return declared[folder].keys()


def draft_project(files: tuple[File, ...], found: Diagnostics) -> Draft:
    """What every file declares; what is wrong within one file is reported."""
    draft = Draft()
    for file in files:
        source = decode(file, found)
        if source is None:
            draft.unread.add(file.folder)
            continue
        draft.sources[file.path] = source
        _READERS[file.folder](source, draft, found)
    return draft


def _settings(source: Source, draft: Draft, found: Diagnostics) -> None:
    settings = _read(SETTINGS, source, draft, found)
    if settings is not None:
        check_settings(settings, found)
        draft.settings = settings


def _event(source: Source, draft: Draft, found: Diagnostics) -> None:
    if (event := _read(EVENT, source, draft, found, name="event")) is not None:
        _declare(draft.events, event.event, event, "event", found)


def _signals(source: Source, draft: Draft, found: Diagnostics) -> None:
    file: SignalsFile | None = _read(SIGNALS, source, draft, found, names="signals")
    for entry in file.signals if file else ():
        _declare(draft.signals, entry.key, entry, "signal", found)


def _features(source: Source, draft: Draft, found: Diagnostics) -> None:
    file: FeaturesFile | None = _read(FEATURES, source, draft, found, names="features")
    for entry in file.features if file else ():
        _declare(draft.features, entry.key, entry, "feature", found)


def _definitions(source: Source, draft: Draft, found: Diagnostics) -> None:
    file: DefinitionsFile | None = _read(DEFINITIONS, source, draft, found, names="definitions")
    for entry in file.definitions if file else ():
        _declare(draft.definitions, entry.key, entry, "definition", found)


def _bank(source: Source, draft: Draft, found: Diagnostics) -> None:
    bank = read_bank(source, found)
    if bank is None:
        draft.unread.add("lists")
    elif bank.name in draft.banks:
        other = draft.banks[bank.name].span.file
        found.error("duplicate-name", Span(source.path), f"the list {bank.name!r} is {other} already")
    else:
        draft.banks[bank.name] = bank


def _hash_bank(source: Source, draft: Draft, found: Diagnostics) -> None:
    if (bank := _read(HASH_BANK, source, draft, found, name="bank")) is not None:
        _declare(draft.hash_banks, bank.bank, bank, "bank", found)


def _policy(source: Source, draft: Draft, found: Diagnostics) -> None:
    written = read_policy(source, found)
    match written.front if written else None:
        case PolicyFile() as front if written:
            _declare(draft.policies, front.policy, written, "policy", found)
        case OverlayFile() if written:
            draft.overlays.append(written)
        case _:
            draft.unread.add("policies")


def _strategy(source: Source, draft: Draft, found: Diagnostics) -> None:
    if (strategy := _read(STRATEGY, source, draft, found, name="strategy")) is not None:
        _declare(draft.strategies, strategy.strategy, strategy, "strategy", found)


def _queue(source: Source, draft: Draft, found: Diagnostics) -> None:
    if (queue := _read(QUEUE, source, draft, found, name="queue")) is not None:
        _declare(draft.queues, queue.queue, queue, "queue", found)


def _endpoint(source: Source, draft: Draft, found: Diagnostics) -> None:
    if (endpoint := _read(ENDPOINT, source, draft, found, name="endpoint")) is not None:
        _declare(draft.endpoints, endpoint.endpoint, endpoint, "endpoint", found)


def _cases(source: Source, draft: Draft, found: Diagnostics) -> None:
    file: CasesFile | None = _read(CASES, source, draft, found)
    if file is not None:
        defaults = {entry.key.value: entry.value for entry in file.defaults}
        draft.cases.extend((case, defaults) for case in file.tests)


_READERS: dict[str, Callable[[Source, Draft, Diagnostics], None]] = {
    "": _settings,
    "events": _event,
    "signals": _signals,
    "features": _features,
    "definitions": _definitions,
    "lists": _bank,
    "banks": _hash_bank,
    "policies": _policy,
    "strategies": _strategy,
    "queues": _queue,
    "endpoints": _endpoint,
    "tests": _cases,
}


def _read(
    shape: Record[Any], source: Source, draft: Draft, found: Diagnostics, *, name: str = "", names: str = ""
) -> Any:
    """The file in its shape, or None; then the names it would have declared are kept as broken.

    Args:
        shape: of the file.
        source: its text.
        draft: where broken names are kept.
        found: where problems are reported.
        name: the key that holds the one name this file declares.
        names: the key that holds a map of them.
    """
    folder = source.path.partition("/")[0] if source.path != SETTINGS_PATH else ""
    node = read_yaml(source, found)
    read = shape.read(node, found) if node is not None else Unfit.UNFIT
    declared = set(_names(node, name, names)) if node is not None else set[str]()
    if isinstance(read, Unfit):
        draft.broken.setdefault(folder, set()).update(declared)
        if not declared:
            draft.unread.add(folder)
        return None
    if names:
        fit = {entry.key.value for entry in getattr(read, names)}
        draft.broken.setdefault(folder, set()).update(declared - fit)
    return read


def _names(node: YamlNode, name: str, names: str) -> Iterable[str]:
    for key, value in node.entries if isinstance(node, YamlMap) else ():
        if key.text == name and isinstance(value, YamlScalar):
            yield value.text
        if key.text == names and isinstance(value, YamlMap):
            yield from (each.text for each, _ in value.entries)


def _declare(declared: dict[str, D], name: At[str], item: D, what: str, found: Diagnostics) -> None:
    if name.value not in declared:
        declared[name.value] = item
        return
    first = _span_of(declared[name.value])
    message = f"there are two {what} declarations called {name.value!r}"
    found.error("duplicate-name", name.span, message, hint=f"the other is {first}; rename one")


def _span_of(item: Any) -> Span:
    match item:
        case Entry(key=At(span=span)):
            return span
        case Written(front=PolicyFile(policy=At(span=span))):
            return span
        case (
            EventFile(event=At(span=span))
            | StrategyFile(strategy=At(span=span))
            | QueueFile(queue=At(span=span))
            | HashBankFile(bank=At(span=span))
            | EndpointFile(endpoint=At(span=span))
        ):
            return span
        case _:
            return item.span
