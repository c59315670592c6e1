"""Telling somebody what asks for no answer: by text message, and by chat where there is one."""

from collections.abc import AsyncIterator

import pytest

from activities.chat import ChatActivities
from domain.chat import Channels
from domain.jobs import Converse, Notify
from domain.people import NotificationRule, Person
from integrations.twilio import TwilioCarrier
from storage.engine import make_engine
from tests.chat.conftest import Workspace, a_post, a_report

NO_DATABASE = make_engine("sqlite:////nowhere/at/all.db")

ALICE = Person(
    id="alice",
    name="Alice Moreau",
    phone="+12025550101",
    email="alice@example.com",
    rules=(NotificationRule(method="sms"),),
)


@pytest.fixture
async def carrier(workspace: Workspace) -> AsyncIterator[TwilioCarrier]:
    made = TwilioCarrier(
        account_sid="AC" + "1" * 32,
        auth_token="token",
        from_number="+15005550006",
        public_url="https://midwatch.example.com",
        api_url=workspace.url,
    )
    yield made
    await made.close()


def people(carrier: TwilioCarrier, workspace: Workspace) -> ChatActivities:
    return ChatActivities(carrier, workspace.chat(), NO_DATABASE)


async def texted(workspace: Workspace) -> list[str]:
    return [message["body"] for message in (await workspace.http.get("/control/messages")).json()]


async def test_somebody_is_told_by_text_message_and_in_chat(
    workspace: Workspace, carrier: TwilioCarrier
) -> None:
    told = await people(carrier, workspace).notify(Notify(person=ALICE, text="Still a P2?"))
    assert (told.done, told.detail) == (True, "")
    assert await texted(workspace) == ["Still a P2?"]
    direct = next(channel for channel in (await workspace.channels()).values() if channel["kind"] == "im")
    assert [message["text"] for message in await workspace.said(direct["id"])] == ["Still a P2?"]


async def test_one_of_the_two_is_enough_and_the_other_is_explained(
    workspace: Workspace, carrier: TwilioCarrier
) -> None:
    await workspace.mood(fail_with=503)
    told = await people(carrier, workspace).notify(Notify(person=ALICE, text="Hello"))
    assert told.done
    assert "Slack is out of order" in told.detail
    await workspace.http.put("/control/carrier", json={"fail_with": 503})
    told = await people(carrier, workspace).notify(Notify(person=ALICE, text="Hello"))
    assert not told.done
    await workspace.http.put("/control/carrier", json={})


async def test_without_slack_there_is_the_text_message_and_no_post_is_lost(
    workspace: Workspace, carrier: TwilioCarrier
) -> None:
    alone = ChatActivities(carrier, None, NO_DATABASE)
    assert (await alone.notify(Notify(person=ALICE, text="Hello"))).done
    work = Converse(
        report=a_report("off"),
        announcements="incidents",
        room_wanted=True,
        room_over=False,
        channels=Channels(),
        posts=(a_post(4, "four"),),
        people={},
    )
    done = await alone.converse(work)
    assert (done.through, done.card_done, done.fault) == (3, False, "Slack has been turned off")
