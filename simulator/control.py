"""The director's side, not Twilio's: sets up people and carrier, moves hands, and sees everything."""

from collections.abc import AsyncIterable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path
from fastapi.sse import EventSourceResponse, ServerSentEvent

from . import numbers
from .exchange import NoSuchCall
from .models import Carrier, OutgoingText, PhoneSetup, Press, Speech
from .records import CallRecord, ErrorEntry, MessageRecord
from .rest import TheExchange
from .world import PhoneView, view_of

router = APIRouter(prefix="/control")


def _e164(number: Annotated[str, Path()]) -> str:
    normal = numbers.normal_form(number)
    if normal is None:
        raise HTTPException(422, f"{number} is not a telephone number")
    return normal


Number = Annotated[str, Depends(_e164)]


@router.put("/phones/{number}")
async def set_up_phone(number: Number, setup: PhoneSetup, exchange: TheExchange) -> PhoneView:
    """Gives a number its person and their behaviours."""
    return view_of(exchange.world.set_up_phone(number, setup))


@router.get("/phones")
async def phones(exchange: TheExchange) -> list[PhoneView]:
    """Every phone known."""
    return [view_of(phone) for phone in exchange.world.phones.values()]


@router.post("/phones/{number}/pick-up")
async def pick_up(number: Number, exchange: TheExchange) -> CallRecord:
    """Answers the call that rings; 409 if none does."""
    return _or_conflict(lambda: exchange.pick_up(number))


@router.post("/phones/{number}/hang-up")
async def hang_up(number: Number, exchange: TheExchange) -> CallRecord:
    """Ends the call, or declines the one that rings (busy); 409 if there is none."""
    return _or_conflict(lambda: exchange.hang_up(number))


@router.post("/phones/{number}/press")
async def press(number: Number, keys: Press, exchange: TheExchange) -> CallRecord:
    """Presses keys; 409 unless in a call."""
    return _or_conflict(lambda: exchange.press(number, keys.digits))


@router.post("/phones/{number}/say")
async def say(number: Number, speech: Speech, exchange: TheExchange) -> CallRecord:
    """Says a sentence; 409 unless in a call."""
    return _or_conflict(lambda: exchange.say(number, speech.text, speech.confidence))


@router.post("/phones/{number}/send", status_code=202)
async def send(number: Number, outgoing: OutgoingText, exchange: TheExchange) -> dict[str, str]:
    """Sends a message from this phone to Midwatch's number."""
    exchange.write_from(number, outgoing.text)
    return {"from": number, "to": exchange.world.settings.number}


@router.put("/carrier")
async def set_carrier(carrier: Carrier, exchange: TheExchange) -> Carrier:
    """Changes the carrier's mood."""
    exchange.world.set_carrier(carrier)
    return carrier


@router.get("/carrier")
async def carrier(exchange: TheExchange) -> Carrier:
    """The carrier's mood; `for_next` is what is left of it."""
    return exchange.world.carrier


@router.get("/calls")
async def calls(exchange: TheExchange) -> list[CallRecord]:
    """Every call, oldest first."""
    return list(exchange.world.calls.values())


@router.get("/messages")
async def messages(exchange: TheExchange) -> list[MessageRecord]:
    """Every message either way, oldest first."""
    return list(exchange.world.messages.values())


@router.get("/errors")
async def errors(exchange: TheExchange) -> list[ErrorEntry]:
    """The carrier's error log, oldest first."""
    return exchange.world.errors


@router.post("/reset", status_code=204)
async def reset(exchange: TheExchange) -> None:
    """Forgets calls, messages, phones and the carrier's mood; and all of Slack."""
    exchange.reset()


@router.get("/events", response_class=EventSourceResponse)
async def events(exchange: TheExchange) -> AsyncIterable[ServerSentEvent]:
    """One `snapshot` of everything, then each change: phone, call, message, carrier, log, slack, reset."""
    world = exchange.world
    changes = world.listen()
    try:
        yield ServerSentEvent(event="snapshot", data=world.snapshot(), retry=500)
        while (change := await changes.get()) is not None:
            name, data = change
            yield ServerSentEvent(event=name, data=data)
    finally:
        world.stop_listening(changes)


def _or_conflict(act: Callable[[], CallRecord]) -> CallRecord:
    try:
        return act()
    except NoSuchCall as error:
        raise HTTPException(409, str(error)) from None
