"""`python -m bench.bare_worker`: the worker of bare Temporal, with the SDK's own defaults throughout."""

import asyncio
import signal

import aiohttp
from temporalio import activity
from temporalio.worker import Worker

import settings as environment
from bench.bare import PLACE_CALL, QUEUE, BareCall, Order
from settings import Settings
from stack.temporal import connect


class BareActivities:
    """The carrier's REST API without a vendor's client in between, by the library that lies under it."""

    def __init__(self, settings: Settings, session: aiohttp.ClientSession) -> None:
        account = settings.twilio_account_sid
        self._url = f"{settings.twilio_api_url}/2010-04-01/Accounts/{account}/Calls.json"
        login = aiohttp.encode_basic_auth(account, settings.twilio_auth_token.get_secret_value())
        self._headers = {"Authorization": login}
        self._session = session

    @activity.defn(name=PLACE_CALL)
    async def place_call(self, order: Order) -> str:
        """Place the call."""
        async with self._session.post(self._url, data=order.form, headers=self._headers) as answer:
            answer.raise_for_status()
            return str((await answer.json())["sid"])


async def main() -> None:
    """Work until the process is asked to stop."""
    settings = environment.load()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with aiohttp.ClientSession() as session:
        activities = BareActivities(settings, session)
        client = await connect(settings.temporal)
        async with Worker(client, task_queue=QUEUE, workflows=[BareCall], activities=[activities.place_call]):
            print("worker ready", flush=True)
            await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
