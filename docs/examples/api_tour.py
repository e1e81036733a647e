#!/usr/bin/env python3
"""A tour of the API with nothing but Python: sign up, rate, get explained recommendations; as operator, run a
training and promote it.

    python docs/examples/api_tour.py http://127.0.0.1:5000
    OPERATOR=olga OPERATOR_PASSWORD=… python docs/examples/api_tour.py http://127.0.0.1:5000

Everything it does is described at /api/v1/docs/. An operator is an account in the group ``operator``
(``manage.py createsuperuser`` makes one that may do everything).
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit


class Api:
    """Calls operations and gives their JSON; a failure ends the tour with its own sentence."""

    def __init__(self, site: str, token: str = "") -> None:
        self.site, self.token = site.rstrip("/"), token
        # A proxy of the environment leads to other machines; on this one it does not know the site.
        own = urlsplit(site).hostname in ("127.0.0.1", "localhost", "::1")
        self._opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if own else []))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer's JSON, or ``None`` for an empty one."""
        request = urllib.request.Request(f"{self.site}/api/v1/{path}", method=method)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        if body is not None:
            request.add_header("Content-Type", "application/json")
            request.data = json.dumps(body).encode()
        try:
            with self._opener.open(request, timeout=60) as response:
                return json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            problem = json.loads(error.read())
            raise SystemExit(f"{method} {path}: {error.code} {problem['detail']}") from error

    def sign_in(self, name: str, password: str, *scopes: str) -> None:
        """Get a token for a day."""
        wish = {"username": name, "password": password, "name": "api tour", "scopes": scopes, "days": 1}
        self.token = self.call("POST", "tokens/", wish)["token"]


def tour_of_a_viewer(site: str) -> None:
    """Sign up, rate three films, and read why the list is what it is."""
    api = Api(site)
    name, password = f"tour-{secrets.token_hex(4)}", secrets.token_urlsafe(16)
    api.call("POST", "accounts/", {"username": name, "password": password, "age": 30})
    api.sign_in(name, password, "read", "write")
    print(f"Signed up as {name}.")
    for title, stars in (("star wars", 5), ("empire strikes", 5), ("fargo", 2)):
        film = api.call("GET", f"films/?{urlencode({'q': title, 'limit': 1})}")["items"][0]
        api.call("PUT", f"me/ratings/{film['movie_id']}/", {"stars": stars})
        print(f"Rated {film['title']} with {stars}.")
    found = api.call("GET", "recommendations/me/?k=3&explain=true&diversity=0.2")
    for film in found["items"]:
        parts = ", ".join(f"{part['label']} {part['value']:+.2f}" for part in film["explanation"][:3])
        expected = film["predicted_stars"]
        stars = "no prediction" if expected is None else f"≈ {expected:.1f} stars"
        print(f"{film['rank']}. {film['title']} ({film['year']}), {stars}: {parts}, …")


def follow(api: Api, job: dict[str, Any]) -> dict[str, Any]:
    """Wait for the end of a job, telling its stages."""
    printed = None
    while job["active"]:
        time.sleep(2)
        job = api.call("GET", f"jobs/{job['id']}/")
        if (job["state"], job["stage"]) != printed:
            printed = (job["state"], job["stage"])
            print(f"Job {job['id']} ({job['kind']}): {job['state']} {job['stage']}")
    if job["state"] != "succeeded":
        raise SystemExit(f"Job {job['id']} {job['state']}: {job['message']}")
    return job


def tour_of_an_operator(site: str, name: str, password: str) -> None:
    """Train a version, make its indices, promote it, and go back to the one before."""
    api = Api(site)
    api.sign_in(name, password, "read", "operate")
    wish = {"kind": "train", "parameters": {"weighting": "any"}}
    key = secrets.token_hex(8)
    job = api.call("POST", "jobs/", wish, Idempotency_Key=key)
    assert api.call("POST", "jobs/", wish, Idempotency_Key=key)["id"] == job["id"]  # sent twice, run once
    version = follow(api, job)["result"]["version"]
    follow(api, api.call("POST", "jobs/", {"kind": "publish", "parameters": {"version": version}}))
    # Overriding the gate, which compares figures that a training for another aim may not have.
    reason = {"reason": "To see it work", "override": True}
    event = api.call("POST", f"models/{version}/promote/", reason)
    print(f"{event['version']} is the champion now, before it was {event['previous']}.")
    event = api.call("POST", "models/rollback/", {"reason": "The tour is over"})
    print(f"Rolled back to {event['version']}.")


def main() -> None:
    """The tour of a viewer, and of an operator if one is named in the environment."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    tour_of_a_viewer(sys.argv[1])
    if "OPERATOR" in os.environ:
        tour_of_an_operator(sys.argv[1], os.environ["OPERATOR"], os.environ["OPERATOR_PASSWORD"])


if __name__ == "__main__":
    main()
