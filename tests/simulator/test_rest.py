"""The REST resources, as the official client sees them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client

from tests.simulator.outside import ACCOUNT, ALICE, BRAM, MIDWATCH, TOKEN, Application, Outside, until

# The fields of Twilio's own documentation, and no other.
CALL_FIELDS = [
    *(
        "account_sid",
        "annotation",
        "answered_by",
        "api_version",
        "caller_name",
        "date_created",
        "date_updated",
    ),
    *("direction", "duration", "end_time", "forwarded_from", "from", "from_formatted", "group_sid"),
    *("parent_call_sid", "phone_number_sid", "price", "price_unit", "queue_time", "sid", "start_time"),
    *("status", "subresource_uris", "to", "to_formatted", "trunk_sid", "uri"),
]
MESSAGE_FIELDS = [
    *("account_sid", "api_version", "body", "date_created", "date_sent", "date_updated", "direction"),
    *("error_code", "error_message", "from", "messaging_service_sid", "num_media", "num_segments", "price"),
    *("price_unit", "sid", "status", "subresource_uris", "to", "uri"),
]
ENVELOPE = [
    *("end", "first_page_uri", "next_page_uri", "page", "page_size", "previous_page_uri", "start", "uri"),
]


def raw(outside: Outside, path: str, **query: Any) -> dict[str, Any]:
    url = f"{outside.url}/2010-04-01/Accounts/{ACCOUNT}/{path}"
    answer: dict[str, Any] = httpx.get(url, params=query, auth=(ACCOUNT, TOKEN)).json()
    return answer


def refusal(outside: Outside, kind: str, **asked: Any) -> tuple[int, int]:
    given = {"to": ALICE, "from_": MIDWATCH} | asked
    create = outside.client.calls.create if kind == "call" else outside.client.messages.create
    with pytest.raises(TwilioRestException) as refused:
        create(**{name: value for name, value in given.items() if value is not None})
    return refused.value.status, refused.value.code


def test_a_call_has_exactly_twilios_fields(outside: Outside) -> None:
    sid = outside.place().sid
    assert sorted(raw(outside, f"Calls/{sid}.json")) == sorted(CALL_FIELDS)
    listing = raw(outside, "Calls.json")
    assert sorted(listing) == sorted([*ENVELOPE, "calls"])
    assert sorted(listing["calls"][0]) == sorted(CALL_FIELDS)


def test_a_message_has_exactly_twilios_fields(outside: Outside) -> None:
    sid = outside.client.messages.create(to=ALICE, from_=MIDWATCH, body="Hello").sid
    assert sorted(raw(outside, f"Messages/{sid}.json")) == sorted(MESSAGE_FIELDS)
    assert sorted(raw(outside, "Messages.json")) == sorted([*ENVELOPE, "messages"])


def test_a_new_call_is_queued_and_dated(outside: Outside) -> None:
    call = outside.place()
    assert (call.status, call.direction, call.to) == ("queued", "outbound-api", ALICE)
    assert call.date_created is not None
    assert datetime.now(UTC) - call.date_created < timedelta(seconds=10)
    assert call.to_formatted == "(555) 111-0001"


def test_the_asynchronous_client_works_as_well(outside: Outside) -> None:
    async def place_and_read() -> str:
        async with AsyncTwilioHttpClient() as http:
            client = Client(ACCOUNT, TOKEN, http_client=http)
            client.api.base_url = outside.url
            call = await client.calls.create_async(to=ALICE, from_=MIDWATCH, url="http://127.0.0.1:9/voice")
            await client.calls(str(call.sid)).update_async(status="completed")
            listed = await client.calls.list_async(to=ALICE)
            return str(listed[0].sid) if str(listed[0].sid) == str(call.sid) else ""

    assert asyncio.run(place_and_read())


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"to": "12"}, (400, 21211)),
        ({"to": "alice"}, (400, 21211)),
        ({"to": "+15005550001"}, (400, 21211)),
        ({"to": "+15005550002"}, (400, 21214)),
        ({"to": "+15005550003"}, (400, 21215)),
        ({"to": "+15005550004"}, (400, 21216)),
        ({"to": ""}, (400, 21201)),
        ({"from_": ""}, (400, 21213)),
        ({"from_": "me"}, (400, 21212)),
        ({"from_": "+15550009999"}, (400, 21210)),
        ({"url": "not a url"}, (400, 21205)),
        ({"url": None}, (400, 21205)),
        ({"status_callback": "nowhere"}, (400, 21609)),
        ({"status_callback_event": ["rang"]}, (400, 21626)),
        ({"timeout": 0}, (400, 20001)),
        ({"machine_detection": "Perhaps"}, (400, 20001)),
    ],
)
def test_a_call_that_cannot_be_placed_is_refused_with_twilios_code(
    outside: Outside, asked: dict[str, Any], answer: tuple[int, int]
) -> None:
    assert refusal(outside, "call", **({"url": "http://127.0.0.1:9/voice"} | asked)) == answer
    assert outside.http.get("/calls").json() == []


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"to": "12"}, (400, 21211)),
        ({"to": ""}, (400, 21604)),
        ({"to": "+15005550002"}, (400, 21612)),
        ({"to": "+15005550003"}, (400, 21408)),
        ({"to": "+15005550004"}, (400, 21610)),
        ({"to": "+15005550009"}, (400, 21614)),
        ({"from_": ""}, (400, 21603)),
        ({"from_": "me"}, (400, 21212)),
        ({"from_": "+15550009999"}, (400, 21606)),
        ({"body": ""}, (400, 21602)),
        ({"body": "x" * 1601}, (400, 21617)),
        ({"status_callback": "nowhere"}, (400, 21609)),
    ],
)
def test_a_message_that_cannot_be_sent_is_refused_with_twilios_code(
    outside: Outside, asked: dict[str, Any], answer: tuple[int, int]
) -> None:
    assert refusal(outside, "message", **({"body": "Hello"} | asked)) == answer


def test_a_refusal_has_twilios_body(outside: Outside) -> None:
    assert raw(outside, "Calls/CA0.json") == {
        "code": 20404,
        "message": f"The requested resource /2010-04-01/Accounts/{ACCOUNT}/Calls/CA0.json was not found",
        "more_info": "https://www.twilio.com/docs/errors/20404",
        "status": 404,
    }


@pytest.mark.parametrize("path", ["Calls/CA0.json", "Messages/SM0.json", "Nothing.json"])
def test_what_does_not_exist_is_a_20404(outside: Outside, path: str) -> None:
    assert raw(outside, path)["code"] == 20404


@pytest.mark.parametrize("auth", [None, (ACCOUNT, "wrong"), ("AC" + "9" * 32, TOKEN)])
def test_wrong_credentials_are_a_20003(outside: Outside, auth: tuple[str, str] | None) -> None:
    answer = httpx.get(f"{outside.url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json", auth=auth)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_a_call_that_is_over_cannot_be_redirected(outside: Outside) -> None:
    outside.phone(ALICE, calls={"kind": "busy"})
    sid = str(outside.place().sid)
    outside.until_over(sid)
    with pytest.raises(TwilioRestException) as refused:
        outside.client.calls(sid).update(twiml="<Response/>")
    assert (refused.value.status, refused.value.code) == (400, 21220)


def test_listing_pages_through_everything_newest_first(outside: Outside) -> None:
    outside.phone(ALICE, calls={"kind": "busy"})
    placed = [str(outside.place().sid) for _ in range(5)]
    assert [call.sid for call in outside.client.calls.list(page_size=2)] == placed[::-1]
    first = raw(outside, "Calls.json", PageSize=2)
    assert (first["page"], first["start"], first["end"], first["previous_page_uri"]) == (0, 0, 1, None)
    second = outside.client.request("GET", outside.url + first["next_page_uri"], auth=(ACCOUNT, TOKEN))
    assert '"start":2' in second.text.replace(" ", "")


def test_calls_placed_meanwhile_do_not_shift_the_pages(outside: Outside) -> None:
    outside.phone(ALICE, calls={"kind": "busy"})
    placed = [str(outside.place().sid) for _ in range(4)]
    page = outside.client.calls.page(page_size=2)
    seen = [call.sid for call in page]
    outside.place()
    following = page.next_page()
    assert following is not None
    assert seen + [call.sid for call in following] == placed[::-1]


def test_calls_are_filtered_by_number_status_and_start(outside: Outside) -> None:
    outside.phone(ALICE, calls={"kind": "busy"})
    busy = str(outside.place().sid)
    outside.until_over(busy)
    ringing = str(outside.place(to=BRAM).sid)
    outside.until_status(ringing, "ringing")

    def found(**query: Any) -> list[str | None]:
        return [call.sid for call in outside.client.calls.list(**query)]

    now = datetime.now(UTC)
    assert found(to=ALICE) == [busy]
    assert found(from_=MIDWATCH) == [ringing, busy]
    assert found(status="ringing") == [ringing]
    assert found(to=BRAM, start_time_after=now - timedelta(minutes=1)) == [ringing]
    assert found(start_time_after=now + timedelta(minutes=1)) == []
    assert found(start_time_before=now - timedelta(minutes=1)) == []
    assert found(start_time=now.date()) == [ringing, busy]
    assert raw(outside, "Calls.json", StartTime="soon")["code"] == 20001


def test_messages_are_filtered_by_number_and_date(outside: Outside, application: Application) -> None:
    sent = str(outside.client.messages.create(to=ALICE, from_=MIDWATCH, body="Hello").sid)
    outside.hand(BRAM, "send", text="Hi").raise_for_status()
    until(lambda: application.got("/sms"))
    now = datetime.now(UTC)
    assert [message.sid for message in outside.client.messages.list(to=ALICE)] == [sent]
    assert [message.direction for message in outside.client.messages.list(from_=BRAM)] == ["inbound"]
    assert len(outside.client.messages.list(date_sent_after=now - timedelta(minutes=1))) == 2
    assert outside.client.messages.list(date_sent_before=now - timedelta(minutes=1)) == []
