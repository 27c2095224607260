"""The built book, and a browser to read it with."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
# Nothing but the book's pages: no updates, no telemetry, no first-run pages.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


def build_book() -> Path:
    """Build build/html as ``tox -e html`` does; any warning fails."""
    target = ROOT / "build" / "html"
    command = [
        sys.executable, "-m", "sphinx", "-q", "-n", "-W", "--keep-going", "-j", "auto",
        "-c", ".", "-d", "build/doctrees", "book", str(target),
    ]  # fmt: skip
    process = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf8", check=False)
    if process.returncode:
        reasons = process.stderr.strip().splitlines()
        more = [f"… and {len(reasons) - 20} lines more"] if len(reasons) > 20 else []
        pytest.fail("\n".join(["the book does not build:", *reasons[:20], *more]), pytrace=False)
    return target


@pytest.fixture(scope="session")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built web pages: built once, also under pytest-xdist; ``PPM_HTML`` names one that is built."""
    if given := os.environ.get("PPM_HTML"):
        return Path(given).resolve()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return build_book()
    # The first worker to make the lock builds; the others wait for its word, the folder or nothing.
    shared = tmp_path_factory.getbasetemp().parent
    done = shared / "html-built"
    if _make(shared / "html-lock"):
        built = ""
        try:
            built = str(build_book())
        finally:
            done.with_suffix(".part").write_text(built, "utf8")
            done.with_suffix(".part").replace(done)
    for _ in range(1200):
        if done.exists():
            break
        time.sleep(0.5)
    if not done.exists() or not done.read_text("utf8"):
        pytest.fail("the book does not build; the worker that tried says why", pytrace=False)
    return Path(done.read_text("utf8"))


def _make(lock: Path) -> bool:
    """Make a file; whether it was this process that made it."""
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


@pytest.fixture(scope="session")
def pages(html: Path) -> list[str]:
    """Every page of the book, as a path from its root."""
    return sorted(path.relative_to(html).as_posix() for path in html.rglob("*.html") if "_static" not in path.parts)


def find_chromium() -> str | None:
    """The program that ``CHROMIUM`` names, or the first Chromium on the path."""
    if given := os.environ.get("CHROMIUM"):
        return shutil.which(given) or given
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium; the tests that need one are skipped where there is none."""
    program = find_chromium()
    if not program:
        pytest.skip("no Chromium found: install one, or name it in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser, html):
    """Open a page of the book from disk: ``open_page("index.html", theme="dark", width=390)``."""
    contexts = []

    def open_(name: str, theme: str = "light", width: int = 1280, height: int = 900):
        context = browser.new_context(color_scheme=theme, viewport={"width": width, "height": height})
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        address, _, rest = name.partition("#")
        address, _, query = address.partition("?")
        page.goto((html / address).as_uri() + (f"?{query}" if query else "") + (f"#{rest}" if rest else ""))
        page.wait_for_load_state("load")
        return page

    yield open_
    for context in contexts:
        context.close()
