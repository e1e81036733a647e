"""One journey per form, in both languages, on a phone and on a wide screen, against the running demo."""

from urllib.parse import urlsplit

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.browser.chromium import choose_theme, follow, layout_shift, overflow, resize, screenshot

pytestmark = pytest.mark.browser
WORDS = {
    "en": {"list": "Your programme", "profile": "from your profile", "over": "Start over"},
    "fr": {"list": "Votre programme", "profile": "d’après votre profil", "over": "Recommencer"},
}
both_languages_and_widths = pytest.mark.parametrize(
    ("language", "width"),
    [
        ("en", 1280),
        ("fr", 360),
        pytest.param("en", 360, marks=pytest.mark.long),
        pytest.param("fr", 1280, marks=pytest.mark.long),
    ],
)


def open_home(browser: Chrome, site: str, language: str, width: int) -> None:
    """The start page, switched to ``language`` by the button of the page."""
    resize(browser, width)
    choose_theme(browser, "light" if language == "en" else "dark")
    browser.get(f"{site}/")
    follow(browser, browser.find_element(By.CSS_SELECTOR, f".language button[value={language}]").click)
    assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == language
    check_page(browser)


def check_page(browser: Chrome) -> None:
    """Fits the width, has one main heading and a title, moved nothing, and the browser complained of nothing."""
    assert overflow(browser) <= 0
    assert len(browser.find_elements(By.TAG_NAME, "h1")) == 1
    assert browser.title.endswith("· movierec")
    assert layout_shift(browser) < 0.02
    complaints = [entry["message"] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    assert [text for text in complaints if "status of 40" not in text] == []


def send(browser: Chrome, form: str) -> None:
    follow(browser, browser.find_element(By.CSS_SELECTOR, f".ticket--{form} button[type=submit]").click)


def type_and_enter(browser: Chrome, name: str, text: str) -> None:
    follow(browser, lambda: browser.find_element(By.NAME, name).send_keys(text, Keys.ENTER))


def path_of(browser: Chrome) -> str:
    return urlsplit(browser.current_url).path


def check_list(browser: Chrome, language: str, whom: str) -> list[str]:
    """A complete list of ten films for ``whom``; returns the titles."""
    assert path_of(browser) == "/results"
    assert browser.find_element(By.TAG_NAME, "h1").text == WORDS[language]["list"]
    assert whom in browser.find_element(By.CLASS_NAME, "billing__whom").text
    assert WORDS[language]["profile"] in browser.find_element(By.ID, "mix-text").text
    films = browser.find_elements(By.CLASS_NAME, "film")
    assert len(films) == 10
    for film in films:
        assert film.find_element(By.TAG_NAME, "h2").text
        assert film.find_element(By.CLASS_NAME, "film__reason").text
        assert "★" in film.find_element(By.CLASS_NAME, "expected__stars").text
        assert 0 <= float(film.find_element(By.TAG_NAME, "meter").get_attribute("value")) <= 100
    first_cover = films[0].find_element(By.TAG_NAME, "img")
    assert first_cover.get_property("naturalWidth") == 300
    check_page(browser)
    return [film.find_element(By.TAG_NAME, "h2").text for film in films]


@both_languages_and_widths
def test_known_person_gets_a_list_and_can_start_over(browser, demo_site, language, width):
    open_home(browser, demo_site, language, width)
    browser.find_element(By.NAME, "user").send_keys("196")
    screenshot(browser, f"home-{language}-{width}")
    send(browser, "known")
    titles = check_list(browser, language, "MovieLens")
    screenshot(browser, f"results-known-{language}-{width}")
    assert len(set(titles)) == 10
    follow(browser, browser.find_element(By.LINK_TEXT, WORDS[language]["over"]).click)
    assert path_of(browser) == "/"


@both_languages_and_widths
def test_newcomer_gets_a_list(browser, demo_site, language, width):
    open_home(browser, demo_site, language, width)
    browser.find_element(By.NAME, "age").send_keys("30")
    browser.find_element(By.CSS_SELECTOR, "[name=gender][value=F]").click()
    Select(browser.find_element(By.NAME, "occupation")).select_by_value("artist")
    send(browser, "newcomer")
    check_list(browser, language, {"en": "30 years old, woman, artist", "fr": "femme, artiste"}[language])
    screenshot(browser, f"results-newcomer-{language}-{width}")


@both_languages_and_widths
def test_bad_input_takes_the_focus_and_is_shown_again(browser, demo_site, language, width):
    open_home(browser, demo_site, language, width)
    browser.find_element(By.NAME, "age").send_keys("200")
    send(browser, "newcomer")
    assert browser.switch_to.active_element.get_attribute("class") == "error-summary"
    assert "200" in browser.switch_to.active_element.text
    check_page(browser)
    screenshot(browser, f"bad-input-{language}-{width}")
    field = browser.find_element(By.NAME, "age")
    assert field.get_attribute("value") == "200"
    field.clear()
    send(browser, "newcomer")
    assert path_of(browser) == "/results"


def test_back_button_returns_to_a_form_that_still_works(browser, demo_site):
    open_home(browser, demo_site, "en", 1280)
    for number in ("196", "7"):
        browser.find_element(By.NAME, "user").clear()
        type_and_enter(browser, "user", number)
        assert f"user {number}" in browser.find_element(By.CLASS_NAME, "billing__whom").text
        follow(browser, browser.back)
        assert path_of(browser) == "/"


def test_expired_visit_leads_home_with_a_message(browser, demo_site):
    open_home(browser, demo_site, "en", 360)
    browser.delete_cookie("sessionid")
    browser.get(f"{demo_site}/results")
    assert path_of(browser) == "/"
    assert "your visit has expired" in browser.find_element(By.CLASS_NAME, "notice").text


def test_unknown_number_and_bad_length_are_explained(browser, demo_site):
    open_home(browser, demo_site, "en", 360)
    type_and_enter(browser, "user", "999999")
    assert "nobody in the data has the number 999999" in browser.switch_to.active_element.text
    send(browser, "newcomer")
    browser.get(f"{demo_site}/results?k=100000")
    assert "100000 is too large" in browser.find_element(By.CLASS_NAME, "interlude__sentence").text
    check_page(browser)
    screenshot(browser, "problem-en-360")


def test_everything_works_by_keyboard_and_without_scripts(browser, demo_site):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        open_home(browser, demo_site, "en", 1280)
        browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
        skip = browser.switch_to.active_element
        assert skip.get_attribute("class") == "skip-link"
        assert skip.rect["y"] >= 0
        skip.send_keys(Keys.ENTER)
        browser.switch_to.active_element.send_keys(Keys.TAB)
        assert browser.switch_to.active_element.get_attribute("name") == "films", "tastes to pick come first"
        follow(browser, lambda: browser.switch_to.active_element.send_keys(Keys.ENTER))
        assert browser.find_element(By.CLASS_NAME, "tile").get_attribute("aria-pressed") == "true"
        age = browser.find_element(By.NAME, "age")
        follow(browser, lambda: age.send_keys("41", Keys.ENTER))
        check_list(browser, "en", "41 years old")
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
