"""What a person means (spec 4.2, 4.3)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.answers import Meaning, understand_call, understand_reply

TRUST = 0.5


@pytest.mark.parametrize(
    ("key", "meaning"), [("1", "acknowledge"), ("2", "pass on"), ("3", "repeat"), ("9", "unclear")]
)
def test_4_1_keys_mean_what_the_call_says(key: str, meaning: str) -> None:
    assert understand_call(key, None, None, TRUST) == meaning


@pytest.mark.parametrize(
    "said",
    [
        "Acknowledge.",
        "I acknowledge",
        "yes, I acknowledge it",
        "I'm on it",
        "i am on it",
        "Okay, I'll take it",
        "got it, thanks",
        "I\u2019m on it!",
    ],
)
def test_4_2_plain_words_acknowledge(said: str) -> None:
    assert understand_call(None, said, 0.9, TRUST) is Meaning.ACKNOWLEDGE


@pytest.mark.parametrize("said", ["pass", "Pass it on please", "I can't take this", "cannot", "not me"])
def test_4_2_plain_words_pass_on(said: str) -> None:
    assert understand_call(None, said, 0.9, TRUST) is Meaning.PASS


@pytest.mark.parametrize(
    "said",
    [
        "hi you have reached Ben, I'm on it tomorrow, leave a message",
        "who is this",
        "don't acknowledge",
        "I can't acknowledge",
        "acknowledge what",
        "hmm",
        "",
    ],
)
def test_4_2_anything_else_is_unclear(said: str) -> None:
    assert understand_call(None, said, 0.95, TRUST) is Meaning.UNCLEAR


@given(st.sampled_from(["acknowledge", "I'm on it"]), st.floats(0, 0.499))
def test_4_2_badly_heard_words_are_never_an_acknowledgement(said: str, confidence: float) -> None:
    assert understand_call(None, said, confidence, TRUST) is Meaning.UNCLEAR


@given(st.text(max_size=60))
def test_4_2_no_speech_at_all_raises_or_acknowledges_by_accident(said: str) -> None:
    heard = understand_call(None, said, 1.0, TRUST)
    assert heard is not Meaning.ACKNOWLEDGE or any(word in said.lower() for word in ("ack", "it", "take"))


@pytest.mark.parametrize(
    ("body", "meaning", "code"),
    [
        ("ACK 48213", Meaning.ACKNOWLEDGE, "48213"),
        ("ack", Meaning.ACKNOWLEDGE, None),
        ("48213", Meaning.ACKNOWLEDGE, "48213"),
        ("48213 ok", Meaning.ACKNOWLEDGE, "48213"),
        ("I'm on it 48213", Meaning.ACKNOWLEDGE, "48213"),
        ("PASS 48213", Meaning.PASS, "48213"),
        ("can't take it, 48213", Meaning.PASS, "48213"),
        ("2 48213", Meaning.PASS, "48213"),
        ("what is this?", Meaning.UNCLEAR, None),
        ("call me at 2025550101", Meaning.UNCLEAR, None),
        ("", Meaning.UNCLEAR, None),
    ],
)
def test_4_3_replies(body: str, meaning: Meaning, code: str | None) -> None:
    assert understand_reply(body) == (meaning, code)
