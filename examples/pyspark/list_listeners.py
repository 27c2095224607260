"""On which network interfaces the JVM of this program listens."""

from __future__ import annotations

import contextlib

import psutil


# region listeners
def listening_on() -> dict[int, str]:
    """Return the address behind each port on which a process of this program listens."""
    own = psutil.Process()
    found = {}
    for process in [own, *own.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            for connection in process.net_connections("inet"):
                if connection.status == psutil.CONN_LISTEN:
                    address = connection.laddr.ip.removeprefix("::ffff:")
                    found[connection.laddr.port] = address
    return found


# endregion listeners
