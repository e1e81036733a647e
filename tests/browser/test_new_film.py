"""A film that did not exist: put over the API, found, recommended to somebody who likes its kind, rated, withdrawn."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from tests.browser.axe import violations
from tests.browser.chromium import choose_theme, resize, screenshot
from tests.browser.operating import PASSWORD, sign_in
from tests.browser.operating import check_page as check_admin_page
from tests.browser.test_feedback import newcomer, pressing, said, star, titles
from tests.browser.test_journeys import check_page
from tests.demo_stack import DemoStack

pytestmark = pytest.mark.browser
KEY, TITLE = "dust-2026", "Dust over Laramie"
FILM = {
    "title": TITLE,
    "year": 2026,
    "genres": ["Western"],
    "overview": "A sheriff waits for the noon train.",
}


def ask(method: str, address: str, body: Any = None, token: str = "") -> Any:
    """The answer of the API."""
    request = urllib.request.Request(
        address, method=method, data=None if body is None else json.dumps(body).encode()
    )
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


@pytest.fixture(scope="module")
def token(demo_stack: DemoStack) -> Iterator[str]:
    """An operator's; the film is gone afterwards, whatever happened."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MOVIEREC_OPERATOR_PASSWORD", PASSWORD)
        demo_stack.manage("create_operator", "--username", "oskar", "--role", "operator")
    made = ask(
        "POST",
        f"{demo_stack.url}/api/v1/tokens/",
        {"username": "oskar", "password": PASSWORD, "name": "films", "scopes": ["operate"]},
    )
    yield made["token"]
    with suppress(urllib.error.HTTPError):
        ask("DELETE", f"{demo_stack.url}/api/v1/catalogue/films/{KEY}/", token=made["token"])


def search(browser: Chrome, site: str) -> list[str]:
    browser.get(f"{site}/search/?q=dust+over+laramie")
    check_page(browser)
    return [link.text for link in browser.find_elements(By.CSS_SELECTOR, ".shelf li a") if link.text == TITLE]


def test_a_film_from_its_first_minute_to_its_last(browser: Chrome, demo_stack: DemoStack, token: str):
    site, films = demo_stack.url, f"{demo_stack.url}/api/v1/catalogue/films/{KEY}/"
    put = ask("PUT", films, FILM, token)
    assert put["title"] == TITLE

    # Found at once.
    newcomer(browser, site)
    assert search(browser, site)
    browser.get(f"{site}/films/{put['movie_id']}/")
    assert TITLE in browser.find_element(By.TAG_NAME, "h1").text
    check_page(browser)
    screenshot(browser, "new-film-page")

    # Recommended to somebody who likes its kind, without training.
    press = pressing(browser)
    browser.get(f"{site}/results?filter=Western")
    for _ in range(6):
        press(star(browser, next(place for place, title in enumerate(titles(browser)) if title != TITLE), 5))
    browser.get(f"{site}/results")
    place = titles(browser).index(TITLE)
    reason = browser.find_elements(By.CLASS_NAME, "film__reason")[place].text
    assert reason.startswith("New here; because you like")
    check_page(browser)
    screenshot(browser, "new-film-in-the-list")

    # Rated, and so no longer in the list.
    press(star(browser, place, 4))
    assert f"You gave {TITLE} 4 stars." in said(browser)
    assert TITLE not in titles(browser)

    # Withdrawn, and found no more.
    ask("DELETE", films, token=token)
    assert not search(browser, site)
    browser.get(f"{site}/results")
    assert len(titles(browser)) == 10
    assert TITLE not in titles(browser)
    check_page(browser)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_form_of_the_admin(browser: Chrome, demo_stack: DemoStack, token: str, theme: str):
    choose_theme(browser, theme)
    resize(browser, 1280)
    sign_in(browser, demo_stack.url, "oskar")
    for width in (390, 1280):
        resize(browser, width)
        for page in ("newfilm/", "newfilm/add/", "newfilmsstate/"):
            browser.get(f"{demo_stack.url}/admin/recommendations/{page}")
            check_admin_page(browser)
            assert violations(browser) == [], (page, width, theme)
            browser.get_log("browser")  # the checker adds styles, of which the content policy complains
            screenshot(browser, f"admin-{page.strip('/').replace('/', '-')}-{theme}-{width}")
