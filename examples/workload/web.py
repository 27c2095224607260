"""I/O shape of the shared job: fetch pages from a local HTTP server that answers after a set latency."""

from __future__ import annotations

import contextlib
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def fetch(url: str, timeout: float = 30.0) -> int:
    """Return the number of bytes at *url*.

    Raises :class:`urllib.error.URLError` when the server does not answer within *timeout* seconds.
    """
    with urllib.request.urlopen(url, timeout=timeout) as response:
        return len(response.read())


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@contextlib.contextmanager
def serve(latency: float = 0.05) -> Iterator[str]:
    """Serve ``/page/<n>`` on a free loopback port and yield the base URL, without a trailing slash.

    Each answer comes after *latency* seconds and holds ``100 + n`` bytes.  The server ends with the block.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            prefix, _, number = self.path.rpartition("/")
            if prefix != "/page" or not number.isdecimal():
                self.send_error(404)
                return
            time.sleep(latency)
            body = b"x" * (100 + int(number))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet: the examples compare their own output."""

    server = _Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
