"""What Twilio is told to say, in TwiML, by its own library."""

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

KEY_SECONDS = 6
"""How long a call waits for a key or a word."""


def question(*said: str, answer_url: str, hints: str) -> str:
    """Say it all and take one key or a few words. Silence is sent to the same address: it is an answer
    too, if an unclear one."""
    response = VoiceResponse()
    gather = response.gather(
        input="dtmf speech",
        num_digits=1,
        timeout=KEY_SECONDS,
        speech_timeout="auto",
        hints=hints,
        action=answer_url,
        method="POST",
    )
    for text in said:
        gather.say(text)
    response.redirect(answer_url, method="POST")
    return str(response)


def goodbye(text: str) -> str:
    """Say it and hang up."""
    response = VoiceResponse()
    response.say(text)
    response.hangup()
    return str(response)


def hold(text: str, url: str, seconds: int = 2) -> str:
    """Say it, wait, and go on at the address."""
    response = VoiceResponse()
    response.say(text)
    response.pause(length=seconds)
    response.redirect(url, method="POST")
    return str(response)


def reply(text: str) -> str:
    """Answer a message."""
    response = MessagingResponse()
    response.message(text)
    return str(response)
