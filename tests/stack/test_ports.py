"""Ports: the preferred one if it can be had."""

import socket

from stack.ports import free_port, is_free


def test_a_preferred_port_is_taken_if_it_is_free_and_left_if_not() -> None:
    port = free_port()
    assert free_port(port) == port
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        assert not is_free(port)
        assert free_port(port) != port


def test_a_port_that_was_found_is_not_handed_out_again() -> None:
    found = [free_port() for _ in range(50)]
    assert len(set(found)) == len(found)
    assert all(is_free(port) for port in found)
