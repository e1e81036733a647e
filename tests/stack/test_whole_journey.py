"""An operator's whole way in a browser, on the standalone cluster: run, watch, cancel, retry, compare, promote, roll back."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.browser.chromium import choose_theme, chromium, follow, resize, screenshot
from tests.browser.operating import (
    JOBS,
    VERSIONS,
    check_page,
    open_promotion,
    press,
    read_live,
    roll_back,
    send_reason,
    sign_in,
    state_of_job,
    titles_on_site,
    wait_for_job,
    watch_progress,
)
from tests.stack.full_stack import JOB_SECONDS, FullStack
from tests.stack.processes import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.spark, pytest.mark.elasticsearch, pytest.mark.browser]
PERSON = 3


def promote(browser: Chrome, site: str, version: str) -> None:
    """By hand; past the gate if it refuses."""
    open_promotion(browser, site, version)
    refused = bool(browser.find_elements(By.NAME, "override"))
    send_reason(browser, "To see what people watch", override=refused)


def test_an_operator_runs_cancels_retries_compares_promotes_and_rolls_back(stack: FullStack):
    stack.manage("create_operator", "--username", "olga", "--role", "operator")
    site, before = stack.web.url, stack.ask("champion")
    with chromium() as browser:
        resize(browser, 1280)
        choose_theme(browser, "light")
        sign_in(browser, site, "olga")
        old_list = titles_on_site(browser, site, PERSON)

        # Another weighting, so that there is something to compare.
        browser.get(f"{site}{JOBS}add/")
        Select(browser.find_element(By.NAME, "weighting")).select_by_value("any")
        browser.find_element(By.NAME, "force").click()
        follow(browser, browser.find_element(By.CSS_SELECTOR, ".submit-row [type=submit]").click)
        wait_for_job(browser, "running", seconds=JOB_SECONDS)
        watch_progress(browser)
        wait_until(lambda: stack.applications() == ["movierec pipeline"], "the cluster works on it")
        check_page(browser)
        press(browser, "cancel")
        assert "is lost" in browser.find_element(By.ID, "content-main").text
        press(browser, "confirm")
        wait_for_job(browser, "cancelled", seconds=JOB_SECONDS)
        wait_until(stack.no_spark_is_left, "the cluster has ended the application")
        assert stack.ask("champion") == before

        # Again, to the end.
        press(browser, "retry")
        wait_for_job(browser, "running", seconds=JOB_SECONDS)
        watch_progress(browser)
        screenshot(browser, "admin-job-running")
        wait_for_job(browser, "succeeded", "failed", seconds=JOB_SECONDS)
        assert state_of_job(browser) == "succeeded", read_live(browser, "#live", "innerText")
        candidate = browser.find_element(By.CSS_SELECTOR, "#live a[href*='modelversion']").text
        # The gate keeps it back if what other tests have trained is better.
        if stack.ask("champion") == before:
            promote(browser, site, candidate)
        assert stack.recommend()["model_version"] == stack.ask("champion") == candidate != before
        new_list = titles_on_site(browser, site, PERSON)
        assert new_list != old_list
        browser.get(f"{site}{JOBS}")
        check_page(browser)
        screenshot(browser, "admin-jobs")

        browser.get(f"{site}{VERSIONS}compare/?version={before}&version={candidate}")
        assert browser.find_elements(By.CSS_SELECTOR, ".charts svg")
        roll_back(browser, site, "They like the other one better")
        assert stack.recommend()["model_version"] == stack.ask("champion") == before
        assert titles_on_site(browser, site, PERSON) == old_list
        promote(browser, site, candidate)
        assert stack.recommend()["model_version"] == stack.ask("champion") == candidate
        assert titles_on_site(browser, site, PERSON) == new_list
