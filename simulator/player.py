"""Obeys TwiML in a call that was answered: speaks, listens, and goes where the documents lead."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any
from urllib.parse import urljoin

from . import twiml
from .callbacks import HttpAnswer, Unreachable, Webhooks
from .ear import Ear
from .forms import is_url
from .models import Answer, Mumble, PersonOnCall, Step
from .records import CallRecord, Heard, new_sid, now
from .twiml import Malformed
from .verbs import Dial, Document, Gather, Hangup, Pause, Play, Record, Redirect, Say

_MUMBLES_AFTER = 0.3
_DOCUMENT_TYPES = ("text/xml", "application/xml", "text/html")


class Fault(Exception):
    """The document cannot be had or obeyed: Twilio's error `code`, and the call ends."""

    def __init__(self, code: int, message: str, url: str | None) -> None:
        super().__init__(message)
        self.code, self.message, self.url = code, message, url


@dataclass(frozen=True)
class Source:
    """Where the next document comes from: a literal `document`, or a URL asked with `more` parameters."""

    url: str = ""
    method: str = "POST"
    more: dict[str, str] = field(default_factory=dict)
    document: str | None = None


def acts_of(behaviour: PersonOnCall) -> Iterator[Step]:
    """What this person does, gather after gather."""
    match behaviour:
        case Answer():
            return iter(behaviour.then)
        case Mumble():
            return repeat(Step(wait=_MUMBLES_AFTER, say=behaviour.text, confidence=behaviour.confidence))
        case _:
            return iter(())


async def fetch_document(
    webhooks: Webhooks, method: str, url: str, parameters: dict[str, str], token: str
) -> HttpAnswer:
    """Asks for TwiML; once more if the connection failed, as Twilio does by default.

    Raises:
        Fault: 11200 if no answer came or it is an error, 12300 if it is no document.
    """
    try:
        answer = await webhooks.request(method, url, parameters, token)
    except Unreachable:
        try:
            answer = await webhooks.request(method, url, parameters, token)
        except Unreachable as error:
            raise Fault(11200, f"HTTP retrieval failure: {error}", url) from None
    if answer.status >= 400:
        raise Fault(11200, f"HTTP retrieval failure: got {answer.status}", url)
    if answer.body and answer.content_type not in _DOCUMENT_TYPES:
        raise Fault(12300, f"Invalid Content-Type: {answer.content_type} is not TwiML", url)
    return answer


