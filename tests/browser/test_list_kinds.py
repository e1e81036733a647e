"""Another kind of list, and predicted stars that somebody does not want to see, with scripts and without."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.chromium import screenshot
from tests.browser.test_feedback import Press, following, newcomer, pressing, star, titles, without_scripts
from tests.browser.test_journeys import both_languages_and_widths, check_page

pytestmark = pytest.mark.browser


def stars_shown(browser: Chrome) -> list[float]:
    shown = browser.find_elements(By.CSS_SELECTOR, ".film .expected__stars")
    return [float(found.text.split()[1].replace(",", ".")) for found in shown]


def choose_kinds(browser: Chrome, press: Press) -> None:
    press(star(browser, 0, 5))
    usual = titles(browser)
    press(browser.find_element(By.ID, "kind-like"))
    liked = stars_shown(browser)
    assert len(liked) == 10
    assert liked == sorted(liked, reverse=True)
    assert browser.find_element(By.ID, "kind-like").get_attribute("aria-pressed") == "true"
    press(browser.find_element(By.ID, "kind-bold"))
    assert titles(browser) != usual
    browser.refresh()
    assert browser.find_element(By.ID, "kind-bold").get_attribute("aria-pressed") == "true"
    press(browser.find_element(By.ID, "kind-next"))
    assert titles(browser) == usual


def test_kinds_of_list_change_it_and_are_remembered(browser, demo_site):
    newcomer(browser, demo_site)
    choose_kinds(browser, pressing(browser))
    check_page(browser)


def test_kinds_of_list_without_scripts(browser, demo_site):
    with without_scripts(browser):
        newcomer(browser, demo_site)
        choose_kinds(browser, following(browser))


def test_predicted_stars_can_be_hidden_and_come_back(browser, demo_site):
    newcomer(browser, demo_site)
    press = pressing(browser)
    assert len(stars_shown(browser)) == 10
    press(browser.find_element(By.ID, "hide-stars"))
    assert browser.find_elements(By.CLASS_NAME, "expected") == []
    check_page(browser)
    press(browser.find_element(By.ID, "hide-stars"))
    assert len(stars_shown(browser)) == 10


@both_languages_and_widths
def test_each_kind_fits_and_is_pictured(browser, demo_site, language, width):
    newcomer(browser, demo_site, language, width)
    pressing(browser)(browser.find_element(By.ID, "kind-like"))
    check_page(browser)
    screenshot(browser, f"results-like-{language}-{width}")
