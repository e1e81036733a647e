"""An operator's way on the running demo: compare, promote, roll back; running jobs is in tests/stack/test_whole_journey.py.

While versions are switched, two web processes are asked all the time: no answer may fail or mix two versions.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from recommendations.management.site_process import free_port
from tests.browser.axe import violations
from tests.browser.chromium import PATIENCE, choose_theme, follow, resize, screenshot
from tests.browser.operating import (
    JOBS,
    PASSWORD,
    VERSIONS,
    check_page,
    open_promotion,
    read_live,
    roll_back,
    send_reason,
    sign_in,
    titles_on_site,
)
from tests.demo_stack import START_SECONDS, DemoStack, answers
from tests.prepared import environment_of

pytestmark = pytest.mark.browser
PEOPLE = (196, 42)
NO_SCHEDULE = (
    "from django_celery_beat.models import PeriodicTask as Task, PeriodicTasks as Tasks; "
    "Task.objects.filter(name='Nightly retraining').update(enabled=False); Tasks.update_changed()"
)


class Asking(threading.Thread):
    """Asks several web processes in turn, without a pause, and keeps what they say."""

    def __init__(self, urls: list[str]) -> None:
        super().__init__(daemon=True)
        self._urls, self._end = urls, threading.Event()
        self.failed: list[str] = []
        #: (process, version) → when the last question was asked that it answered; (version, person) → lists.
        self.said: dict[tuple[str, str], float] = {}
        self.lists: dict[tuple[str, int], set[tuple[int, ...]]] = defaultdict(set)
        self.answers = 0

    def run(self) -> None:
        while not self._end.is_set():
            for url in self._urls:
                for person in PEOPLE:
                    self._ask(url, person)

    def _ask(self, url: str, person: int) -> None:
        asked = time.monotonic()
        try:
            with urllib.request.urlopen(
                f"{url}/api/v1/recommendations/?user={person}&k=10", timeout=30
            ) as answer:
                told = json.load(answer)
        except OSError as error:
            self.failed.append(f"{url}: {error}")
            return
        self.answers += 1
        self.said[url, told["model_version"]] = asked
        self.lists[told["model_version"], person].add(tuple(item["movie_id"] for item in told["items"]))

    def stop(self) -> None:
        self._end.set()
        self.join(timeout=60)


@contextmanager
def another_web_process(stack: DemoStack) -> Iterator[str]:
    """A second process of the same site."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "movierec_site.wsgi", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment_of(stack.home), start_new_session=True
    )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(url):
            assert process.poll() is None, "the second web process has ended"
            assert time.monotonic() < deadline, "the second web process does not answer"
            time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def shown_version(stack: DemoStack) -> str:
    with urllib.request.urlopen(f"{stack.url}/api/v1/recommendations/?user={PEOPLE[0]}&k=10") as answer:
        return json.load(answer)["model_version"]


