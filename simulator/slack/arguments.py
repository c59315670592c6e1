"""The arguments of a Web API call: JSON, form or query, as Slack takes them."""

import json
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request

from .errors import SlackError


class Arguments:
    """What a method was called with, read by the type that it expects."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given

    @classmethod
    async def of(cls, request: Request) -> "Arguments":
        """Reads a request. Raises SlackError invalid_json, json_not_object or invalid_form_data."""
        given: dict[str, Any] = dict(request.query_params)
        kind = request.headers.get("Content-Type", "").split(";")[0].strip()
        body = await request.body()
        if kind == "application/json" and body:
            try:
                sent = json.loads(body)
            except ValueError:
                raise SlackError("invalid_json") from None
            if not isinstance(sent, dict):
                raise SlackError("json_not_object")
            given |= sent
        elif kind == "multipart/form-data":
            given |= dict((await request.form()).items())
        elif body:
            try:
                given |= dict(parse_qsl(body.decode(), keep_blank_values=True))
            except UnicodeDecodeError:
                raise SlackError("invalid_form_data") from None
        return cls(given)

    def has(self, name: str) -> bool:
        """Whether this argument was given at all."""
        return self.given.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.given.get(name)
        return default if value is None else str(value)

    def required(self, name: str, error: str = "invalid_arguments") -> str:
        """A string that must be there. Raises SlackError."""
        value = self.text(name)
        if not value:
            message = f"[ERROR] missing required field: {name}"
            raise SlackError(error, response_metadata={"messages": [message]})
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean, also as the texts true, 1, false, 0."""
        return self.text(name, str(default)).lower() in ("true", "1")

    def number(self, name: str, default: int, error: str = "invalid_limit") -> int:
        """A whole number of 1 or more. Raises SlackError."""
        try:
            value = int(self.text(name, str(default)))
        except ValueError:
            value = 0
        if value < 1:
            raise SlackError(error)
        return value

    def names(self, name: str) -> list[str]:
        """A list, also as one text with commas."""
        value = self.given.get(name) or []
        parts = value if isinstance(value, list) else str(value).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def object(self, name: str, error: str) -> dict[str, Any] | None:
        """An object, also as JSON text. Raises SlackError."""
        value = self.given.get(name)
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise SlackError(error) from None
        if value is not None and not isinstance(value, dict):
            raise SlackError(error)
        return value
