"""The page in the browser: its shells and its sign-in. What it shows and does goes through the API."""

from fastapi import APIRouter, Depends

from api.auth import require_token
from api.v1 import stream_list
from api.web import choices, configuration, oncall, pages, sign_in
from api.web.shell import static_files

__all__ = ["router", "static_files"]

router = APIRouter(include_in_schema=False)
for _part in (pages, oncall, configuration, sign_in, choices):
    router.include_router(_part.router)
router.include_router(stream_list.router, prefix="/api/v1/incidents", dependencies=[Depends(require_token)])
