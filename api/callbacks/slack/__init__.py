"""What Slack tells us: who presses which button, what is typed, who speaks to us. Every request proves its
signature first (spec 13.2), and is answered within the three seconds that Slack waits."""

from fastapi import APIRouter

from api.callbacks.slack import commands, events, interactivity

router = APIRouter()
for part in (events, interactivity, commands):
    router.include_router(part.router)
