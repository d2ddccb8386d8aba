"""Small JSON bodies: read no further than they may be, and checked against a model first."""

from collections.abc import Mapping
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from seawall.serve.api.body import JSON_TYPES, read_body
from seawall.serve.api.problems import MEDIA_TYPE, DoorError, Problem

MAX_BYTES = 128 * 1024

_Model = TypeVar("_Model", bound=BaseModel)


def storable(text: str) -> str:
    """What every ledger can keep: text without the NUL that databases refuse.

    Raises:
        ValueError: it has one.
    """
    if "\0" in text:
        raise ValueError("holds the character NUL")
    return text


Words = Annotated[str, AfterValidator(storable)]
"""A text that can be kept."""


class Asked(BaseModel):
    """A body in which every field has a meaning: one that is not known is refused, not passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Body(Generic[_Model]):
    """A dependency that reads the body of a request as one model.

    Raises:
        DoorError: `media-type`, `malformed` or `too-large`.
        RequestValidationError: it does not fit; answered as `invalid` with the field.
    """

    def __init__(self, model: type[_Model]) -> None:
        self.model = model

    async def __call__(self, request: Request) -> _Model:
        """The body."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in JSON_TYPES:
            raise DoorError(
                "media-type", f"this address takes JSON, not {kind}", hint="send application/json"
            )
        raw = await read_body(request, limit=MAX_BYTES)
        try:
            return self.model.model_validate_json(raw)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            if first["type"] == "json_invalid":
                raise DoorError("malformed", first["msg"], hint="send one JSON object") from None
            raise RequestValidationError([first]) from None

    def described(self) -> dict[str, Any]:
        """The body in the reference: `openapi_extra` of a route."""
        schema = self.model.model_json_schema(ref_template="#/components/schemas/{model}")
        return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def problems(*statuses: int, **said: str) -> Mapping[int | str, dict[str, Any]]:
    """The problems of a route in the reference; `said` explains one, as `s409="..."`.

    >>> sorted(problems(404))
    [400, 401, 403, 404, 413, 415, 422]
    """
    every = {400, 401, 403, 413, 415, 422, *statuses}
    return {
        status: {
            "model": Problem,
            "content": {MEDIA_TYPE: {}},
            **({"description": said[f"s{status}"]} if f"s{status}" in said else {}),
        }
        for status in sorted(every)
    }
