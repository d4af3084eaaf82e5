"""A real Chromium that visits the site as a person would, and watches what it must not do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Response,
    expect,
    sync_playwright,
)
from playwright.sync_api import Request as BrowserRequest

from learning_hub.accounts.models import User
from tests.browser.axe import scripts_allowed, violations
from tests.plugins import without_axe

NARROW, WIDE, HEIGHT = 320, 1280, 900
# What is expected may take as long on a busy machine as an address may: 30 s, in milliseconds.
expect.set_options(timeout=30_000)
# The first has no windows to draw around each page, which saves a quarter of the time.
EXECUTABLES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs the browser, and a database that its server sees."""
    for item in items:
        if item.path.is_relative_to(os.path.dirname(__file__)):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.django_db(transaction=True))


@dataclass
class Watch:
    """What one page asked for and complained about while it was open."""

    origin: str
    expected_status: int = 200  # a test that goes on to be refused sets what it expects
    javascript: bool = True
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    requests: int = 0
    bytes: int = 0

    def hear(self, message: ConsoleMessage) -> None:
        """Keep an error; that a page was refused which should be is none."""
        refused = f"status of {self.expected_status}" in message.text
        if message.type == "error" and not refused:
            self.complaints.append(message.text)

    def see(self, request: BrowserRequest) -> None:
        """Keep a request that leaves this site."""
        parts = urlsplit(request.url)
        inside = parts.scheme in ("data", "blob") or f"{parts.scheme}://{parts.netloc}"
        if inside not in (True, self.origin):
            self.outside.append(request.url)

    def assert_quiet(self) -> None:
        """No console error, no breach of the security policy, no request to another origin."""
        assert self.complaints == []
        assert self.outside == []


@dataclass(frozen=True)
class Transfer:
    """What a visit took over the wire, headers included."""

    bytes: int
    requests: int


class Visit(Protocol):
    """Opens an address as a new visitor; see the fixture."""

    def __call__(
        self,
        path: str,
        *,
        width: int = WIDE,
        javascript: bool = True,
        status: int = 200,
        user: User | None = None,
    ) -> Page:
        """The open page."""


