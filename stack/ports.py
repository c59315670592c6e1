"""Ports on the loopback interface."""

import fcntl
import os
import socket
import tempfile
from pathlib import Path
from typing import TextIO

LOOPBACK = "127.0.0.1"

_claims: dict[int, TextIO] = {}


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback interface now."""
    with socket.socket() as probe:
        # As servers do, so that a port whose last connections are still winding down counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """`preferred` if it is free, else a port nobody uses.

    A port that is only looked up could be given to somebody else before its server listens. One connection is
    made and closed on it: for the next minute the system hands it to nobody who asks for any port, yet a
    server that names it may listen.
    """
    if preferred is not None and is_free(preferred) and _is_ours(preferred):
        return preferred
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, 0))
        listener.listen(1)
        address = listener.getsockname()
        with socket.create_connection(address) as _client:
            accepted, _ = listener.accept()
            accepted.close()
        return int(address[1])


def _is_ours(port: int) -> bool:
    """Whether this process is the first of its user that means to listen on a usual port. Two stacks that
    start in the same second would both find it free, and the later server would end at once."""
    if port in _claims:
        return True
    claim = (Path(tempfile.gettempdir()) / f"midwatch-{os.getuid()}-port-{port}.lock").open("w")
    try:
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        claim.close()
        return False
    _claims[port] = claim
    return True
