"""ReDoc shows every operation under the site's content security policy."""

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.chromium import PATIENCE, chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_operations_are_shown_and_nothing_comes_from_elsewhere(live_server):
    with chromium() as browser:
        browser.get(f"{live_server.url}/api/v1/redoc/")
        WebDriverWait(browser, PATIENCE).until(
            lambda driver: "Films for a newcomer" in driver.execute_script("return document.body.innerText")
        )
        # The logo of its makers is asked for by ReDoc itself, and refused by the policy.
        loaded = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        assert [
            name for name in loaded if not name.startswith((live_server.url, "https://cdn.redoc.ly/"))
        ] == []
