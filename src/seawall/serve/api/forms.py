"""Errors in the forms that clients of other protocols read: OpenAI's and Google's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from fastapi import Request, Response
from fastapi.routing import APIRoute

from seawall.core.errors import Busy, SeawallError
from seawall.serve.api.problems import DISK_RETRY_S, STATUS, DoorError
from seawall.serve.dropin.model import ProtocolError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

_OPENAI_TYPES: Mapping[int, str] = {
    401: "authentication_error",
    403: "permission_error",
    404: "invalid_request_error",
    429: "rate_limit_error",
}
_OPENAI_CODES: Mapping[str, str] = {
    "unauthorized": "invalid_api_key",
    "forbidden": "insufficient_permissions",
    "busy": "rate_limit_exceeded",
    "disk-full": "rate_limit_exceeded",
    "too-large": "request_too_large",
}
_GOOGLE_STATUSES: Mapping[int, str] = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    413: "INVALID_ARGUMENT",
    415: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
_ERROR = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_SERVER_FAULT = 500
UNAVAILABLE_RETRY_S = 5


def openai_error(error: SeawallError) -> Response:
    """An error as OpenAI's clients read it."""
    code, status = _code_and_status(error)
    kind = _OPENAI_TYPES.get(status, "server_error" if status >= _SERVER_FAULT else "invalid_request_error")
    said = {
        "message": _message(error),
        "type": kind,
        "param": error.place if isinstance(error, ProtocolError) else None,
        "code": (error.kind if isinstance(error, ProtocolError) else None) or _OPENAI_CODES.get(code),
    }
    return _json({"error": said}, status, _headers(error, code, status))


def google_error(error: SeawallError) -> Response:
    """An error as Google's clients read it."""
    code, status = _code_and_status(error)
    message, details = _message(error), _details(error)
    if isinstance(error, DoorError) and code == "unauthorized":
        if error.hint is None:
            status, message = (
                403,
                f"{message} Please pass one as key=, X-Goog-Api-Key or Authorization: Bearer.",
            )
        else:
            status, message = 400, "API key not valid. Please pass a valid API key."
            details = [{"@type": _INFO, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}]
    said: dict[str, Any] = {
        "code": status,
        "message": message,
        "status": _GOOGLE_STATUSES.get(status, "UNKNOWN"),
        **({"details": details} if details else {}),
    }
    return _json({"error": said}, status, _headers(error, code, status))


def _details(error: SeawallError) -> list[dict[str, Any]]:
    if not isinstance(error, ProtocolError) or error.kind is None:
        return []
    return [{"@type": _ERROR, "errorType": error.kind, **error.details}]


def _code_and_status(error: SeawallError) -> tuple[str, int]:
    if isinstance(error, ProtocolError):
        return error.code, error.status
    code = error.door_code if isinstance(error, DoorError) else error.code
    status = STATUS.get(code, 500)
    return code, 400 if status == STATUS["event"] else status


def _message(error: SeawallError) -> str:
    message = error.message[:1].upper() + error.message[1:]
    message = (
        message if message.endswith((".", "!", "?")) or isinstance(error, ProtocolError) else f"{message}."
    )
    return f"{message} ({error.hint})" if error.hint else message


def _headers(error: SeawallError, code: str, status: int) -> dict[str, str]:
    if isinstance(error, Busy):
        return {"Retry-After": str(error.retry_after_s)}
    if code == "disk-full":
        return {"Retry-After": str(DISK_RETRY_S)}
    return {"Retry-After": str(UNAVAILABLE_RETRY_S)} if status == STATUS["storage"] else {}


def _json(document: object, status: int, headers: Mapping[str, str]) -> Response:
    return Response(msgspec.json.encode(document), status, dict(headers), "application/json")


def answering(form: Callable[[SeawallError], Response]) -> type[APIRoute]:
    """A route whose errors have a form of their own, those of its dependencies too."""

    class Formed(APIRoute):
        """A route of another protocol."""

        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            """The handler, with errors in their form."""
            handler = super().get_route_handler()

            async def handle(request: Request) -> Response:
                try:
                    return await handler(request)
                except SeawallError as error:
                    return form(error)

            return handle

    return Formed
