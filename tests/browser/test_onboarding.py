"""A newcomer answers five questions and gets a better list; titles are found with typing errors in both languages."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By

from tests.browser.chromium import follow
from tests.browser.test_feedback import newcomer, pressing, said, titles
from tests.browser.test_journeys import check_page, open_home, path_of

pytestmark = pytest.mark.browser


def test_five_answers_make_another_list_and_a_hidden_film_comes_back(browser, demo_site):
    newcomer(browser, demo_site, width=360)
    before = titles(browser)
    follow(browser, browser.find_element(By.CSS_SELECTOR, ".invitation a").click)
    assert path_of(browser) == "/start"
    check_page(browser)
    press = pressing(browser)
    asked = [film.text for film in browser.find_elements(By.CSS_SELECTOR, ".asking__film h3")]
    press(browser.find_element(By.NAME, "unseen"))
    now = [film.text for film in browser.find_elements(By.CSS_SELECTOR, ".asking__film h3")]
    assert (now[0] != asked[0], now[1:]) == (True, asked[1:])
    tops = set()
    for place, stars in enumerate((5, 1, 4, 5, 2)):
        film = browser.find_elements(By.CLASS_NAME, "asking__film")[place]
        press(film.find_element(By.CSS_SELECTOR, f"[value='{stars}']"))
        tops.add(browser.find_element(By.CLASS_NAME, "asking__top").text)
    assert len(tops) > 2
    assert "5 ratings: enough" in browser.find_element(By.CLASS_NAME, "asking__count").text
    follow(browser, browser.find_element(By.CSS_SELECTOR, ".billing a[role=button]").click)
    after = titles(browser)
    assert len(set(after) - set(before)) >= 3
    assert not browser.find_elements(By.CLASS_NAME, "invitation")
    press(browser.find_elements(By.CSS_SELECTOR, ".film .marks__quiet")[0])
    assert after[0] not in titles(browser)
    press(browser.find_element(By.CSS_SELECTOR, "#said button"))
    assert titles(browser) == after
    assert "Taken back" in said(browser)


@pytest.mark.parametrize(
    ("language", "typed", "title"),
    [("en", "godfater", "The Godfather"), ("fr", "Misérabls", "Les Miserables")],
)
def test_titles_are_found_with_typing_errors_and_accents(browser, demo_site, language, typed, title):
    open_home(browser, demo_site, language, 360)
    browser.get(f"{demo_site}/search/?q={typed}")
    check_page(browser)
    found = browser.find_elements(By.CLASS_NAME, "shelf__title")
    assert title.casefold() in {film.text.casefold().replace("é", "e") for film in found}