@pytest.fixture(scope="session")
def executable() -> str:
    """Where Chromium is; skips, or fails where services are required, if it is not."""
    found = next(filter(None, map(shutil.which, EXECUTABLES)), None)
    if found is None:
        reason = f"no browser: none of {', '.join(EXECUTABLES)} is installed"
        if os.environ.get("HUB_REQUIRE_SERVICES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def playwright(executable: str) -> Iterator[Playwright]:
    """Playwright, for the whole run."""
    # It keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as started:
        yield started
        connection.close()  # in a thread with an event loop, Django opens a second one


@pytest.fixture(scope="session")
def browser(playwright: Playwright, executable: str, live_server: Any) -> Iterator[Browser]:
    """One Chromium for the whole run.

    Started after the server so that it is closed before it: no connection outlives the server.
    """
    chromium = playwright.chromium.launch(executable_path=executable, args=list(QUIET))
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def _compressed_static_files() -> Iterator[None]:
    """Serve styles and scripts compressed, as the real site does, so that weights are true."""
    plain = StaticFilesHandler.serve
    kept: dict[tuple[str, str], tuple[int, bytes, dict[str, str]]] = {}

    def serve(self: StaticFilesHandler, request: HttpRequest) -> HttpResponse:
        asked = (request.path, request.headers.get("Accept-Encoding", ""))
        if request.headers.get("If-Modified-Since"):
            return plain(self, request)
        if asked not in kept:  # every visitor comes with an empty cache
            answer = GZipMiddleware(lambda request: plain(self, request))(request)
            body = b"".join(answer) if answer.streaming else answer.content
            kept[asked] = (answer.status_code, body, dict(answer.headers))
        status, body, headers = kept[asked]
        return HttpResponse(body, status=status, headers=headers)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", serve)
        yield


@pytest.fixture(autouse=True)
def _empty_index(settings: Any, tmp_path: Path) -> None:
    """The database is put back without telling the index, which would go on finding its pages."""
    settings.HUB_SEARCH_INDEX_DIR = tmp_path / "search-index"


@pytest.fixture
def watches() -> dict[Page, Watch]:
    return {}


@pytest.fixture
def visit(
    browser: Browser, live_server: Any, _compressed_static_files: None, watches: dict[Page, Watch]
) -> Iterator[Visit]:
    """Open a path: `visit("/", width=320, javascript=False, status=200, user=None)`.

    Asserts the status and that nothing scrolls sideways; at the end of the test, that no page
    logged an error, broke the security policy or called another origin.
    """
    contexts: list[BrowserContext] = []

    def window(width: int, javascript: bool) -> tuple[Page, Watch]:
        contexts.append(new_context(browser, live_server.url, width, javascript))
        return watched(contexts[-1], Watch(live_server.url, javascript=javascript))

    yield opener(live_server.url, watches, window)
    for context in contexts:
        context.close()
    for each in watches.values():
        each.assert_quiet()


@pytest.fixture(scope="session")
def kept_windows() -> dict[bool, tuple[Page, Watch]]:
    """A window with scripts and one without, as soon as there is one."""
    return {}


@pytest.fixture
def look(
    browser: Browser,
    live_server: Any,
    _compressed_static_files: None,
    watches: dict[Page, Watch],
    kept_windows: dict[bool, tuple[Page, Watch]],
) -> Iterator[Visit]:
    """As `visit`, but in a window that is kept: the next look takes the page away.

    A new window takes longer than what is shown in it. Nobody is signed in there but who is named,
    and nothing is remembered. It is not for tests that change the browser itself (its network,
    its media, its permissions), that weigh pages or that need two at once.
    """

    def window(width: int, javascript: bool) -> tuple[Page, Watch]:
        if javascript not in kept_windows:
            context = new_context(browser, live_server.url, width, javascript)
            kept = watched(context, Watch(live_server.url, javascript=javascript))
            kept_windows[javascript] = kept
        page, seen = kept_windows[javascript]
        forget(page, live_server.url)
        page.set_viewport_size({"width": width, "height": HEIGHT})
        return page, seen

    yield opener(live_server.url, watches, window)
    leave([(page, seen) for page, seen in kept_windows.values() if page in watches])


def opener(
    address: str,
    watches: dict[Page, Watch],
    window: Callable[[int, bool], tuple[Page, Watch]],
) -> Visit:
    """Opens paths of the site at `address` in the page that `window(width, javascript)` gives."""

    def open_page(
        path: str,
        *,
        width: int = WIDE,
        javascript: bool = True,
        status: int = 200,
        user: User | None = None,
    ) -> Page:
        page, seen = window(width, javascript)
        watches[page] = seen
        seen.expected_status = status
        if user is not None:
            page.context.add_cookies([session_cookie(user, address)])
        assert_answers(page.goto(path), status)
        assert_fits(page)
        return page

    return open_page


def leave(windows: list[tuple[Page, Watch]]) -> None:
    """Have them ask nothing more, and fail where one complained of what it showed."""
    for page, seen in windows:
        page.goto("about:blank")
        heard = replace(seen)
        seen.complaints, seen.outside = [], []
        heard.assert_quiet()


def watched(context: BrowserContext, seen: Watch) -> tuple[Page, Watch]:
    """A new page, watched from the beginning."""
    page = context.new_page()
    return page, watch(page, seen)


def forget(page: Page, address: str) -> None:
    """Leave the page as a new visitor's window is: no cookies, nothing stored, nothing cached."""
    wire = page.context.new_cdp_session(page)
    wire.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})
    wire.send("Network.clearBrowserCache")
    wire.detach()
    page.context.clear_cookies()


def new_context(browser: Browser, address: str, width: int, javascript: bool) -> BrowserContext:
    """A profile that nobody has used yet."""
    return browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        java_script_enabled=javascript,
        base_url=address,
        reduced_motion="reduce",
    )


def assert_answers(response: Response | None, status: int) -> None:
    """Fail unless the address gave this status."""
    assert response is not None
    assert response.status == status


def watch(page: Page, seen: Watch) -> Watch:
    """Start watching `page`."""
    page.on("console", seen.hear)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("request", seen.see)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: count(seen, event))
    return seen


def count(seen: Watch, event: dict[str, Any]) -> None:
    """Add one finished answer."""
    seen.requests += 1
    seen.bytes += int(event["encodedDataLength"])


def session_cookie(user: User, address: str) -> Any:
    """The cookie of a session that `user` has opened."""
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": address}


def assert_fits(page: Page) -> None:
    """Nothing reaches beyond the window's right edge."""
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"], f"{page.url} scrolls sideways to {width} px"


@pytest.fixture
def assert_accessible(
    request: pytest.FixtureRequest, watches: dict[Page, Watch]
) -> Callable[..., None]:
    """`assert_accessible(page)`: axe finds nothing against WCAG 2.2 A and AA or best practice.

    `assert_accessible(page, ".hub-report")` looks at that part only.
    """
    is_asked = not request.config.getoption(without_axe.OPTION)

    def check(page: Page, within: str = "html") -> None:
        if not is_asked:
            page.wait_for_load_state()
        elif watches[page].javascript:
            assert violations(page, within) == []
        else:
            with scripts_allowed(page):
                assert violations(page, within) == []

    return check


@pytest.fixture
def transferred(watches: dict[Page, Watch]) -> Callable[[Page], Transfer]:
    """`transferred(page)`: bytes over the wire and requests since `page` was opened."""

    def weigh(page: Page) -> Transfer:
        page.wait_for_load_state("networkidle")
        return Transfer(watches[page].bytes, watches[page].requests)

    return weigh