@pytest.fixture(scope="module")
def staff(demo_stack: DemoStack) -> Iterator[None]:
    """An operator and a viewer; no job starts by itself, should the tests run at night."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MOVIEREC_OPERATOR_PASSWORD", PASSWORD)
        demo_stack.manage("create_operator", "--username", "olga", "--role", "operator")
        demo_stack.manage("create_operator", "--username", "victor", "--role", "viewer")
        demo_stack.manage("shell", "-c", NO_SCHEDULE)
        yield


@pytest.fixture
def operator(browser: Chrome, demo_stack: DemoStack, staff: None) -> Chrome:
    """The browser of an operator who has signed in."""
    resize(browser, 1280)
    choose_theme(browser, "light")
    sign_in(browser, demo_stack.url, "olga")
    check_page(browser)
    return browser


def look_at_it_in_french(browser: Chrome, address: str) -> None:
    """The same page after a press on the language, and back to English."""
    for language in ("fr", "en"):
        browser.get(address)
        follow(browser, browser.find_element(By.CSS_SELECTOR, f".admin-language [value={language}]").click)
        assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == language
        check_page(browser)
        screenshot(browser, f"admin-versions-{language}")


def candidate_of(stack: DemoStack) -> str:
    """A version that waits because the gate has refused it; the prepared one."""
    printed = stack.manage("run_pipeline", "--weighting", "any", "--json").splitlines()
    result = json.loads(printed[-1])
    assert not result["promoted"]
    return result["version"]


def test_an_operator_compares_promotes_and_rolls_back(operator: Chrome, demo_stack: DemoStack):
    browser, site, before = operator, demo_stack.url, shown_version(demo_stack)
    candidate = candidate_of(demo_stack)
    browser.get(f"{site}{VERSIONS}compare/?version={before}&version={candidate}")
    assert {before, candidate} <= {
        link.text for link in browser.find_elements(By.CSS_SELECTOR, ".figures th a")
    }
    assert browser.find_elements(By.CSS_SELECTOR, ".charts svg")
    check_page(browser)
    screenshot(browser, "admin-compare")
    browser.get(f"{site}{VERSIONS}lists/?before={before}&after={candidate}&user={PEOPLE[0]}")
    assert len(browser.find_elements(By.CSS_SELECTOR, ".ranked tbody tr")) == 20
    check_page(browser)
    screenshot(browser, "admin-before-after")
    browser.get(f"{site}{VERSIONS}indices/")
    check_page(browser)
    screenshot(browser, "admin-indices")
    look_at_it_in_french(browser, f"{site}{VERSIONS}")

    # Promote and roll back while everybody asks.
    old_list = titles_on_site(browser, site, PEOPLE[0])
    with another_web_process(demo_stack) as second:
        asking = Asking([site, second])
        asking.start()
        open_promotion(browser, site, candidate)
        screenshot(browser, "admin-promote")
        send_reason(browser, "To see what people watch")
        assert "overriding the gate" in browser.find_element(By.CLASS_NAME, "errorlist").text
        send_reason(browser, "To see what people watch", override=True)
        assert browser.find_element(By.CSS_SELECTOR, ".job-state .state-champion")
        new_list = titles_on_site(browser, site, PEOPLE[0])
        roll_back(browser, site, "They like the other one better")
        returned = time.monotonic()
        assert titles_on_site(browser, site, PEOPLE[0]) == old_list != new_list
        time.sleep(3)
        asking.stop()
    assert shown_version(demo_stack) == before
    assert asking.failed == []
    assert asking.answers > 40
    assert {version for _, version in asking.said} == {before, candidate}
    for (version, person), lists in asking.lists.items():
        assert len(lists) == 1, (version, person)
    for url in (site, second):
        # Each process has told of the new one; whoever asked two seconds after the way back got the old one.
        assert asking.said[url, candidate] - returned < 2
        assert asking.said[url, before] > returned

    # Who did it is written down.
    browser.get(f"{site}/admin/admin/logentry/")
    assert "The gate was overridden." in browser.page_source
    check_page(browser)


#: Pages of the admin without a row in their address, and what must be on the screen at every width.
ADMIN_PAGES = {
    "/admin/": ".tile",
    JOBS: "#changelist",
    f"{JOBS}add/?kind=evaluate": ".kinds a[aria-current]",
    VERSIONS: "#result_list .state",
    f"{VERSIONS}compare/": "table.figures td.number",
    f"{VERSIONS}lists/": "form",
    "/admin/recommendations/promotionevent/": ".field-why",
    "/admin/recommendations/movie/": ".field-liked",
    "/admin/admin/logentry/": "#changelist",
    "/admin/django_celery_beat/periodictask/": ".field-last_run_at",
}
ON_SCREEN = """
const found = [...document.querySelectorAll(arguments[0])];
return found.length > 0 && found.every((part) => {
  const box = part.getBoundingClientRect();
  return box.width > 0 && box.left >= 0 && box.right <= window.innerWidth + 1;
});
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_matters_is_on_the_screen_of_a_phone_as_well(
    operator: Chrome, demo_stack: DemoStack, theme: str
):
    browser = operator
    choose_theme(browser, theme)
    for width in (390, 1280):
        resize(browser, width)
        for address, selector in ADMIN_PAGES.items():
            browser.get(f"{demo_stack.url}{address}")
            check_page(browser)
            assert browser.execute_script(ON_SCREEN, selector), (address, width, selector)
            assert violations(browser) == [], (address, width, theme)
            browser.get_log("browser")  # the checker adds styles, of which the content policy complains
            name = address.removeprefix("/admin/").partition("?")[0].strip("/").replace("/", "-") or "start"
            screenshot(browser, f"admin-{name}-{theme}-{width}")


