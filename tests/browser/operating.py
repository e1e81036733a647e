"""What an operator does in the admin's pages, for the journeys."""

from __future__ import annotations

import time

from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.chromium import follow, overflow

PASSWORD = "operators-of-2026"
JOBS, VERSIONS = "/admin/recommendations/job/", "/admin/recommendations/modelversion/"
PROGRESS_SECONDS = 180


def sign_in(browser: Chrome, site: str, name: str) -> None:
    browser.get(f"{site}/admin/login/?next=/admin/")
    browser.find_element(By.NAME, "username").send_keys(name)
    browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    follow(browser, browser.find_element(By.CSS_SELECTOR, "[type=submit]").click)
    assert browser.current_url.endswith("/admin/"), browser.page_source


#: Address, width, and what reaches beyond it.
TOO_WIDE = """
const wide = [...document.querySelectorAll('body *')].filter(part => part.getBoundingClientRect().right > innerWidth + 1);
return [location.pathname, innerWidth, ...wide.slice(0, 5).map(part => part.outerHTML.slice(0, 120))];
"""


def check_page(browser: Chrome) -> None:
    """Fits the width, and the browser complained of nothing, in particular not of the content policy."""
    assert overflow(browser) <= 0, browser.execute_script(TOO_WIDE)
    complaints = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert complaints == []


def send_reason(browser: Chrome, reason: str, *, override: bool = False) -> None:
    field = browser.find_element(By.NAME, "reason")
    field.clear()
    field.send_keys(reason)
    if override:
        browser.find_element(By.NAME, "override").click()
    follow(browser, browser.find_element(By.CSS_SELECTOR, ".submit-row [type=submit]").click)


def open_promotion(browser: Chrome, site: str, version: str) -> None:
    """From the list of versions to the form that promotes this one."""
    browser.get(f"{site}{VERSIONS}?q={version}")
    follow(browser, browser.find_element(By.LINK_TEXT, version).click)
    follow(browser, browser.find_element(By.CSS_SELECTOR, ".object-tools a[href$='/promote/']").click)


def roll_back(browser: Chrome, site: str, reason: str) -> None:
    browser.get(f"{site}{VERSIONS}")
    follow(browser, browser.find_element(By.CSS_SELECTOR, ".object-tools a[href$='/roll-back/']").click)
    send_reason(browser, reason)


def titles_on_site(browser: Chrome, site: str, user: int) -> list[str]:
    """The list of the site's own page for a person of the data."""
    browser.get(f"{site}/begin")
    field = browser.find_element(By.NAME, "user")
    field.send_keys(str(user))
    follow(browser, field.submit)
    return [film.text for film in browser.find_elements(By.CSS_SELECTOR, ".film h2")][:10]


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
