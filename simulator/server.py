"""The HTTP server: one that can cut a connection without an answer, and that ends at once when told."""

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol


class Connections:
    """The open connections by the address of their other end."""

    def __init__(self) -> None:
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}

    def opened(self, transport: asyncio.Transport) -> None:
        """A connection was made."""
        self._transports[_peer(transport)] = transport

    def closed(self, transport: asyncio.Transport) -> None:
        """A connection is gone."""
        self._transports.pop(_peer(transport), None)

    def cut(self, client: Any) -> None:
        """Closes a client's connection; what is answered to it afterwards goes nowhere."""
        transport = self._transports.get(tuple(client))
        if transport is not None:
            transport.abort()


def _peer(transport: asyncio.Transport) -> tuple[str, int]:
    host, port = transport.get_extra_info("peername")[:2]
    return host, port


def protocol_over(connections: Connections) -> type[asyncio.Protocol]:
    """Uvicorn's HTTP protocol that keeps `connections`."""

    class Protocol(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
            connections.opened(transport)
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.closed(self.transport)
            super().connection_lost(exc)

    return Protocol


class Server(uvicorn.Server):
    """Says when it listens, and needs no farewell: nothing here outlives the process."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Tells where it listens once it does."""
        await super().startup(sockets)
        for listener in sockets or []:
            host, port = listener.getsockname()[:2]
            self._on_ready(f"http://{host}:{port}")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ends the process; open event streams would hold an orderly shutdown up."""
        sys.stdout.flush()
        os._exit(0)


def serve(app: FastAPI, *, host: str, port: int, log_level: str, on_ready: Callable[[str], None]) -> None:
    """Serves until a signal ends the process. Raises OSError if the port is taken."""
    # The protocol is named because asyncio turns Nagle's algorithm off only on sockets that name it; left on,
    # it holds answers on a kept connection back for 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    config = uvicorn.Config(
        app,
        http=protocol_over(app.state.connections),
        ws="none",
        log_level=log_level,
        access_log=log_level in ("debug", "trace"),
        backlog=2048,
    )
    Server(config, on_ready).run(sockets=[listener])
