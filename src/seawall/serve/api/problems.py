"""Errors at the HTTP door: RFC 9457 problem documents with the codes of docs/reference/errors.md."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from seawall.core.errors import Busy, EventError, SeawallError

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"
DISK_RETRY_S = 30

STATUS: Mapping[str, int] = MappingProxyType(
    {
        "usage": 400,
        "malformed": 400,
        "unauthorized": 401,
        "forbidden": 403,
        "not-found": 404,
        "method": 405,
        "conflict": 409,
        "too-large": 413,
        "media-type": 415,
        "event": 422,
        "invalid": 422,
        "project": 422,
        "condition": 422,
        "busy": 429,
        "disk-full": 429,
        "internal": 500,
        "storage": 503,
        "corrupt": 503,
    }
)
"""The HTTP status each code is answered with."""

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "usage": "What was asked for cannot be done",
        "malformed": "The body cannot be read",
        "unauthorized": "An API key is needed",
        "forbidden": "The API key may not do this",
        "not-found": "What was named does not exist",
        "method": "This address takes another method",
        "conflict": "The same id was seen before with another content",
        "too-large": "The body is too large",
        "media-type": "The body has a form that is not taken here",
        "event": "An event does not fit its type",
        "invalid": "A parameter does not fit",
        "project": "The safety project does not check",
        "condition": "The condition does not check",
        "busy": "Too much is waiting already",
        "disk-full": "There is no room to write durably",
        "internal": "Something went wrong inside Seawall",
        "storage": "What must not be lost could not be written",
        "corrupt": "What was written is damaged",
    }
)
_BY_STATUS = {401: "unauthorized", 403: "forbidden", 404: "not-found", 405: "method", 413: "too-large"}


class Refusal(BaseModel):
    """Why one event of a request was not decided."""

    index: int = Field(description="Its position in the request, from 0.")
    event_id: str | None = Field(None, description="Its id, where one could be read.")
    code: str = Field(description="`event`, `conflict` or `malformed`.")
    field: str | None = Field(None, description="The field that does not fit.")
    detail: str = Field(description="What is wrong.")
    hint: str | None = Field(None, description="The mend.")


class Problem(BaseModel):
    """RFC 9457. `code` is stable; `detail` is for people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    hint: str | None = None
    field: str | None = None
    errors: list[Refusal] | None = None


class DoorError(SeawallError):
    """What came through the door cannot be taken."""

    code = "usage"

    def __init__(self, code: str, message: str, *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.door_code = code


def problem(
    code: str, detail: str, *, hint: str | None = None, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """The answer for one code; `more` are further members (`field`, `errors`)."""
    status = STATUS.get(code, 500)
    document = {
        "type": "about:blank",
        "title": TITLES.get(code, TITLES["internal"]),
        "status": status,
        "detail": detail,
        "code": code,
        **({"hint": hint} if hint else {}),
        **{name: value for name, value in more.items() if value is not None},
    }
    return Response(msgspec.json.encode(document), status, headers, MEDIA_TYPE)


def problem_of(error: SeawallError) -> Response:
    """The answer for an error of ours."""
    headers: dict[str, str] = {}
    field = error.field if isinstance(error, EventError) else None
    code = error.door_code if isinstance(error, DoorError) else error.code
    if isinstance(error, Busy):
        headers["Retry-After"] = str(error.retry_after_s)
    elif code == "disk-full":
        headers["Retry-After"] = str(DISK_RETRY_S)
    elif code == "unauthorized":
        headers["WWW-Authenticate"] = "Bearer"
    return problem(code, error.message, hint=error.hint, headers=headers, field=field)


def install(app: FastAPI) -> None:
    """Answer every error of an app with a problem document."""
    app.add_exception_handler(SeawallError, _ours)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(RequestValidationError, _of_parameters)


def _ours(_: Request, error: Exception) -> Response:
    return problem_of(error if isinstance(error, SeawallError) else SeawallError())


def _of_framework(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        return problem_of(SeawallError())
    code = _BY_STATUS.get(error.status_code, "usage")
    return problem(code, str(error.detail), headers=error.headers)


def _of_parameters(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        return problem_of(SeawallError())
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part not in {"query", "path", "header", "body"})
    return problem("invalid", f"{where}: {first['msg']}" if where else str(first["msg"]), field=where or None)
