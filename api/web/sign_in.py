"""Signing in with the API's token, and out."""

import re
import time
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from api.auth import SIGNED_IN_FOR, cookie_name, is_token, new_session, require_our_page
from api.deps import PartsDep
from api.web.shell import page
from settings import Settings

router = APIRouter()

_OURS = re.compile(r"/(incidents/[\w.-]+|on-call|configuration)?")


@router.get("/login")
async def form(request: Request, parts: PartsDep, token: str | None = None, next: str = "/") -> Response:
    """The form. With the token in the address somebody is signed in at once, and the address forgotten."""
    if token is None:
        return page(request, "login.html", next=_place(next), wrong=False)
    return _entered(request, parts.settings, token, next)


@router.post("/login")
async def enter(
    request: Request,
    parts: PartsDep,
    token: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """What the form sends."""
    return _entered(request, parts.settings, token, next)


@router.post("/logout")
async def leave(request: Request, parts: PartsDep) -> Response:
    """Have the browser forget it."""
    require_our_page(request)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(cookie_name(parts.settings), httponly=True, samesite="strict")
    return response


def _entered(request: Request, settings: Settings, token: str, place: str) -> Response:
    if not is_token(token.strip(), settings):
        return page(request, "login.html", 401, next=_place(place), wrong=True)
    response = RedirectResponse(_place(place), 303, headers={"Referrer-Policy": "no-referrer"})
    response.set_cookie(
        cookie_name(settings),
        new_session(settings, time.time()),
        max_age=int(SIGNED_IN_FOR.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https" or settings.public_url == f"https://{request.url.netloc}",
    )
    return response


def _place(claimed: str) -> str:
    """Where to go afterwards, if it is one of our pages."""
    return claimed if _OURS.fullmatch(claimed) else "/"
