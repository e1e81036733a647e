"""Swagger UI works under the site's content security policy, and its calls reach the API."""

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import (
    element_to_be_clickable,
    presence_of_element_located,
)
from selenium.webdriver.support.ui import WebDriverWait

from recommendations.selectors.lists.person import Person
from tests.browser.chromium import PATIENCE, chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RECORD_VIOLATIONS = """
window.violations = [];
document.addEventListener('securitypolicyviolation', event =>
  window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
"""


def test_an_operation_can_be_tried_without_a_violation(live_server, ranking):
    with chromium() as browser:
        browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": RECORD_VIOLATIONS})
        browser.get(f"{live_server.url}/api/v1/docs/")
        waiting = WebDriverWait(browser, PATIENCE)

        def click(selector):
            waiting.until(element_to_be_clickable((By.CSS_SELECTOR, selector))).click()

        operation = "#operations-Recommendations-recommendations"
        click(f"{operation} .opblock-summary-control")
        click(f"{operation} .try-out__btn")
        number = waiting.until(
            presence_of_element_located((By.CSS_SELECTOR, f"{operation} tr[data-param-name=user] input"))
        )
        number.send_keys("196")
        click(f"{operation} .execute")
        answer = (By.CSS_SELECTOR, f"{operation} .live-responses-table tr.response td.response-col_status")
        status = waiting.until(presence_of_element_located(answer)).text
        assert browser.execute_script("return window.violations") == []
        assert status.split()[0] == "200"
    assert ranking.asked == [(Person(movielens_user=196), 10)]
