"""The worker: settings, clients, activities, and the two queues it serves."""

import asyncio
import gc
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import settings as configuration_of_process
from activities.chat import ChatActivities
from activities.conversation import SlackChat
from activities.documents import DocumentActivities
from activities.phone import PhoneActivities
from activities.status_page import StatusPageActivities
from activities.timeline import TimelineActivities
from domain.messages import PHONE_QUEUE, WORK_QUEUE
from integrations.slack import Slack
from integrations.temporal import connect_patiently
from integrations.twilio import TwilioCarrier
from settings import Settings
from storage.engine import make_engine
from workflows.incident import IncidentWorkflow

SANDBOX = SandboxedWorkflowRunner(
    # What things are is safe to share and costly to load again; what should happen is loaded anew in the
    # sandbox, so that a clock read in policy/ fails at once.
    restrictions=SandboxRestrictions.default.with_passthrough_modules("domain", "pydantic", "phonenumbers")
)
"""Workflow code runs sandboxed, always."""

AT_ONCE = 8
"""Workflow tasks under way at the same time. Python runs one of them at a time: more would only wait."""

GRACE = timedelta(seconds=5)
"""How long what is under way may take to end when the worker is asked to stop."""


async def serve(
    settings: Settings, client: Client, stop: asyncio.Event, workflow: type = IncidentWorkflow
) -> None:
    """Work on incidents, as `workflow` runs them, until `stop` is set."""
    engine = make_engine(settings.database_url.get_secret_value())
    carrier = TwilioCarrier(
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token.get_secret_value(),
        from_number=settings.twilio_from_number,
        public_url=settings.public_url,
        api_url=settings.twilio_api_url,
    )
    slack: Slack | None = None
    if settings.slack_bot_token:
        slack = Slack(token=settings.slack_bot_token.get_secret_value(), api_url=settings.slack_api_url)
    phone = PhoneActivities(carrier)
    chat = ChatActivities(
        carrier, SlackChat(slack, status_page=f"{settings.public_url}/status") if slack else None
    )
    with ThreadPoolExecutor(max_workers=8) as threads:
        work = Worker(
            client,
            task_queue=WORK_QUEUE,
            workflows=[workflow],
            activities=[
                phone.send_sms,
                phone.look_up_page,
                phone.hang_up,
                phone.leave_message,
                chat.converse,
                chat.notify,
                StatusPageActivities(engine).publish_update,
                TimelineActivities(engine).write_timeline,
                DocumentActivities(engine, settings.data_dir).write_document,
            ],
            activity_executor=threads,
            workflow_runner=SANDBOX,
            max_concurrent_workflow_tasks=AT_ONCE,
            graceful_shutdown_timeout=GRACE,
        )
        calls = Worker(
            client,
            task_queue=PHONE_QUEUE,
            activities=[phone.place_call],
            max_task_queue_activities_per_second=settings.phone_calls_per_second,
            graceful_shutdown_timeout=GRACE,
        )
        # What is loaded by now stays: no incident waits while it is searched for garbage.
        gc.collect()
        gc.freeze()
        try:
            async with work, calls:
                print("worker ready", flush=True)
                await stop.wait()
        finally:
            await carrier.close()
            engine.dispose()


async def main() -> None:
    """Connect, for as long as it takes, and work until the process is asked to stop."""
    # The sandbox loads decisions anew for every incident: that must not mean to compile them anew.
    sys.dont_write_bytecode = False
    settings = configuration_of_process.load()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    connecting = asyncio.create_task(connect_patiently(settings))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if connecting.done():
        await serve(settings, connecting.result(), stop)
    connecting.cancel()
    stopping.cancel()


if __name__ == "__main__":
    asyncio.run(main())
