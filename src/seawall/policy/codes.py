"""Every diagnostic code, by what it is about, with one line that explains it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUPS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "The folder": {
            "no-project": "The folder does not exist or has no seawall.yml.",
            "misplaced-file": "A file looks like part of the project but lies where none is read.",
            "leaves-folder": "A link leads out of the project's folder, or nowhere.",
            "unreadable": "A file or folder cannot be read, or is no ordinary file.",
            "too-large": "A file, a project or the number of values in a file is beyond its limit.",
            "bad-encoding": "A file is not UTF-8.",
        },
        "YAML": {
            "bad-yaml": "The text is not YAML.",
            "bad-character": "A character stands in the text that YAML does not allow.",
            "empty-file": "There is nothing in the file.",
            "many-documents": "A file holds more than one YAML document.",
            "duplicate-key": "A key stands twice in one map.",
            "bad-key": "A key is a list or a map instead of a word.",
            "yaml-tag": "A tag asks for a type; project files have none.",
            "yaml-merge": "A merge key asks for keys from elsewhere; project files spell them out.",
            "bad-alias": "An alias names no anchor above it, or stands inside what it names.",
            "too-many-aliases": "A file uses more aliases than its limit.",
            "too-deep": "Values, folders or parts of a condition are nested beyond the limit.",
        },
        "Keys and values": {
            "unknown-field": "A key or field is not one that this thing has.",
            "missing-field": "Something that must be said is not.",
            "missing-value": "A key has nothing after it.",
            "wrong-type": "A value has another form than the one expected.",
            "bad-value": "A value has the right form but is not one that can stand here.",
            "duplicate-item": "The same thing stands twice in one list.",
            "bad-count": "A feature's value is none that can be kept.",
        },
        "Lists": {
            "bad-entry": "An entry cannot be matched in the way the list says.",
            "bad-table": "A CSV list has no header, a row that does not fit it, or is not CSV.",
            "duplicate-entry": "An entry or key is in the list already.",
            "empty-list": "A list, in a file or in a condition, has nothing in it.",
        },
        "Policies": {
            "missing-front-matter": "A policy does not start with its keys between two lines of ---.",
            "bad-clause-heading": "A heading looks like a clause's but is not written `## ID. Title`.",
            "missing-block": "A clause has no YAML block with its ground and severity below its heading.",
            "empty-clause": "A clause has no text.",
            "overlay-conflict": "Two groups' overlays change the same thing for the same market.",
        },
        "Names": {
            "duplicate-name": "Two declarations have the same name.",
            "name-clash": "A name is taken by something else that the same reader would mean.",
            "reserved-name": "A name is a word of the condition language.",
            "unknown-event": "There is no event type of that name.",
            "unknown-signal": "There is no signal of that name.",
            "unknown-feature": "There is no feature of that name.",
            "unknown-list": "There is no list of that name.",
            "unknown-bank": "There is no bank of that name.",
            "unknown-policy": "There is no policy of that name.",
            "unknown-clause": "The policy has no clause with that ID.",
            "unknown-strategy": "There is no strategy of that name.",
            "unknown-queue": "There is no queue of that name.",
            "unknown-action": "There is no such action, or not on the axis asked for.",
            "unknown-target": "An event type has no such party, or no actor.",
            "unknown-market": "The market or group is none of this project, or no country at all.",
            "unknown-surface": "No event type is of that surface.",
            "unused": "Nothing uses this definition.",
        },
        "Signals": {
            "unknown-kind": "There is no kind of signal of that name.",
            "unknown-option": "The kind of signal has no such option.",
            "missing-option": "The kind of signal needs an option that is not given.",
            "not-a-table": "The kind of signal needs a list with columns.",
            "unknown-column": "The list has no such column.",
            "bad-weight": "A term's weight is not a number from 0 to 1.",
            "not-terms": "The kind of signal needs a list of terms.",
            "not-domains": "The kind of signal needs a list of domains.",
            "bad-cell": "A cell of a list cannot be read as the signal's type.",
            "no-media": "A signal looks at media, and the project does not say where media may be read from.",
            "no-signal": "A strategy says what follows if a signal fails, but reads none.",
            "language-outside-signal": "A strategy asks for a language in which a signal is always NULL.",
        },
        "Endpoints": {
            "unknown-score": "The protocol that the endpoint speaks has no such category or attribute.",
            "no-source": "Nothing is named that a score could come from.",
        },
        "Conditions": {
            "syntax": "The condition does not parse.",
            "comment": "A comment hides part of a condition.",
            "ambiguous": "The condition can be read in two ways.",
            "too-long": "The condition or a text in it is beyond its limit.",
            "unknown-name": "There is no field, feature or signal of that name on this event type.",
            "unknown-function": "There is no such function in the condition language.",
            "unknown-operator": "There is no such operator in the condition language.",
            "unknown-type": "There is no such type to cast to.",
            "type-mismatch": "Two types do not go together, or one cannot be used here.",
            "bad-arguments": "A function is given too few, too many or the wrong arguments.",
            "bad-cast": "A value can never be cast to that type.",
            "bad-pattern": "A pattern cannot be read, or means something else elsewhere.",
            "bad-timestamp": "A time is not written as one.",
            "bad-unit": "There is no such unit of time.",
            "bad-definition": "A definition is used where what it says is wrong.",
            "bad-interval": "An interval is not written as one, or is of no fixed length where it must be.",
            "integer-range": "A whole number does not fit 64 bits.",
            "number-range": "A number does not fit a double.",
            "decimal-arithmetic": "SQL would need more digits than a decimal has; a cast says what is meant.",
            "literal-arithmetic": "Something is calculated from constants alone.",
            "not-a-literal": "Something must be written out here, not computed.",
            "null-literal": "NULL is compared with, which is never true.",
            "never-equal": "Two values can never be equal.",
            "always-true": "The condition is true whatever comes in.",
            "always-false": "The condition is never true, whatever comes in.",
            "computed-in-filter": "A feature's filter reads a feature or signal, which is not known yet.",
            "cycle": "Definitions or signals are made of each other.",
        },
        "Strategies and tests": {
            "missing-owner": "A live strategy has no owner.",
            "missing-expectation": "A live strategy promises no precision, or no disturbance budget.",
            "exception-cited": "A strategy acts against someone in the name of a clause that allows.",
            "idle-overlay": "An overlay of a strategy changes nothing.",
            "idle-rollout": "A rollout of a strategy that acts on nobody anyway.",
            "outside-policy": "A strategy judges in markets where its policy does not hold.",
            "sealed-lane": "The random lane leads to a sealed queue, and what is sealed is never drawn.",
            "cannot-fire": "A test expects a strategy to fire that is off or judges other events.",
        },
    }
)
"""The codes of one group are one table in docs/reference/diagnostics.md."""

CODES: Mapping[str, str] = MappingProxyType(
    {code: meaning for group in GROUPS.values() for code, meaning in group.items()}
)
"""What each code means. A code never changes its meaning, since build logs are searched for it."""
