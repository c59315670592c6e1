"""What comes from Slack: whether it is genuine (spec 13.2)."""

from collections.abc import Mapping

from slack_sdk.signature import SignatureVerifier


def is_genuine(signing_secret: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether Slack signed this, within the last five minutes."""
    try:
        return SignatureVerifier(signing_secret).is_valid_request(body, headers)
    except (ValueError, TypeError):
        return False  # A time that is no number, a signature that is no text, a body that is not UTF-8.
