"""What every callback has in common: a signature, a form, perhaps a page."""

from collections.abc import Mapping
from typing import Annotated

import structlog
from fastapi import Depends, Request, Response

from api.deps import PartsDep
from api.errors import Forged
from domain.messages import Page
from integrations import twilio_inbound
from integrations.twilio_inbound import SIGNATURE_HEADER

log = structlog.get_logger()


async def _genuine_form(request: Request, parts: PartsDep) -> dict[str, str]:
    """The form of a request that the carrier signed."""
    form = await request.form()
    query = request.scope["query_string"].decode("latin-1")
    url = parts.settings.public_url + request.url.path + (f"?{query}" if query else "")
    token = parts.settings.twilio_auth_token.get_secret_value()
    if not twilio_inbound.is_genuine(token, url, form, request.headers.get(SIGNATURE_HEADER, "")):
        log.warning("forged callback refused", path=request.url.path)
        raise Forged("the signature is not the carrier's")
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _page(request: Request) -> Page | None:
    """The page that the address names; None where it names none, and nothing is to change."""
    return twilio_inbound.page_of(request.query_params)


def _query(request: Request) -> Mapping[str, str]:
    return request.query_params


FormDep = Annotated[dict[str, str], Depends(_genuine_form)]
PageDep = Annotated[Page | None, Depends(_page)]
QueryDep = Annotated[Mapping[str, str], Depends(_query)]


class TwiML(Response):
    """Instructions for the carrier."""

    media_type = "application/xml"