#: A job that no worker has in hand, and that nobody takes for lost: the pages are what is looked at.
RUNNING = (
    "from datetime import timedelta; from django.utils import timezone; from recommendations.models import Job; "
    "now = timezone.now(); Job.objects.create(kind='evaluate', state='running', stage='evaluate', worker='nobody', "
    "started_at=now, heartbeat_at=now + timedelta(days=1), log_path={log!r})"
)
OVER = (
    "from recommendations.models import Job; Job.objects.filter(worker='nobody').update(state='failed', "
    "message='It broke.')"
)
GONE = "from recommendations.models import Job; Job.objects.filter(worker='nobody').delete()"


def test_jobs_and_their_log_move_by_themselves(operator: Chrome, demo_stack: DemoStack):
    browser, log = operator, demo_stack.home / "logs" / "job-shown.log"
    browser.get(f"{demo_stack.url}{JOBS}")
    browser.execute_script("window.stayed = true")
    assert not browser.find_elements(By.CSS_SELECTOR, ".state-running")
    demo_stack.manage("shell", "-c", RUNNING.format(log=str(log)))
    try:
        waiting = WebDriverWait(browser, PATIENCE)
        waiting.until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#result_list .state-running"))
        assert browser.execute_script("return window.stayed")
        follow(browser, browser.find_element(By.CSS_SELECTOR, "#result_list tbody th a").click)
        browser.execute_script("window.stayed = true")
        assert read_live(browser, "#tail", "innerText") == "Nothing has been printed."
        log.write_text("".join(f"line {number}\n" for number in range(200)))
        waiting.until(lambda driver: "line 199" in read_live(driver, "#tail", "innerText"))
        # Who reads at the end sees what comes; who reads further up stays there.
        end = "const log = document.querySelector('#tail pre'); return log.scrollHeight - log.scrollTop - log.clientHeight"
        assert browser.execute_script(end) < 10
        browser.execute_script("document.querySelector('#tail pre').scrollTop = 20")
        with log.open("a") as more:
            more.write("the last line\n")
        waiting.until(lambda driver: "the last line" in read_live(driver, "#tail", "innerText"))
        assert browser.execute_script("return document.querySelector('#tail pre').scrollTop") == 20
        demo_stack.manage("shell", "-c", OVER)
        waiting.until(lambda driver: "It broke." in read_live(driver, "#live", "innerText"))
        assert browser.execute_script("return window.stayed")
    finally:
        demo_stack.manage("shell", "-c", GONE)


def test_a_refusal_stays_in_the_admin(operator: Chrome, demo_stack: DemoStack):
    browser = operator
    browser.get(f"{demo_stack.url}/admin/accounts/user/")
    assert browser.find_element(By.TAG_NAME, "h1").text == "Not allowed"
    follow(browser, browser.find_element(By.CSS_SELECTOR, "#content-main a").click)
    assert browser.current_url == f"{demo_stack.url}/admin/"


def test_a_viewer_sees_no_buttons(browser: Chrome, demo_stack: DemoStack, staff: None):
    site = demo_stack.url
    resize(browser, 1280)
    sign_in(browser, site, "victor")
    for page in (JOBS, VERSIONS, f"{VERSIONS}indices/"):
        browser.get(f"{site}{page}")
        tools = browser.find_elements(By.CSS_SELECTOR, ".object-tools a, .object-tools button")
        hrefs = [str(tool.get_attribute("href")) for tool in tools]
        assert not [href for href in hrefs if href.endswith(("/add/", "/roll-back/", "/promote/"))]
        check_page(browser)
    browser.get(f"{site}{JOBS}add/")
    assert browser.find_elements(By.NAME, "kind") == []
