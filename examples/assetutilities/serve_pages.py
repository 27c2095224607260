"""A web server with forms and tables, in a process of its own so that it shares no GIL with what is measured.

``python -m examples.assetutilities.serve_pages LATENCY`` prints its address and serves until its standard input closes.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from examples.measure.serve import serving as serve_elsewhere

ROWS = 300


def page(number: int) -> bytes:
    """Return a page with the hidden fields of a form and a table below it."""
    fields = "".join(
        f'<input type="hidden" name="{name}" value="{name.strip("_").lower()}-{number}">'
        for name in ("__VIEWSTATE", "__EVENTVALIDATION", "__VIEWSTATEGENERATOR")
    )
    rows = "".join(f"<tr><td>{row}</td><td>member {row % 20}</td><td>{row / 7:.3f}</td></tr>" for row in range(ROWS))
    return f"<!doctype html><html><body><form>{fields}</form><table>{rows}</table></body></html>".encode()


@contextlib.contextmanager
def serve(latency: float) -> Iterator[str]:
    """Serve ``/page/<n>`` on a free loopback port, each after *latency* seconds, and yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(latency)
            body = page(int(self.path.rpartition("/")[2]))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def serving(latency: float) -> contextlib.AbstractContextManager[str]:
    """Return a block's server in another process, which gives its address and ends with the block.

    Raises :class:`RuntimeError` when it does not start.
    """
    return serve_elsewhere(latency, "examples.assetutilities.serve_pages")


if __name__ == "__main__":
    with serve(float(sys.argv[1])) as url:
        print(url, flush=True)
        sys.stdin.read()  # ends when the parent closes the pipe, or ends itself
