"""Run by the interpreter of the peers: one engine over rules and events; prints its pace and what fired.

    peer.py ENGINE INPUT.json SECONDS

Every engine gets each rule compiled once, and events as the dictionaries it takes; whatever an engine offers
to go faster than one call for each rule is used.
"""

# ruff: noqa: PLC0415 -- each run has one of the engines, and needs no other
from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path


def zen(rules):
    """One expression node that gives all rules at once: one evaluation per event."""
    import zen as zen_engine

    expressions = [
        {"id": f"x{n}", "key": f"r{n}", "value": " and ".join(_zen(*p) for p in rule)}
        for n, rule in enumerate(rules)
    ]
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {"id": "do", "type": "expressionNode", "name": "do", "content": {"expressions": expressions},
             "position": {"x": 0, "y": 0}},
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 0, "y": 0}},
        ],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "do", "type": "edge"},
            {"id": "b", "sourceId": "do", "targetId": "out", "type": "edge"},
        ],
    }  # fmt: skip
    decision = zen_engine.ZenEngine().create_decision(json.dumps(graph))
    names = [f"r{n}" for n in range(len(rules))]

    def fired(event):
        result = decision.evaluate(event)["result"]
        return [n for n, name in enumerate(names) if result[name]]

    return fired, "zen-engine"


def _zen(field, operator, constant):
    if operator == "null":
        return f"{field} {'==' if constant else '!='} null"
    if operator == "in":
        return f"({field} != null and {field} in {json.dumps(constant)})"
    if operator == "contains":
        return f"({field} != null and contains({field}, {json.dumps(constant)}))"
    return f"({field} != null and {field} {operator} {json.dumps(constant)})"


def rule_engine(rules):
    """One compiled rule each."""
    import rule_engine as engine

    context = engine.Context(default_value=None)
    compiled = [engine.Rule(" and ".join(_rule_engine(*p) for p in rule), context=context) for rule in rules]
    return lambda event: [n for n, rule in enumerate(compiled) if rule.matches(event)], "rule-engine"


def _rule_engine(field, operator, constant):
    if operator == "null":
        return f"{field} {'==' if constant else '!='} null"
    literal = {True: "true", False: "false"}[constant] if isinstance(constant, bool) else json.dumps(constant)
    if operator == "in":
        return f"({field} != null and {field} in {literal})"
    if operator == "contains":
        return f"({field} != null and {literal} in {field})"
    return f"({field} != null and {field} {operator} {literal})"


def business_rules(rules):
    """Its own check of the conditions of a rule; the actions are left out."""
    from business_rules import variables as v
    from business_rules.engine import check_conditions_recursively

    kinds = {"<": "numeric", ">": "numeric", ">=": "numeric", "contains": "string", "in": "select"}
    made = {}

    def reader(field, default):
        return lambda self: default if self.event.get(field) is None else self.event[field]

    makers = {
        "numeric": (v.numeric_rule_variable, None),
        "string": (v.string_rule_variable, ""),
        "boolean": (v.boolean_rule_variable, False),
    }

    def variable(field, kind):
        name = f"{field}__{kind}"
        if name not in made:
            make, default = makers[kind]
            read = reader(field, default)
            read.__name__ = name
            made[name] = make(label=name)(read)
        return name

    def known(field):
        name = f"{field}__known"
        if name not in made:
            read = lambda self: self.event.get(field) is not None  # noqa: E731
            read.__name__ = name
            made[name] = v.boolean_rule_variable(label=name)(read)
        return {"name": name, "operator": "is_true", "value": True}

    words = {"<": "less_than", ">": "greater_than", ">=": "greater_than_or_equal_to", "contains": "contains"}

    def conditions(field, operator, constant):
        if operator == "null":
            return [known(field)]
        if operator == "in":
            name = variable(field, "string")
            return [
                known(field),
                {"any": [{"name": name, "operator": "equal_to", "value": each} for each in constant]},
            ]
        if isinstance(constant, bool):
            name = variable(field, "boolean")
            return [{"name": name, "operator": "is_true" if constant else "is_false", "value": True}]
        if operator == "==":
            return [{"name": variable(field, "string"), "operator": "equal_to", "value": constant}]
        kind = kinds[operator]
        return [known(field), {"name": variable(field, kind), "operator": words[operator], "value": constant}]

    told = [{"all": [each for p in rule for each in conditions(*p)]} for rule in rules]
    values = type(
        "Values", (v.BaseVariables,), {**made, "__init__": lambda self, event: setattr(self, "event", event)}
    )

    def fired(event):
        defined = values(event)
        return [n for n, each in enumerate(told) if check_conditions_recursively(each, defined)]

    return fired, "business-rules"


def cel(rules):
    """One compiled program each."""
    from cel import Context
    from cel import compile as compile_cel

    programs = [compile_cel(" && ".join(_cel(*p) for p in rule)) for rule in rules]

    def fired(event):
        context = Context(event)
        return [n for n, program in enumerate(programs) if program.execute(context)]

    return fired, "common-expression-language"


def _cel(field, operator, constant):
    if operator == "null":
        return f"{field} {'==' if constant else '!='} null"
    literal = json.dumps(constant)
    if operator == "in":
        return f"({field} != null && {field} in {literal})"
    if operator == "contains":
        return f"({field} != null && {field}.contains({literal}))"
    return f"({field} != null && {field} {operator} {literal})"


def datalogic(rules):
    """One compiled rule each, over an event that is handed over once."""
    import datalogic_py as engine

    texts = [json.dumps({"and": [part for p in rule for part in _logic(*p)]}) for rule in rules]
    run = engine.Engine()
    compiled = [run.compile(text) for text in texts]

    def fired(event):
        text = json.dumps(event)
        return [n for n, rule in enumerate(compiled) if json.loads(rule.evaluate_str(text))]

    return fired, "datalogic-py"


def _logic(field, operator, constant):
    known = {"!==": [{"var": field}, None]}
    if operator == "null":
        return [{"===": [{"var": field}, None]} if constant else known]
    if operator == "in":
        return [known, {"in": [{"var": field}, constant]}]
    if operator == "contains":
        return [known, {"in": [constant, {"var": field}]}]
    return [known, {"===" if operator == "==" else operator: [{"var": field}, constant]}]


ENGINES = {
    "zen-engine": zen,
    "rule-engine": rule_engine,
    "business-rules": business_rules,
    "common-expression-language": cel,
    "datalogic-py": datalogic,
}


def main():
    name, path, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    given = json.loads(Path(path).read_text())
    fired, package = ENGINES[name](given["rules"])
    sample = [fired(event) for event in given["events"][: given["sample"]]]
    done, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        for event in given["events"]:
            fired(event)
            done += 1
            if done % 16 == 0 and time.process_time() - began >= seconds:
                break
    took = time.process_time() - began
    print(json.dumps({"per_second": done / took, "version": version(package), "fired": sample}))


if __name__ == "__main__":
    main()
