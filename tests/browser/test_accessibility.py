"""Every page in both themes against WCAG 2.2 AA, its language, title, headings and focus order; more than one state."""

from __future__ import annotations

import uuid

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.axe import violations
from tests.browser.chromium import PATIENCE, choose_theme, follow, overflow, resize, screenshot
from tests.browser.test_feedback import newcomer, pressing, star
from tests.browser.test_journeys import open_home, path_of, send
from tests.site_addresses import named_addresses

pytestmark = pytest.mark.browser
PASSWORD = "correct-horse-9"  # noqa: S105
#: Theme → widths in which a page is looked at.
Looks = dict[str, tuple[int, ...]]
EVERY_LOOK: Looks = {"light": (360, 768, 1280), "dark": (360, 768, 1280)}


@pytest.fixture(
    params=[
        pytest.param({"dark": (360,)}, id="one look"),
        pytest.param(EVERY_LOOK, id="every look", marks=pytest.mark.long),
    ]
)
def looks(request: pytest.FixtureRequest) -> Looks:
    return request.param


def check(browser: Chrome, state: str, looks: Looks, picture: str | None = None) -> None:
    """Fits the widths, no violation in any theme; a language, a title of its own, one main heading, landmarks.

    ``picture`` is the beginning of the names of its pictures.
    """
    usual = browser.execute_script("return window.innerWidth")
    for theme, widths in looks.items():
        choose_theme(browser, theme)
        for width in widths:
            resize(browser, width)
            assert overflow(browser) <= 0, f"{state} at {width}"
            if picture:
                screenshot(browser, f"{picture}-{theme}-{width}")
        resize(browser, usual)
        assert violations(browser) == [], f"{state} in the {theme} theme"
    facts = browser.execute_script(
        "return {lang: document.documentElement.lang, h1: document.querySelectorAll('h1').length,"
        "main: document.querySelectorAll('main').length, title: document.title}"
    )
    assert (facts["lang"], facts["h1"], facts["main"]) == ("en", 1, 1), state
    assert facts["title"].endswith("· movierec"), state


def pages_of(browser: Chrome, **arguments: object) -> dict[str, str]:
    """The addresses that answer this visitor with a page, and their names; the browser asks, so its cookies go along."""
    names = {address: name for name, address in named_addresses(**arguments) if "sign-out" not in address}
    told = browser.execute_async_script(
        "const [addresses, done] = arguments; Promise.all(addresses.map(async (address) => {"
        "const answer = await fetch(address, {redirect: 'manual'});"
        "return [address, answer.status, answer.headers.get('content-type') || ''];})).then(done)",
        sorted(names),
    )
    return {
        address: names[address].replace(":", "-").replace("_", "-").removeprefix("pages-")
        for address, status, kind in told
        if status == 200 and kind.startswith("text/html")
    }


def check_all(browser: Chrome, site: str, looks: Looks, whose: str) -> set[str]:
    pages = pages_of(browser, movie_id=50)
    # The part for the suggestions is no page of its own.
    pages.pop("/search/suggest", None)
    for address, name in pages.items():
        browser.get(f"{site}{address}")
        check(browser, address, looks, f"{whose}-{name}")
    return set(pages)


def test_every_page_of_a_visitor(browser, demo_site, looks):
    newcomer(browser, demo_site)
    press = pressing(browser)
    for film, stars in ((3, 5), (1, 2)):
        press(star(browser, film, stars))
    check(browser, "results after a rating", looks)
    browser.execute_script(
        "for (const part of document.querySelectorAll('.dials, .film .why')) part.open = true"
    )
    WebDriverWait(browser, PATIENCE).until(
        lambda driver: len(driver.find_elements(By.CSS_SELECTOR, ".why .sum")) == 10
    )
    check(browser, "results with dials and reasons open", looks, "visitor-results-open")
    pages = check_all(browser, demo_site, looks, "visitor")
    assert {"/", "/results", "/start", "/taste", "/search/", "/films/50/", "/films/50/why"} <= pages
    assert {"/account/sign-in", "/account/sign-up"} <= pages


