"""How the public is answered: for anybody, to be kept for a moment, and only once if nothing has changed."""

import hashlib
from collections.abc import Mapping

from fastapi import Request, Response

KEPT_SECONDS = 10
"""How long a browser or a proxy may show an answer before it asks again."""

_KEPT = f"public, max-age={KEPT_SECONDS}, stale-if-error=86400"


def answer(
    request: Request, body: str, media_type: str, headers: Mapping[str, str], status: int = 200
) -> Response:
    """The body with its tag, or 304 for whoever has it. What is no success is not to be kept."""
    if status != 200:
        return Response(body, status, {"Cache-Control": "no-store", **headers}, media_type)
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:24]}"'
    headers = {"Cache-Control": _KEPT, "ETag": tag, **headers}
    held = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    if tag in held or "*" in held:
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type)
