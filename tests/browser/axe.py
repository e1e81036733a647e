"""axe-core in the browser: its script comes from an installed package and is run by the driver, past the page's policy."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import axe_playwright_python
from selenium.webdriver import Chrome

# Rules that axe counts as experimental: what is read out contains what is seen, so that it can be said to a device.
BESIDES = ["label-content-name-mismatch"]
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = """
const done = arguments[2];
const rules = Object.fromEntries(arguments[1].map((rule) => [rule, {enabled: true}]));
const options = {runOnly: {type: "tag", values: arguments[0]}, rules, resultTypes: ["violations"]};
axe.run(document, options).then((result) => done(
  result.violations.map((found) => found.id + ": " + found.nodes.slice(0, 5).map(
    (node) => node.target.join(" ") + " (" + node.failureSummary.replaceAll("\\n", " ") + ")").join("; "))),
  (error) => done([String(error)]));
"""


@cache
def _script() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def violations(browser: Chrome) -> list[str]:
    """What breaks WCAG 2.2 at level A or AA on the page as it stands."""
    if not browser.execute_script("return 'axe' in window"):
        browser.execute_script(_script())
    found: list[str] = browser.execute_async_script(_RUN, LEVELS, BESIDES)
    return found
