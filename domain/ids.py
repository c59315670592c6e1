"""How things are called.

An incident id is `<service>.<key>.<nonce>`, for example `checkout.high-error-rate.k3f9a`. Service and
key say which workflow runs it, so nothing has to be looked up to find an incident: not in a database
that may be away, nor in a search index that may lag.
"""

import re
import unicodedata
from typing import NamedTuple

_INCIDENT_ID = re.compile(r"([a-z0-9-]{1,60})\.([a-z0-9-]{1,80})\.([a-z0-9]{4,16})")


def slug(text: str, limit: int = 60) -> str:
    """Lower-case letters, digits and single hyphens: `High error rate!` and `HighErrorRate` become
    `high-error-rate`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", plain)
    cut = re.sub(r"[^a-z0-9]+", "-", apart.lower()).strip("-")[:limit].rstrip("-")
    return cut or "unnamed"


class IncidentId(NamedTuple):
    """The parts of an incident's id."""

    service: str
    key: str
    nonce: str

    @classmethod
    def parse(cls, text: str) -> "IncidentId":
        """Take an id apart.

        Raises:
            ValueError: it does not have the three parts.
        """
        match = _INCIDENT_ID.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not an incident id; one looks like checkout.high-error-rate.k3f9a")
        return cls(*match.groups())

    def __str__(self) -> str:
        return f"{self.service}.{self.key}.{self.nonce}"

    @property
    def workflow_id(self) -> str:
        """The workflow that runs it. One at a time bears this name, which is what joins duplicates."""
        return f"incident/{self.service}/{self.key}"
