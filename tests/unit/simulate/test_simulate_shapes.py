"""Whether a project's event types take simulated events, said field by field."""

from __future__ import annotations

from seawall.core.diagnostic import Span
from seawall.core.types import parse_type
from seawall.policy.model import EventType
from seawall.simulate.shapes import SHAPES, misfits


def _types(**changes: dict[str, str]) -> dict[str, EventType]:
    shapes = {name: {**shape, **changes.get(name, {})} for name, shape in SHAPES.items()}
    return {
        name: EventType(
            name=name,
            surface=name,
            subject="actor_id",
            actor="actor_id",
            fields={field: parse_type(kind) for field, kind in shape.items()},
            span=Span(f"events/{name}.yml"),
        )
        for name, shape in shapes.items()
    }


def test_the_shapes_fit_themselves() -> None:
    assert misfits(_types()) == []


def test_a_missing_type_is_named_with_what_was_meant() -> None:
    types = _types()
    types["comments"] = types.pop("comment")
    assert misfits(types) == ["event type `comment` is not declared (is `comments` meant?)"]


def test_a_required_field_that_nobody_makes() -> None:
    assert misfits(_types(video={"studio_id": "string"})) == [
        "`video.studio_id` is required, and the simulator does not make it"
    ]


def test_a_nullable_field_that_nobody_makes_is_null() -> None:
    assert misfits(_types(video={"studio_id": "string?"})) == []


def test_another_type_of_field() -> None:
    assert misfits(_types(comment={"mentions": "string"})) == [
        "`comment.mentions` is string, and the simulator makes integer"
    ]


def test_a_field_that_may_be_null_and_was_declared_otherwise() -> None:
    assert misfits(_types(comment={"link_domain": "string"})) == [
        "`comment.link_domain` may be NULL in simulated events, and is declared string"
    ]
