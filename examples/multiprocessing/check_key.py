"""A listener lets in only who knows its key; what it reads afterwards is unpickled."""

from __future__ import annotations

import threading
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener


# region key
def serve(listener: Listener, visits: int) -> None:
    """Greet those who know the key."""
    for _ in range(visits):
        try:
            with listener.accept() as connection:
                connection.send("welcome")
        except AuthenticationError:
            continue


def knock(address: str, key: bytes) -> str:
    """Return the answer to a visitor with this key."""
    try:
        with Client(address, authkey=key) as connection:
            return connection.recv()
    except AuthenticationError as error:
        return str(error)


def answers(*keys: bytes) -> list[str]:
    """Return the answer to each key; the right one is ``b"spar"``."""
    with Listener(family="AF_UNIX", authkey=b"spar") as listener:
        server = threading.Thread(target=serve, args=(listener, len(keys)))
        server.start()
        found = [knock(listener.address, key) for key in keys]
        server.join()
    return found


# endregion key
