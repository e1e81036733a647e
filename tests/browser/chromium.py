"""Debian's chromium for the journeys: started bare, sized and themed through the developer protocol."""

from __future__ import annotations

import base64
import io
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

BINARY, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)
# Git ignores it; docs/screens holds copies of the few that the documentation shows.
SCREENS = Path(__file__).resolve().parents[2] / "var" / "screens"
TALLEST = 1500
# Seconds until a page shows what it must; less than one on a quiet machine.
PATIENCE = 60


@contextmanager
def chromium() -> Iterator[webdriver.Chrome]:
    """A browser with an empty profile that is gone afterwards."""
    with TemporaryDirectory(prefix="movierec-chromium-") as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = BINARY
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        browser = webdriver.Chrome(options=options, service=Service(DRIVER))
        try:
            browser.set_page_load_timeout(30)
            yield browser
        finally:
            browser.quit()


def resize(browser: webdriver.Chrome, width: int, height: int = 900) -> None:
    """Set the viewport; a window cannot become as narrow as a phone."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def choose_theme(browser: webdriver.Chrome, theme: str) -> None:
    """``light`` or ``dark``, as the operating system would tell; without motion."""
    features = [
        {"name": "prefers-color-scheme", "value": theme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def overflow(browser: webdriver.Chrome) -> int:
    """By how many pixels the page is wider than the viewport."""
    return browser.execute_script("return document.documentElement.scrollWidth - window.innerWidth")


def follow(browser: webdriver.Chrome, act: Callable[[], object]) -> None:
    """Do ``act``, which leaves the page, and wait until the next one is there; a click alone does not wait."""
    # A mark of this very call: a page that comes back from the browser's own cache carries an older one.
    mark = uuid.uuid4().hex
    browser.execute_script("window.leaving = arguments[0]", mark)
    act()
    arrived = "return window.leaving !== arguments[0] && document.readyState === 'complete'"
    WebDriverWait(browser, PATIENCE).until(lambda driver: driver.execute_script(arrived, mark))


def layout_shift(browser: webdriver.Chrome) -> float:
    """How much of the page has moved by itself since it was loaded (the sum of Chromium's layout shifts)."""
    return browser.execute_script(
        "const seen = new PerformanceObserver(() => 0); seen.observe({type: 'layout-shift', buffered: true});"
        "return seen.takeRecords().filter(e => !e.hadRecentInput).reduce((sum, e) => sum + e.value, 0)"
    )


def screenshot(browser: webdriver.Chrome, name: str, *, folder: Path = SCREENS) -> Path | None:
    """The whole page as ``folder/name.png`` if MOVIEREC_SCREENSHOTS=1, reduced to 256 colours to stay small."""
    if os.environ.get("MOVIEREC_SCREENSHOTS") != "1":
        return None
    width, height = browser.execute_script(
        "return [window.innerWidth, document.documentElement.scrollHeight]"
    )
    clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST), "scale": 1}
    # Covers below the fold load lazily.
    browser.execute_script("for (const i of document.images) i.loading = 'eager'")
    WebDriverWait(browser, PATIENCE).until(
        lambda driver: driver.execute_script("return [...document.images].every(i => i.complete)")
    )
    shot = browser.execute_cdp_cmd(
        "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": True, "clip": clip}
    )
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.png"
    picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
    picture.quantize(colors=256, dither=Image.Dither.NONE).save(target, optimize=True)
    return target
