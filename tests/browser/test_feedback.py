"""Rating, hiding, tuning and asking why on the running demo, with scripts and without."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.browser.chromium import PATIENCE, choose_theme, follow, resize, screenshot
from tests.browser.test_journeys import (
    both_languages_and_widths,
    check_page,
    open_home,
    path_of,
    send,
    type_and_enter,
)

pytestmark = pytest.mark.browser
Press = Callable[[WebElement], None]


@contextmanager
def without_scripts(browser: Chrome) -> Iterator[None]:
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        yield
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def scroll_to(browser: Chrome, element: WebElement) -> None:
    """Into the middle, where no notice lies over it."""
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)


def pressing(browser: Chrome) -> Press:
    """Press and wait until htmx has swapped the list; the page itself must stay."""

    def press(element: WebElement) -> None:
        scroll_to(browser, element)
        browser.execute_script(
            "window.settled = 0; window.stayed = true;"
            "document.addEventListener('htmx:afterSettle', () => window.settled += 1, {once: true})"
        )
        element.click()
        WebDriverWait(browser, PATIENCE).until(lambda driver: driver.execute_script("return window.settled"))
        assert browser.execute_script("return window.stayed")

    return press


def following(browser: Chrome) -> Press:
    """Press and wait for the next page."""

    def press(element: WebElement) -> None:
        scroll_to(browser, element)
        follow(browser, element.click)

    return press


def titles(browser: Chrome) -> list[str]:
    return [found.text for found in browser.find_elements(By.CSS_SELECTOR, ".film h2 a")]


def star(browser: Chrome, film: int, stars: int) -> WebElement:
    card = browser.find_elements(By.CLASS_NAME, "film")[film]
    return card.find_element(By.CSS_SELECTOR, f".stars button[value='{stars}']")


def said(browser: Chrome) -> str:
    return browser.find_element(By.ID, "said").text


def newcomer(browser: Chrome, site: str, language: str = "en", width: int = 1280) -> None:
    # Whoever is signed in from before starts with a list of their own.
    browser.execute_cdp_cmd("Network.clearBrowserCookies", {})
    open_home(browser, site, language, width)
    browser.find_element(By.NAME, "age").send_keys("30")
    send(browser, "newcomer")


def first_rating_changes_the_list(browser: Chrome, press: Press) -> None:
    before = titles(browser)
    mix = browser.find_element(By.ID, "mix-text").text
    assert mix.startswith("100 %")
    rated = before[3]
    press(star(browser, 3, 5))
    after = titles(browser)
    assert len(after) == 10
    assert rated not in after
    assert [title for title in before if title != rated] != after[:9]  # not only one film less
    assert browser.find_element(By.ID, "mix-text").text != mix
    assert f"You gave {rated} 5 stars." in said(browser)
    assert rated in browser.find_element(By.ID, "yours").text
    press(browser.find_element(By.CSS_SELECTOR, "#yours .marks__quiet"))
    assert f"Your rating of {rated} is removed." in said(browser)
    assert titles(browser) == before


def test_first_rating_of_a_newcomer_visibly_changes_the_list(browser, demo_site):
    newcomer(browser, demo_site)
    first_rating_changes_the_list(browser, pressing(browser))
    check_page(browser)


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_stays_where_it_is(browser, demo_site, width):
    """Rating, hiding, the watchlist and each undo leave the scrolled page at its place."""
    newcomer(browser, demo_site, width=width)

    def place() -> float:
        return browser.execute_script("return window.scrollY")

    def press_in_place(element: WebElement) -> None:
        scroll_to(browser, element)
        before = place()
        assert before > 100
        browser.execute_script(
            "window.settled = 0;"
            "document.addEventListener('htmx:afterSettle', () => window.settled += 1, {once: true})"
        )
        element.click()
        WebDriverWait(browser, PATIENCE).until(lambda driver: driver.execute_script("return window.settled"))
        time.sleep(0.3)  # a page that jumps does so with the next frames
        assert abs(place() - before) <= 2

    for what in range(2):
        press_in_place(star(browser, 5, 5))
        press_in_place(browser.find_elements(By.CSS_SELECTOR, ".film .marks__quiet")[5 + what])


COVERED = """
const said = document.getElementById('said'), covered = [];
for (const control of document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')) {
  const box = control.getBoundingClientRect();
  const x = box.left + box.width / 2, y = box.top + box.height / 2;
  if (said.contains(control) || !control.checkVisibility() || !box.width || x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
  if (said.contains(document.elementFromPoint(x, y))) covered.push(control.outerHTML.slice(0, 80));
}
return covered;
"""


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("scrolled", [False, True])
def test_the_notice_is_seen_and_covers_no_control(browser, demo_site, width, scrolled):
    newcomer(browser, demo_site, width=width)
    for film in (0, 5):
        pressed = star(browser, film, 5)
        browser.execute_script("window.scrollTo(0, 0)")
        if scrolled:
            scroll_to(browser, pressed)
        browser.execute_script(
            "window.settled = 0;"
            "document.addEventListener('htmx:afterSettle', () => window.settled += 1, {once: true});"
            "arguments[0].focus({preventScroll: true}); arguments[0].click()",
            pressed,
        )
        WebDriverWait(browser, PATIENCE).until(lambda driver: driver.execute_script("return window.settled"))
        row = browser.find_element(By.CSS_SELECTOR, "#said .said__row").rect
        start = browser.execute_script("return window.scrollY")
        assert start <= row["y"]
        assert row["y"] + row["height"] <= start + 900
        assert browser.switch_to.active_element.get_attribute("class") == "outline said__undo"
        for place in range(0, browser.execute_script("return document.body.scrollHeight"), 200):
            browser.execute_script("window.scrollTo(0, arguments[0])", place)
            assert browser.execute_script(COVERED) == []
    pressing(browser)(browser.find_element(By.CSS_SELECTOR, "#said button"))
    assert "is as it was before" in said(browser)


def test_first_rating_changes_the_list_without_scripts(browser, demo_site):
    with without_scripts(browser):
        newcomer(browser, demo_site)
        first_rating_changes_the_list(browser, following(browser))
        assert path_of(browser) == "/results"
        check_page(browser)


@pytest.mark.parametrize("scripts", [True, False])
def test_hidden_film_goes_and_comes_back_by_undo(browser, demo_site, scripts):
    open_home(browser, demo_site, "en", 1280)
    type_and_enter(browser, "user", "196")
    press = pressing(browser) if scripts else following(browser)
    before = titles(browser)
    if not scripts:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        browser.refresh()
    try:
        press(browser.find_elements(By.CSS_SELECTOR, ".film .marks__quiet")[1])
        assert before[1] not in titles(browser)
        assert titles(browser)[0] == before[0]
        assert "is hidden and will not come back" in said(browser)
        undo = browser.find_element(By.CSS_SELECTOR, "#said button")
        if scripts:  # the keyboard goes on where the way back is
            assert browser.switch_to.active_element == undo
        press(undo)
        assert titles(browser) == before
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_dial_changes_the_list_and_reset_restores_it(browser, demo_site):
    newcomer(browser, demo_site)
    press, before = pressing(browser), titles(browser)
    browser.find_element(By.CSS_SELECTOR, ".dials summary").click()
    browser.execute_script(
        "window.settled = 0; document.addEventListener('htmx:afterSettle', () => window.settled = 1)"
    )
    Select(browser.find_element(By.NAME, "genre-Western")).select_by_value("1.0")
    WebDriverWait(browser, PATIENCE).until(lambda driver: driver.execute_script("return window.settled"))
    tuned = titles(browser)
    assert tuned != before
    assert "1 dial turned" in browser.find_element(By.ID, "dials-count").text
    genres = [film.text for film in browser.find_elements(By.CSS_SELECTOR, ".film__genres")]
    assert sum("Western" in text for text in genres) >= 5
    browser.refresh()
    assert titles(browser) == tuned
    press(browser.find_element(By.NAME, "reset"))
    assert titles(browser) == before
    assert Select(browser.find_element(By.NAME, "genre-Western")).first_selected_option.text == "as it is"
    check_page(browser)


def test_dials_apply_without_scripts(browser, demo_site):
    with without_scripts(browser):
        newcomer(browser, demo_site)
        before = titles(browser)
        browser.find_element(By.CSS_SELECTOR, ".dials summary").click()
        Select(browser.find_element(By.NAME, "decade")).select_by_value("1940")
        press = following(browser)
        press(browser.find_element(By.CSS_SELECTOR, ".dials__ways button"))
        assert titles(browser) != before
        press(browser.find_element(By.NAME, "reset"))
        assert titles(browser) == before


def test_why_opens_in_the_card_and_the_page_adds_up(browser, demo_site):
    newcomer(browser, demo_site)
    pressing(browser)(star(browser, 0, 4))
    rated = browser.find_element(By.CSS_SELECTOR, "#yours .rated a").text
    card = browser.find_elements(By.CLASS_NAME, "film")[0]
    scroll_to(browser, card)
    card.find_element(By.CSS_SELECTOR, ".why summary").click()
    WebDriverWait(browser, PATIENCE).until(lambda _driver: card.find_elements(By.CLASS_NAME, "sum__part"))
    assert f"{rated}, 4 stars from you" in card.find_element(By.CLASS_NAME, "sum").text
    score = float(card.find_element(By.CSS_SELECTOR, ".sum__total strong").text)
    follow(browser, card.find_element(By.LINK_TEXT, "The whole sum").click)
    values = [value.text for value in browser.find_elements(By.CLASS_NAME, "sum__value")]
    total = sum(float(value.replace("\N{MINUS SIGN}", "-")) for value in values)
    assert total == pytest.approx(score, abs=0.005 * len(values) + 0.006)
    assert len(browser.find_elements(By.CSS_SELECTOR, ".sum meter")) == len(values)
    check_page(browser)


@both_languages_and_widths
def test_every_page_fits_and_is_pictured(browser, demo_site, language, width):
    newcomer(browser, demo_site, language, width)
    press = pressing(browser)
    for film in (4, 1):
        press(star(browser, film, 5))
    browser.execute_script("window.scrollTo(0, 0)")
    screenshot(browser, f"results-{language}-{width}")
    first = browser.find_element(By.CSS_SELECTOR, ".film .why summary")
    scroll_to(browser, first)
    first.click()
    WebDriverWait(browser, PATIENCE).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, ".film .sum"))
    dials = browser.find_element(By.CSS_SELECTOR, ".dials summary")
    scroll_to(browser, dials)
    dials.click()
    browser.execute_script("window.scrollTo(0, 0)")
    check_page(browser)
    screenshot(browser, f"dials-{language}-{width}")
    for name, address in (
        ("film", "/films/50/"),
        ("why", "/films/50/why"),
        ("search", "/search/?q=godfater"),
        ("best-known", "/search/"),
    ):
        browser.get(f"{demo_site}{address}")
        check_page(browser)
        assert browser.find_elements(By.CSS_SELECTOR, ".shelf li") or name == "why"
        screenshot(browser, f"{name}-{language}-{width}")
    browser.get(f"{demo_site}/films/999999/")
    check_page(browser)
    assert browser.find_element(By.CLASS_NAME, "interlude__number").text == "404"


def test_a_request_that_fails_is_told(browser, demo_site):
    newcomer(browser, demo_site)
    trouble = browser.find_element(By.ID, "trouble")
    assert not trouble.is_displayed()
    browser.execute_cdp_cmd("Network.enable", {})
    offline = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", offline)
    try:
        star(browser, 0, 5).click()
        WebDriverWait(browser, PATIENCE).until(lambda _driver: trouble.is_displayed())
    finally:
        browser.execute_cdp_cmd("Network.emulateNetworkConditions", {**offline, "offline": False})
    pressing(browser)(star(browser, 0, 5))
    assert not trouble.is_displayed()
    browser.get_log("browser")


def test_killed_elasticsearch_loses_no_request_and_no_rating(browser, demo_stack):
    resize(browser, 1280)
    choose_theme(browser, "light")
    newcomer(browser, demo_stack.url)
    press = pressing(browser)
    press(star(browser, 0, 5))
    assert not browser.find_elements(By.CLASS_NAME, "notice--degraded")
    demo_stack.manage("elasticsearch", "stop")
    try:
        for film in (1, 2):
            press(star(browser, film, 4))
            assert len(titles(browser)) == 10
            assert "search engine is away" in browser.find_element(By.CLASS_NAME, "notice--degraded").text
        browser.execute_script("window.scrollTo(0, 0)")
        screenshot(browser, "degraded-en-1280")
        browser.get(f"{demo_stack.url}/search/?q=fargo")
        assert "search engine is away" in browser.find_element(By.CLASS_NAME, "notice--degraded").text
        assert "Fargo" in browser.find_element(By.CLASS_NAME, "shelf").text
    finally:
        demo_stack.manage("elasticsearch", "start")
    deadline = time.monotonic() + 5 * PATIENCE
    while True:  # the breaker tries again by itself after some seconds
        browser.get(f"{demo_stack.url}/results")
        assert len(titles(browser)) == 10
        if not browser.find_elements(By.CLASS_NAME, "notice--degraded"):
            break
        assert time.monotonic() < deadline
        time.sleep(1)
    assert len(browser.find_elements(By.CSS_SELECTOR, "#yours .rated li")) == 3
    press(star(browser, 0, 3))
    assert len(browser.find_elements(By.CSS_SELECTOR, "#yours .rated li")) == 4
