"""Slack's side of the simulator as tests meet it, and the application that it sends its requests to."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.simulator.outside import Application, running, until

TOKEN = "xoxb-a-token"
SECRET = "a signing secret"
ANN, BOB = "U0ANN", "U0BOB"

Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """How the application answers."""

    status: int = 200
    body: str | Json = ""
    delay: float = 0.0


@dataclass(frozen=True)
class Received:
    """A request that Slack made. `content` is what it says, out of whatever form it came in."""

    path: str
    headers: dict[str, str]
    body: bytes
    content: Json
    genuine: bool


class Product:
    """Stands where Midwatch would: keeps what Slack sends, and answers as set."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.received: list[Received] = []
        self._verifier = SignatureVerifier(SECRET)
        product = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                reply = product._take(self.path, dict(self.headers.items()), body)
                time.sleep(reply.delay)
                plain = isinstance(reply.body, str)
                answer = (reply.body if isinstance(reply.body, str) else json.dumps(reply.body)).encode()
                self.send_response(reply.status)
                self.send_header("Content-Type", "text/plain" if plain else "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # Slack does not wait for an answer that comes too late

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/callbacks/slack"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _take(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        path = path.removeprefix("/callbacks/slack")
        if headers["Content-Type"] == "application/json":
            content = json.loads(body)
        else:
            form = {name: values[0] for name, values in parse_qs(body.decode(), True).items()}
            content = json.loads(form["payload"]) if "payload" in form else form
        genuine = self._verifier.is_valid_request(body, headers)
        self.received.append(Received(path, headers, body, content, genuine))
        if content.get("type") == "url_verification":
            return self.replies.get(path) or Reply(body={"challenge": content["challenge"]})
        return self.replies.get(path, Reply())

    def got(self, path: str) -> list[Received]:
        """What came to a path, in its order."""
        return [one for one in list(self.received) if one.path == path]

    def events(self, kind: str) -> list[Json]:
        """The events of one kind that were told."""
        told = [one.content.get("event", {}) for one in self.got("/events")]
        return [event for event in told if event.get("type") == kind]

    def forget(self) -> None:
        self.replies.clear()
        self.received.clear()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Slack:
    """The simulated Slack: the official client for it, and its control."""

    def __init__(self, url: str, product: Product) -> None:
        self.url = url
        self.product = product
        self.client = AsyncWebClient(token=TOKEN, base_url=f"{url}/slack/api/")
        self.http = httpx.Client(base_url=f"{url}/control", trust_env=False, timeout=10)

    def user(self, user: str = ANN, *auto: Json) -> None:
        name = {ANN: "Ann Archer", BOB: "Bob Baker"}[user]
        email = f"{name.split()[0].lower()}@example.com"
        self.http.put(
            f"/slack/users/{user}", json={"name": name, "email": email, "auto": auto}
        ).raise_for_status()

    def act(self, user: str, verb: str, **body: Any) -> httpx.Response:
        return self.http.post(f"/slack/users/{user}/{verb}", json=body)

    def did(self, user: str, verb: str, **body: Any) -> Json:
        """The deed, when it must be possible."""
        answer = self.act(user, verb, **body)
        assert answer.is_success, answer.text
        done: Json = answer.json()
        return done

    def mood(self, **mood: Any) -> None:
        self.http.put("/slack", json=mood).raise_for_status()

    def get(self, path: str, /, **query: str) -> list[Json]:
        found: list[Json] = self.http.get(f"/slack{path}", params=query).raise_for_status().json()
        return found

    def until_said(self, channel: str, text: str) -> Json:
        """The message with this text, once it is in the channel."""

        def said() -> Json | None:
            found = [one for one in self.get("/messages", channel=channel) if one["text"] == text]
            return found[0] if found else None

        return until(said)

    async def channel(self, name: str = "war-room", *members: str) -> str:
        """A channel that the bot made, with these people in it."""
        made = await self.client.conversations_create(name=name)
        channel = str(made["channel"]["id"])
        if members:
            await self.client.conversations_invite(channel=channel, users=list(members))
        return channel

    async def post(self, channel: str, *elements: Json, text: str = "Card") -> str:
        """A message with a row of buttons."""
        blocks: list[Json] = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
        blocks += [{"type": "actions", "block_id": "row", "elements": list(elements)}] if elements else []
        return str((await self.client.chat_postMessage(channel=channel, text=text, blocks=blocks))["ts"])


def button(action_id: str, value: str = "1", **more: str) -> Json:
    text = {"type": "plain_text", "text": action_id.title()}
    return {"type": "button", "action_id": action_id, "text": text, "value": value, **more}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def field(block_id: str, action_id: str, kind: str = "plain_text_input", **element: Any) -> Json:
    optional = bool(element.pop("optional", False))
    return {
        "type": "input",
        "block_id": block_id,
        "optional": optional,
        "label": plain(block_id.title()),
        "element": {"type": kind, "action_id": action_id, **element},
    }


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "ask",
        "title": plain("Checkpoint"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [field("what", "text")],
        **more,
    }


@contextmanager
def slack_running() -> Iterator[Slack]:
    """A simulator with Slack in it, for as long as the block lasts."""
    application, product = Application(), Product()
    more = ("--slack-token", TOKEN, "--slack-signing-secret", SECRET, "--slack-url", product.url)
    with running(application, *more) as outside:
        slack = Slack(outside.url, product)
        yield slack
        slack.http.close()
    application.close()
    product.close()
