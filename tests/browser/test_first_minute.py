"""Six people start from nothing: how long it takes them, by clicks alone, to a list that knows what they like."""

from __future__ import annotations

import time
from statistics import median

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.chromium import follow, screenshot
from tests.browser.test_feedback import Press, pressing, titles
from tests.browser.test_journeys import check_page, open_home, path_of

pytestmark = pytest.mark.browser
# Which two tiles each of them picks, by their places: what stands on them is the model's.
TASTES = ((0, 1), (2, 3), (4, 5), (6, 7), (8, 9), (10, 11))
# People read and think; the limit is for what the site needs, on a machine that may be busy.
LONGEST = 60.0


def top(browser: Chrome) -> list[str]:
    return [film.text for film in browser.find_elements(By.CSS_SELECTOR, ".asking__top a")]


def first_minute(browser: Chrome, press: Press, places: tuple[int, ...]) -> tuple[float, list[str]]:
    """Pick, look at the list, and go to it; returns the seconds from the first click, and the titles."""
    begun, tops = time.monotonic(), [top(browser)]
    for place in places:
        press(browser.find_elements(By.CLASS_NAME, "tile")[place])
        assert browser.find_elements(By.CLASS_NAME, "tile")[place].get_attribute("aria-pressed") == "true"
        tops.append(top(browser))
    assert len({tuple(seen) for seen in tops}) == len(tops), "the list moves with every click"
    follow(browser, browser.find_element(By.CSS_SELECTOR, ".asking__list a[role=button]").click)
    assert path_of(browser) == "/results"
    return time.monotonic() - begun, titles(browser)


def test_from_the_first_click_to_a_list_of_ones_own(browser, demo_site, record_property):
    seconds, lists = [], []
    for place, places in enumerate(TASTES):
        browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
        open_home(browser, demo_site, "en", 1280 if place % 2 else 360)
        needed, films = first_minute(browser, pressing(browser), places)
        check_page(browser)
        screenshot(browser, f"first-minute-{place}")
        assert len(films) == 10
        seconds.append(needed)
        lists.append(set(films))
    record_property("first_minute_seconds", [round(needed, 1) for needed in seconds])
    assert median(seconds) <= LONGEST
    shared = [len(one & other) for place, one in enumerate(lists) for other in lists[place + 1 :]]
    assert sum(shared) / len(shared) <= 2.5, "people of different taste get different lists"
