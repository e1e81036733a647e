"""An operator runs, watches, cancels and retries a whole training on the running demo."""

from __future__ import annotations

import time

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.browser.chromium import follow, screenshot
from tests.browser.test_operator import JOBS, check_page, operator, shown_version, staff
from tests.demo_stack import DemoStack

__all__ = ["operator", "staff"]
pytestmark = pytest.mark.browser
# A whole training on a busy machine; usually about a minute.
PIPELINE_SECONDS = 600
PROGRESS_SECONDS = 180


def state_of_job(browser: Chrome) -> str:
    return read_live(browser, "#live .state", "className").rpartition("-")[2]


def read_live(browser: Chrome, selector: str, what: str) -> str:
    """Found and read in one step: the page renews this part of itself."""
    return browser.execute_script("return document.querySelector(arguments[0])[arguments[1]]", selector, what)


def wait_for_job(browser: Chrome, *states: str, seconds: int) -> None:
    """Watch the job's page, without reloading it, until it says one of these states."""
    browser.execute_script("window.stayed = true")
    WebDriverWait(browser, seconds, poll_frequency=0.5).until(
        lambda driver: state_of_job(driver) in states, read_live(browser, "#live", "innerText")
    )
    assert browser.execute_script("return window.stayed")


def watch_progress(browser: Chrome) -> None:
    """What the page says of the running job changes by itself."""
    shown: set[str] = set()
    end = time.monotonic() + PROGRESS_SECONDS
    while len(shown) < 2:
        assert time.monotonic() < end, shown
        shown.add(read_live(browser, "#live .job-progress", "innerText"))
        time.sleep(1)


def press(browser: Chrome, element_id: str) -> None:
    """The page may be renewed between finding a button and pressing it; so it is pressed where it is found."""
    follow(browser, lambda: browser.execute_script(f"document.getElementById('{element_id}').click()"))


def test_an_operator_runs_watches_cancels_and_retries(operator: Chrome, demo_stack: DemoStack):
    browser, site, before = operator, demo_stack.url, shown_version(demo_stack)

    # Another weighting, so that there is something to compare; trained whether or not another test has done so.
    browser.get(f"{site}{JOBS}add/")
    Select(browser.find_element(By.NAME, "weighting")).select_by_value("any")
    browser.find_element(By.NAME, "force").click()
    follow(browser, browser.find_element(By.CSS_SELECTOR, ".submit-row [type=submit]").click)
    wait_for_job(browser, "running", seconds=60)
    watch_progress(browser)
    check_page(browser)
    press(browser, "cancel")
    wait_for_job(browser, "cancelled", seconds=90)
    assert shown_version(demo_stack) == before

    # Again, to the end. The gate keeps it back: it learns what people watch, not what they like.
    press(browser, "retry")
    wait_for_job(browser, "running", seconds=60)
    watch_progress(browser)
    screenshot(browser, "admin-job-running")
    wait_for_job(browser, "succeeded", "failed", seconds=PIPELINE_SECONDS)
    assert state_of_job(browser) == "succeeded", read_live(browser, "#live", "innerText")
    candidate = browser.find_element(By.CSS_SELECTOR, "#live a[href*='modelversion']").text
    assert candidate != before
    assert shown_version(demo_stack) == before
    browser.get(f"{site}{JOBS}")
    check_page(browser)
    screenshot(browser, "admin-jobs")
