"""The list from the keyboard, on a wide screen, and on a phone, where the rows come on demand."""

from __future__ import annotations

import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.chromium import PATIENCE, screenshot
from tests.browser.test_feedback import newcomer, pressing, said, star, titles, without_scripts
from tests.browser.test_journeys import check_page

pytestmark = pytest.mark.browser


def type_key(browser: Chrome, key: str) -> None:
    ActionChains(browser).send_keys(key).perform()


def swap_by_key(browser: Chrome, key: str) -> None:
    """Type a key that changes the list, and wait for the new one."""
    browser.execute_script(
        "window.settled = 0;"
        "document.addEventListener('htmx:afterSettle', () => window.settled += 1, {once: true})"
    )
    type_key(browser, key)
    WebDriverWait(browser, PATIENCE).until(lambda driver: driver.execute_script("return window.settled"))


def focused(browser: Chrome) -> str:
    return browser.switch_to.active_element.get_attribute("id")


def test_the_list_is_gone_through_and_rated_with_keys(browser, demo_site):
    newcomer(browser, demo_site)
    before = titles(browser)
    browser.execute_script("document.activeElement.blur()")
    for place in (1, 2):
        type_key(browser, "j")
        assert focused(browser) == f"rank-{place}"
    type_key(browser, "k")
    assert focused(browser) == "rank-1"
    type_key(browser, "j")
    swap_by_key(browser, "4")
    assert f"You gave {before[1]} 4 stars." in said(browser)
    assert focused(browser) == "rank-2"
    swap_by_key(browser, "u")
    assert titles(browser) == before
    type_key(browser, "j")
    swap_by_key(browser, "h")
    assert "is hidden and will not come back" in said(browser)


def test_the_sheet_says_the_keys_and_switches_them_off(browser, demo_site):
    newcomer(browser, demo_site)
    browser.execute_script("document.activeElement.blur()")
    type_key(browser, "?")
    sheet = browser.find_element(By.ID, "shortcuts")
    assert sheet.is_displayed()
    assert len(sheet.find_elements(By.TAG_NAME, "dt")) >= 8
    check_page(browser)
    screenshot(browser, "shortcuts-en-1280")
    sheet.find_element(By.ID, "shortcuts-on").click()
    sheet.find_element(By.CSS_SELECTOR, "form button").click()
    try:
        browser.execute_script("document.activeElement.blur()")
        type_key(browser, "j")
        assert focused(browser) == ""
        browser.refresh()
        assert not browser.find_element(By.ID, "shortcuts-on").is_selected()
    finally:
        browser.execute_script("localStorage.clear()")


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_rows_come_on_demand(browser, demo_site, scripts):
    newcomer(browser, demo_site, width=360)

    def rows() -> int:
        return sum(row.is_displayed() for row in browser.find_elements(By.CSS_SELECTOR, ".row"))

    def ask() -> None:
        assert len(titles(browser)) == 10
        assert rows() == 0
        browser.find_element(By.CSS_SELECTOR, ".more--rest a").click()
        assert rows() >= 3
        check_page(browser)

    if not scripts:
        with without_scripts(browser):
            browser.refresh()
            ask()
        return
    ask()
    pressing(browser)(star(browser, 1, 4))
    assert rows() >= 3  # what was asked for stays


def test_a_wide_screen_is_used(browser, demo_site):
    newcomer(browser, demo_site, width=1600)
    cards = [card.rect for card in browser.find_elements(By.CSS_SELECTOR, ".film")]
    assert max(card["x"] + card["width"] for card in cards) > 1500
    assert len({round(card["x"]) for card in cards}) == 4
    assert len({round(card["x"]) for card in cards if card["y"] == cards[4]["y"]}) == 4
    check_page(browser)
    screenshot(browser, "results-en-1600")
