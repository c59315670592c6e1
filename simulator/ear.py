"""How a call listens: what a person presses or says while it does, and when they are done."""

import asyncio
from dataclasses import dataclass

from .verbs import Gather

_SURE_OF_SILENCE = 0.2  # seconds after which speechTimeout="auto" takes a sentence for finished


@dataclass(frozen=True)
class Speech:
    """A sentence as the recogniser gives it."""

    text: str
    confidence: float


class Ear:
    """Open while a Gather or a Record runs; hears only what it was opened for."""

    def __init__(self, *, keys: bool, speech: bool) -> None:
        self._keys, self._speech = keys, speech
        self._new = asyncio.Event()
        self.began = asyncio.Event()
        self.digits = ""
        self.speech: Speech | None = None

    def press(self, digits: str) -> None:
        """Keys pressed on the phone."""
        if self._keys:
            self.digits += digits
            self._stir()

    def say(self, text: str, confidence: float) -> None:
        """A sentence spoken into the phone; a second one is joined to the first."""
        if self._speech:
            before = f"{self.speech.text} " if self.speech else ""
            self.speech = Speech(before + text, confidence)
            self._stir()

    def _stir(self) -> None:
        self.began.set()
        self._new.set()

    async def more(self, within: float) -> bool:
        """Waits for something new; False if `within` seconds pass without."""
        try:
            await asyncio.wait_for(self._new.wait(), within)
        except TimeoutError:
            return False
        self._new.clear()
        return True

    async def hear_out(self, gather: Gather) -> dict[str, str]:
        """Waits until the person is done; gives the parameters of the action. Keys win over speech."""
        self._new.clear()
        while self.digits and not _complete(self.digits, gather):
            if not await self.more(gather.timeout):
                break
        if self.digits:
            return _digits(self.digits, gather)
        silence = _SURE_OF_SILENCE if gather.speech_timeout is None else gather.speech_timeout
        while await self.more(silence):
            if self.digits:
                return await self.hear_out(gather)
        assert self.speech is not None
        return {"SpeechResult": self.speech.text, "Confidence": str(self.speech.confidence)}


def _complete(digits: str, gather: Gather) -> bool:
    if gather.finish_on_key and gather.finish_on_key in digits:
        return True
    return gather.num_digits is not None and len(digits) >= gather.num_digits


def _digits(digits: str, gather: Gather) -> dict[str, str]:
    finish = gather.finish_on_key
    ended_by_key = bool(finish) and finish in digits
    kept = digits.split(finish)[0] if ended_by_key else digits
    if gather.num_digits is not None and len(kept) >= gather.num_digits:
        kept, ended_by_key = kept[: gather.num_digits], False
    return {"Digits": kept, "FinishedOnKey": finish if ended_by_key else ""}
