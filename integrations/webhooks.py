"""Webhooks of others, called."""

import hashlib
import hmac

import httpx

from domain.base import Thing
from domain.jobs import Told

TIMEOUT_SECONDS = 10.0


class Webhooks:
    """Calls webhooks, and signs what it sends so that the receiver can tell that it is from here."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    async def call(self, url: str, key: str, content: Thing) -> Told:
        """Post it as JSON. `Idempotency-Key` is the same for the same request; `X-Midwatch-Signature` is the
        SHA-256 HMAC of the body, in hex. Any answer of the 200s means that it was taken."""
        body = content.model_dump_json().encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "X-Midwatch-Signature": hmac.new(self._secret, body, hashlib.sha256).hexdigest(),
        }
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
                answer = await client.post(url, content=body, headers=headers)
        except httpx.HTTPError as fault:
            return Told(done=False, detail=f"{type(fault).__name__}: {fault}".rstrip(": "))
        return Told(done=answer.is_success, detail=f"HTTP {answer.status_code}")
