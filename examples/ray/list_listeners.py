"""Which network interfaces Ray's processes listen on."""

import contextlib

import psutil


# region listeners
def listening_on() -> dict[str, set[str]]:
    """Return the addresses on which the GCS and the raylet of this program listen."""
    found: dict[str, set[str]] = {}
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # workers come and go meanwhile
            if process.name() in {"gcs_server", "raylet"}:
                for connection in process.net_connections("inet"):
                    if connection.status == psutil.CONN_LISTEN:
                        found.setdefault(process.name(), set()).add(connection.laddr.ip)
    return found


# endregion listeners
