"""The simulator as a process of its own, and the application it calls back: both over real HTTP."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import httpx
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "an auth token"
MIDWATCH = "+15550000000"
ALICE = "+15551110001"
BRAM = "+15551110002"
ALL_EVENTS = ["initiated", "ringing", "answered", "completed"]

Found = TypeVar("Found")


def until(check: Callable[[], Found | None], within: float = 8.0) -> Found:
    """The first truthy answer of `check`."""
    deadline = time.monotonic() + within
    while not (found := check()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s; last seen: {found!r}")
        time.sleep(0.01)
    return found


@dataclass(frozen=True)
class Request:
    """A request that the simulator made."""

    method: str
    path: str
    parameters: dict[str, str]
    signed: bool
    token: str
    at: float


class Application:
    """Stands where Midwatch would: answers with set documents and keeps what it was asked."""

    def __init__(self) -> None:
        self.documents: dict[str, str] = {}
        self.statuses: dict[str, int] = {}
        self.types: dict[str, str] = {}
        self.requests: list[Request] = []
        application = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # header and body in one segment: two would wait for each other's acknowledgement

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                application._answer(self, dict(parse_qsl(body, keep_blank_values=True)))

            def do_GET(self) -> None:
                application._answer(self, {})

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, path: str) -> str:
        return self.base + path

    def got(self, path: str, sid: str | None = None) -> list[Request]:
        """The requests to a path, in their order; of one call or message, if `sid` says which."""
        return [
            request
            for request in list(self.requests)
            if request.path.split("?")[0] == path
            and sid in (None, request.parameters.get("CallSid"), request.parameters.get("MessageSid"))
        ]

    def statuses_told(self, sid: str) -> list[str]:
        """The statuses of a call as the status callbacks told them."""
        return [request.parameters["CallStatus"] for request in self.got("/status", sid)]

    def forget(self) -> None:
        for kept in (self.documents, self.statuses, self.types, self.requests):
            kept.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler, posted: dict[str, str]) -> None:
        url = f"http://{handler.headers['Host']}{handler.path}"
        signature = handler.headers.get("X-Twilio-Signature", "")
        path = urlsplit(handler.path).path
        self.requests.append(
            Request(
                method=handler.command,
                path=handler.path,
                parameters=posted or dict(parse_qsl(urlsplit(handler.path).query, keep_blank_values=True)),
                signed=RequestValidator(TOKEN).validate(url, posted, signature),
                token=handler.headers.get("I-Twilio-Idempotency-Token", ""),
                at=time.monotonic(),
            )
        )
        body = self.documents.get(path, "").encode()
        handler.send_response(self.statuses.get(path, 200))
        handler.send_header("Content-Type", self.types.get(path, "text/xml"))
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


class Outside:
    """The simulator, its people, and the official client that talks to it."""

    def __init__(self, url: str, application: Application) -> None:
        self.url = url
        self.application = application
        self.client = Client(ACCOUNT, TOKEN)
        self.client.api.base_url = url
        self.http = httpx.Client(base_url=f"{url}/control", trust_env=False, timeout=10)

    def close(self) -> None:
        self.http.close()
        self.client.http_client.session.close()

    def phone(self, number: str, **setup: Any) -> None:
        self.http.put(f"/phones/{number}", json=setup).raise_for_status()

    def hand(self, number: str, act: str, **body: Any) -> httpx.Response:
        return self.http.post(f"/phones/{number}/{act}", json=body or None)

    def carrier(self, **mood: Any) -> None:
        self.http.put("/carrier", json=mood).raise_for_status()

    def place(self, to: str = ALICE, **more: Any) -> CallInstance:
        """Places a call that tells all its states to /status and takes its TwiML from /voice."""
        asked: dict[str, Any] = {
            "url": self.application.url("/voice"),
            "status_callback": self.application.url("/status"),
            "status_callback_event": ALL_EVENTS,
        }
        return self.client.calls.create(to=to, from_=MIDWATCH, **(asked | more))

    def call(self, sid: str) -> dict[str, Any]:
        """The call as the control API shows it."""
        return next(call for call in self.http.get("/calls").json() if call["sid"] == sid)

    def until_status(self, sid: str, status: str) -> dict[str, Any]:
        return until(lambda: call if (call := self.call(sid))["status"] == status else None)

    def until_over(self, sid: str, callbacks: int | None = None) -> dict[str, Any]:
        """The call when it is over, and its callbacks are through."""

        def over() -> dict[str, Any] | None:
            call = self.call(sid)
            told = [one for one in call["callbacks"] if one["http_status"] or one["error"] or one["dropped"]]
            enough = callbacks is None or len(told) >= callbacks
            return call if call["ended_at"] and enough and len(told) == len(call["callbacks"]) else None

        return until(over)


def command(sms_url: str, *more: str) -> list[str]:
    """The command line of a simulator on a free port."""
    given = ("--port", "0", "--account-sid", ACCOUNT, "--auth-token", TOKEN, "--number", MIDWATCH)
    return [sys.executable, "-m", "simulator", *given, "--sms-url", sms_url, *more]


@contextmanager
def running(application: Application, *more: str) -> Iterator[Outside]:
    """A simulator for as long as the block lasts."""
    process = subprocess.Popen(command(application.url("/sms"), *more), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        outside = Outside(process.stdout.readline().split()[-1], application)
        try:
            yield outside
        finally:
            outside.close()
    finally:
        process.terminate()
        process.wait(5)
        assert process.stdout is not None
        process.stdout.close()
