"""Who may call: the bearer of the token, or a browser in which somebody has signed in with it."""

import hashlib
import hmac
import time
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.deps import PartsDep
from api.errors import Refused, Unauthorised
from settings import Settings

SIGNED_IN_FOR = timedelta(days=30)
"""How long a browser stays signed in. Nobody should have to look for a token at night."""

_SAFE = ("GET", "HEAD", "OPTIONS")
_bearer = HTTPBearer(auto_error=False, description="The token of `MIDWATCH_API_TOKEN`.")


class CrossSite(Refused):
    """A browser that is signed in was made to ask by a page that is not ours."""

    status, code = 403, "cross_site"


def require_token(
    request: Request,
    parts: PartsDep,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> None:
    """Let the bearer of the token through, or whoever is signed in, and nobody else."""
    if given is not None:
        if not is_token(given.credentials, parts.settings):
            raise Unauthorised("the bearer token is not the right one")
        return
    session = request.cookies.get(cookie_name(parts.settings))
    if session is None or not is_session(session, parts.settings, time.time()):
        raise Unauthorised("a bearer token is needed")
    if request.method not in _SAFE:
        require_our_page(request)


def require_our_page(request: Request) -> None:
    """Let through only what our own page sends.

    The cookie comes with every request of the browser, also with one that another page at this host made it
    send: for SameSite, another port is the same site.

    Raises:
        CrossSite: it was sent by another page, or the browser does not say by which.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    ours = urlsplit(origin).netloc == request.headers.get("host") if origin else False
    if site not in ("same-origin", None) or (site is None and not ours):
        raise CrossSite("only Midwatch's own page may do this for somebody who is signed in")


def is_token(claimed: str, settings: Settings) -> bool:
    """Whether this is the token."""
    # As bytes: the comparison in constant time refuses text beyond ASCII.
    return hmac.compare_digest(claimed.encode(), settings.api_token.get_secret_value().encode())


def cookie_name(settings: Settings) -> str:
    """The session's cookie. Cookies do not tell ports apart: two Midwatches on one machine need two."""
    return f"midwatch-{settings.api_port}"


def new_session(settings: Settings, now: float) -> str:
    """What a browser keeps in place of the token: until when it is signed in, sealed with the token. Another
    token ends every session. `now` is in seconds of Unix time."""
    until = str(int(now + SIGNED_IN_FOR.total_seconds()))
    return f"{until}.{_seal(until, settings)}"


def is_session(claimed: str, settings: Settings, now: float) -> bool:
    """Whether we gave this out, and it is not over."""
    until, _, seal = claimed.partition(".")
    if not hmac.compare_digest(seal.encode(), _seal(until, settings).encode()):
        return False
    return int(until) > now


def _seal(until: str, settings: Settings) -> str:
    key = settings.api_token.get_secret_value().encode()
    return hmac.new(key, f"signed in until {until}".encode(), hashlib.sha256).hexdigest()
