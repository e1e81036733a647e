"""A browser for the journeys. The running site itself is the fixture ``demo_site`` (a base address)."""

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from tests.browser.chromium import chromium


@pytest.fixture(scope="session")
def shared_browser() -> Iterator[Chrome]:
    with chromium() as driver:
        yield driver


@pytest.fixture
def browser(shared_browser: Chrome, demo_site: str) -> Chrome:
    """A visitor without cookies and without an old page."""
    shared_browser.get("about:blank")
    shared_browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    shared_browser.get_log("browser")
    return shared_browser
