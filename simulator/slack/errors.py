"""The refusals of Slack's Web API, in Slack's own form."""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse


class SlackError(Exception):
    """A refusal, named as Slack names it; `more` goes into the answer beside it."""

    def __init__(self, error: str, **more: Any) -> None:
        self.error = error
        self.more = more
        super().__init__(error)

    def body(self) -> dict[str, Any]:
        """The JSON body as Slack writes it."""
        return {"ok": False, "error": self.error, **self.more}


class RateLimited(SlackError):
    """Too many requests: HTTP 429, to be tried again after so many seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__("ratelimited")


async def answer_slack_error(request: Request, error: Exception) -> JSONResponse:
    """FastAPI exception handler: HTTP 200 for every refusal but the rate limit, as Slack has it."""
    assert isinstance(error, SlackError)
    if isinstance(error, RateLimited):
        return JSONResponse(error.body(), status_code=429, headers={"Retry-After": str(error.retry_after)})
    return JSONResponse(error.body())


def refuse_faults(error: str, faults: list[str]) -> None:
    """Raises SlackError if there are faults; each says what is wrong and, by JSON pointer, where."""
    if faults:
        messages = [f"[ERROR] {fault}" for fault in faults]
        raise SlackError(error, errors=faults, response_metadata={"messages": messages})
