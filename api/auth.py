"""Who may call."""

import hmac
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.deps import PartsDep
from api.errors import Unauthorised

_bearer = HTTPBearer(auto_error=False, description="The token of `MIDWATCH_API_TOKEN`.")


def require_token(
    parts: PartsDep, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> None:
    """Let the bearer of the token through, and nobody else."""
    if given is None:
        raise Unauthorised("a bearer token is needed")
    token = parts.settings.api_token.get_secret_value()
    # As bytes: the comparison in constant time refuses text beyond ASCII.
    if not hmac.compare_digest(given.credentials.encode(), token.encode()):
        raise Unauthorised("the bearer token is not the right one")
