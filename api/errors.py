"""What can go wrong with a request, and the one shape in which it is said."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from domain.incident import Status

RETRY_AFTER = 5
"""Seconds after which a sender should try again."""


class FieldFault(BaseModel):
    """One thing wrong with a request, and where."""

    path: str = Field(examples=["alerts.0.startsAt"])
    message: str


class ErrorBody(BaseModel):
    """The body of every answer that is not a success."""

    error: str = Field(description="a code that does not change")
    detail: str = Field(description="the reason, for people")
    state: Status | None = Field(None, description="of the incident, where that is what is in the way")
    faults: list[FieldFault] | None = Field(None, description="each fault of a request that was read")


class Refused(Exception):
    """A request that is not done. Each kind has its status and its code."""

    status = 500
    code = "internal_error"
    headers: Mapping[str, str] = {}

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def body(self) -> ErrorBody:
        """What the caller is told."""
        return ErrorBody(error=self.code, detail=self.detail)


class Unauthorised(Refused):
    """No token, or not ours."""

    status, code = 401, "unauthorised"
    headers: Mapping[str, str] = {"WWW-Authenticate": 'Bearer realm="midwatch"'}


class Forged(Refused):
    """A callback that the carrier did not sign."""

    status, code = 403, "forged"


class UnknownIncident(Refused):
    """There is no such incident."""

    status, code = 404, "unknown_incident"

    def __init__(self) -> None:
        super().__init__("there is no such incident")


class Impossible(Refused):
    """The incident's state does not allow it."""

    status, code = 409, "impossible"

    def __init__(self, detail: str, state: Status) -> None:
        super().__init__(detail)
        self.state = state

    def body(self) -> ErrorBody:
        """With the state that is in the way."""
        return ErrorBody(error=self.code, detail=self.detail, state=self.state)


class Invalid(Refused):
    """Well-formed, but wrong."""

    status, code = 422, "invalid"

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in faults))
        self.faults = list(faults)

    def body(self) -> ErrorBody:
        """With every fault."""
        return ErrorBody(error=self.code, detail=self.detail, faults=self.faults)


class Away(Refused):
    """Something we need does not answer; the same request may succeed later (spec 10.2)."""

    status, code = 503, "unavailable"
    headers: Mapping[str, str] = {"Retry-After": str(RETRY_AFTER)}


class TemporalAway(Away):
    """Temporal cannot be reached, so nothing can be made durable."""

    code = "temporal_unavailable"


class NobodyWorks(Away):
    """Temporal is there, but no worker answered in time."""

    code = "no_worker"


class DatabaseAway(Away):
    """The database does not answer."""

    code = "database_unavailable"


_CODES = {400: "bad_request", 403: "forbidden", 404: "not_found", 405: "method_not_allowed"}


def install(app: FastAPI) -> None:
    """Give every error of the application the one shape."""

    @app.exception_handler(Refused)
    async def refused(_request: Request, fault: Refused) -> JSONResponse:
        return _answer(fault.status, fault.body(), fault.headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, fault: RequestValidationError) -> JSONResponse:
        if any(error["type"] == "json_invalid" for error in fault.errors()):
            reason = fault.errors()[0].get("ctx", {}).get("error", "it cannot be read")
            return _answer(400, ErrorBody(error="broken_json", detail=f"the body is not JSON: {reason}"))
        faults = [FieldFault(path=_path(error["loc"]), message=error["msg"]) for error in fault.errors()]
        return _answer(422, Invalid(faults).body())

    @app.exception_handler(HTTPException)
    async def http(_request: Request, fault: HTTPException) -> JSONResponse:
        code = _CODES.get(fault.status_code, "http_error")
        return _answer(fault.status_code, ErrorBody(error=code, detail=str(fault.detail)), fault.headers)


def _answer(status: int, body: ErrorBody, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body.model_dump(mode="json", exclude_none=True), status, headers=headers)


def _path(place: Sequence[Any]) -> str:
    """Where in the body, as the sender would write it; outside of the body, with its place: `query.limit`."""
    steps = place[1:] if place and place[0] == "body" else place
    return ".".join(map(str, steps)) or "body"


_EXAMPLES: dict[int, ErrorBody] = {
    400: ErrorBody(error="broken_json", detail="the body is not JSON: Expecting value"),
    401: ErrorBody(error="unauthorised", detail="a bearer token is needed"),
    404: UnknownIncident().body(),
    409: Impossible(
        "cannot acknowledge an incident that is resolved; possible now: close", Status.RESOLVED
    ).body(),
    413: ErrorBody(error="too_large", detail="the body is larger than 1048576 bytes"),
    422: Invalid([FieldFault(path="alerts.0.startsAt", message="Field required")]).body(),
    503: TemporalAway("Temporal does not answer, so nothing was stored; try again").body(),
}
_MEANINGS = {
    400: "Not JSON",
    401: "No token, or a wrong one",
    404: "No such incident",
    409: "The incident's state does not allow it",
    413: "Too large",
    422: "Wrong content, with the path of each fault",
    503: "Nothing was stored, or nobody answers; try again",
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error answers of an operation, for its description."""
    return {
        status: {
            "model": ErrorBody,
            "description": _MEANINGS[status],
            "content": {
                "application/json": {"example": _EXAMPLES[status].model_dump(mode="json", exclude_none=True)}
            },
        }
        for status in statuses
    }