class Player:
    """Runs documents for one call. `on_change` is called whenever the record has changed."""

    def __init__(
        self,
        call: CallRecord,
        webhooks: Webhooks,
        *,
        usual: Callable[[], dict[str, str]],
        acts: Iterator[Step],
        speech_rate: float,
        on_change: Callable[[], None],
        on_warning: Callable[[str, str | None], None],
    ) -> None:
        self._call = call
        self._webhooks = webhooks
        self._usual = usual
        self._acts = acts
        self._rate = speech_rate
        self._on_change = on_change
        self._on_warning = on_warning
        self._ear: Ear | None = None
        self.beep_at: float | None = None  # loop time from which a mailbox records

    async def run(self, source: Source) -> None:
        """Obeys the document and those it leads to, until the call has nothing more to do. Raises Fault."""
        here: Source | None = source
        while here is not None:
            document, base = await self._load(here)
            here = await self._obey(document, base)

    def press(self, digits: str) -> None:
        """The person presses keys."""
        self._call.heard.append(Heard(at=now(), spoken_before=len(self._call.spoken), digits=digits))
        self._on_change()
        if self._ear is not None:
            self._ear.press(digits)

    def say(self, text: str, confidence: float) -> None:
        """The person says something."""
        heard = Heard(at=now(), spoken_before=len(self._call.spoken), speech=text, confidence=confidence)
        self._call.heard.append(heard)
        self._on_change()
        if self._ear is not None:
            self._ear.say(text, confidence)

    async def _load(self, source: Source) -> tuple[Document, str]:
        text: str | bytes
        if source.document is not None:
            text = source.document
        elif not is_url(source.url):
            raise Fault(11100, f"Invalid URL format: {source.url!r}", source.url)
        else:
            parameters = self._usual() | source.more
            token = new_sid("")
            text = (await fetch_document(self._webhooks, source.method, source.url, parameters, token)).body
        try:
            document = twiml.parse(text)
        except Malformed as error:
            raise Fault(12100, f"Document parse failure: {error}", source.url or None) from None
        for warning in document.warnings:
            self._on_warning(f"Schema validation warning: {warning}", source.url or None)
        return document, source.url

    async def _obey(self, document: Document, base: str) -> Source | None:
        for verb in document.verbs:
            leads_to: Source | None = None
            match verb:
                case Say() | Play() | Pause():
                    await self._prompt(verb)
                case Gather():
                    leads_to = await self._gather(verb, base)
                case Redirect():
                    leads_to = Source(urljoin(base, verb.url), verb.method)
                case Record():
                    leads_to = await self._record(verb, base)
                case Dial():
                    leads_to = await self._dial(verb, base)
                case Hangup():
                    return None
            if leads_to is not None:
                return leads_to
        return None

    async def _prompt(self, prompt: Say | Play | Pause) -> None:
        match prompt:
            case Say():
                for _ in range(prompt.times):
                    await self._say(prompt.text)
            case Play():
                await asyncio.sleep(1 if self._rate else 0)
            case Pause():
                await asyncio.sleep(prompt.seconds)

    async def _say(self, text: str) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        takes = len(text) / self._rate if self._rate else 0.0
        self._call.spoken.append(text)
        self._call.speaking = text
        self._on_change()
        try:
            await asyncio.sleep(takes)
        finally:
            self._call.speaking = None
            if self.beep_at is not None:
                recorded = recorded_part(text, began, takes, self.beep_at, loop.time())
                self._call.voicemail = f"{self._call.voicemail or ''} {recorded}".strip() or None
            self._on_change()

    async def _gather(self, gather: Gather, base: str) -> Source | None:
        ear = self._open_ear(keys=gather.keys, speech=gather.speech)
        act = self._schedule(next(self._acts, None))
        prompts = asyncio.ensure_future(self._prompts(gather))
        try:
            if gather.barge_in:
                await _first_of(prompts, ear.began.wait())
            else:
                await prompts
            if not ear.began.is_set() and not await ear.more(gather.timeout):
                if not gather.action_on_empty:
                    return None
                heard = {"Digits": ""} if gather.keys else {"SpeechResult": "", "Confidence": "0.0"}
            else:
                prompts.cancel()
                await asyncio.wait({prompts})
                heard = await ear.hear_out(gather)
        finally:
            prompts.cancel()
            if act is not None:
                act.cancel()
            self._close_ear()
        return Source(urljoin(base, gather.action), gather.method, {"msg": "Gather End", **heard})

    async def _prompts(self, gather: Gather) -> None:
        for prompt in gather.prompts:
            await self._prompt(prompt)

    async def _record(self, record: Record, base: str) -> Source | None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        ear = self._open_ear(keys=True, speech=True)
        try:
            while await ear.more(min(record.timeout, began + record.max_length - loop.time())):
                if any(key in record.finish_on_key for key in ear.digits):
                    break
        finally:
            self._close_ear()
        if ear.speech is None:
            return None
        sid = new_sid("RE")
        recorded = {
            "RecordingSid": sid,
            "RecordingUrl": f"https://api.twilio.com/2010-04-01/Accounts/{self._usual()['AccountSid']}/Recordings/{sid}",
            "RecordingDuration": str(round(loop.time() - began)),
            "Digits": ear.digits or "hangup",
        }
        return Source(urljoin(base, record.action), record.method, recorded)

    async def _dial(self, dial: Dial, base: str) -> Source | None:
        # Nobody is at the other end: the two stay joined until this person hangs up or the call is updated.
        self._call.joined.extend(dial.parties)
        self._on_change()
        await asyncio.sleep(dial.time_limit)
        if dial.action is None:
            return None
        return Source(urljoin(base, dial.action), dial.method, {"DialCallStatus": "completed"})

    def _open_ear(self, *, keys: bool, speech: bool) -> Ear:
        self._ear = Ear(keys=keys, speech=speech)
        self._call.listening = True
        self._on_change()
        return self._ear

    def _close_ear(self) -> None:
        self._ear = None
        self._call.listening = False
        self._on_change()

    def _schedule(self, step: Step | None) -> asyncio.TimerHandle | None:
        if step is None:
            return None
        loop = asyncio.get_running_loop()
        if step.press is not None:
            return loop.call_later(step.wait, self.press, step.press)
        return loop.call_later(step.wait, self.say, step.say or "", step.confidence)


def recorded_part(text: str, began: float, takes: float, beep: float, until: float) -> str:
    """The words of `text`, begun at `began` and lasting `takes` seconds, between the beep and `until`."""
    if takes == 0:
        return text if began >= beep else ""
    first, last = ((at - began) / takes * len(text) for at in (beep, until))
    spoken = 0
    kept = []
    for word in text.split(" "):
        if first <= spoken < last:
            kept.append(word)
        spoken += len(word) + 1
    return " ".join(kept)


async def _first_of(prompts: asyncio.Future[None], heard: Coroutine[Any, Any, bool]) -> None:
    hearing = asyncio.ensure_future(heard)
    either: set[asyncio.Future[Any]] = {prompts, hearing}
    try:
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    finally:
        hearing.cancel()