def test_every_page_of_an_account(browser, demo_site, looks):
    browser.get(f"{demo_site}/account/sign-up")
    resize(browser, 1280)
    name = f"eve-{uuid.uuid4().hex[:8]}"
    for field, text in (("name", name), ("email", f"{name}@example.org"), ("password", PASSWORD)):
        browser.find_element(By.NAME, field).send_keys(text)
    follow(browser, browser.find_element(By.CSS_SELECTOR, ".ticket button[type=submit]").click)
    assert path_of(browser) == "/results"
    browser.get(f"{demo_site}/films/50/")
    follow(browser, browser.find_element(By.CSS_SELECTOR, ".stars button[value='4']").click)
    browser.find_element(By.CSS_SELECTOR, "details.account-menu summary").click()
    check(browser, "the open menu of the account", looks)
    pages = check_all(browser, demo_site, looks, "member")
    assert {"/account/", "/account/ratings", "/account/watchlist", "/taste"} <= pages


def test_states_that_nobody_hopes_for(browser, demo_site, looks):
    open_home(browser, demo_site, "en", 360)
    browser.find_element(By.NAME, "age").send_keys("300")
    send(browser, "newcomer")
    check(browser, "a form with a message", looks, "visitor-home-message")
    pictures = {"/search/?q=zzzzz": "visitor-search-empty", "/films/999999/": "visitor-film-unknown"}
    for address in (
        "/search/?q=zzzzz",
        "/search/?page=0",
        "/films/999999/",
        "/results?k=1000",
        "/search/?page=300",
    ):
        browser.get(f"{demo_site}{address}")
        check(browser, address, looks, pictures.get(address))


def test_keyboard_finds_a_film_by_an_unfinished_misspelt_title(browser, demo_site):
    open_home(browser, demo_site, "en", 360)
    browser.get(f"{demo_site}/search/")
    field = browser.find_element(By.NAME, "q")
    assert field.get_attribute("role") == "combobox"
    field.send_keys("gofdath")
    listed = browser.find_element(By.ID, "search-suggestions")
    WebDriverWait(browser, PATIENCE).until(lambda _driver: listed.is_displayed())
    assert field.get_attribute("aria-expanded") == "true"
    check(browser, "open suggestions", EVERY_LOOK)
    field.send_keys(Keys.ARROW_DOWN)
    chosen = browser.find_element(By.ID, field.get_attribute("aria-activedescendant"))
    assert chosen.get_attribute("aria-selected") == "true"
    assert chosen.text.startswith("The Godfather")
    field.send_keys(Keys.ESCAPE)
    assert not listed.is_displayed()
    field.send_keys("e")
    WebDriverWait(browser, PATIENCE).until(lambda _driver: listed.is_displayed())
    field.send_keys(Keys.ARROW_DOWN)
    follow(browser, lambda: field.send_keys(Keys.ENTER))
    assert browser.find_element(By.TAG_NAME, "h1").text.startswith("The Godfather")


def test_the_focus_goes_through_the_page_from_top_to_bottom(browser, demo_site):
    newcomer(browser, demo_site)
    browser.get(f"{demo_site}/results")
    places: list[tuple[float, bool]] = []
    body = browser.find_element(By.TAG_NAME, "body")
    for _step in range(30):
        body.send_keys(Keys.TAB) if not places else browser.switch_to.active_element.send_keys(Keys.TAB)
        place, outlined = browser.execute_script(
            "const found = document.activeElement, box = found.getBoundingClientRect();"
            "const style = getComputedStyle(found);"
            "return [box.top + window.scrollY, style.outlineStyle !== 'none' || style.boxShadow !== 'none']"
        )
        places.append((place, outlined))
    assert all(outlined for _place, outlined in places)
    assert not browser.find_elements(By.CSS_SELECTOR, "[tabindex]:not([tabindex='0'], [tabindex='-1'])")
    # From the foot of a card to the head of its neighbour, and never further back.
    tops = [place for place, _outlined in places[1:]]
    assert all(after >= before - 350 for before, after in zip(tops, tops[1:], strict=False))
