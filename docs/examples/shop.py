"""A film shop in thirty lines that recommends to its own customers. MOVIEREC is the site, TOKEN a token of it."""

import json
import os
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

SITE, TOKEN = os.environ["MOVIEREC"].rstrip("/"), os.environ["TOKEN"]
open_url = build_opener(ProxyHandler({})).open  # straight to the site, whatever proxy there is


def call(method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> dict:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": kind}
    with open_url(Request(f"{SITE}/api/v1/{path}", body, headers, method=method)) as answer:
        return json.loads(answer.read() or b"{}")


customers = [{"key": "anna@shop.example", "age": 34}, {"key": "4711"}]
sales = [("4711", 172, 5), ("4711", 181, 5), ("anna@shop.example", 98, 4), ("anna@shop.example", 0, 4)]
ratings = [{"person": person, "movie_id": film, "stars": stars} for person, film, stars in sales]
for what, rows in (("people", customers), ("ratings", ratings)):
    lines = "\n".join(map(json.dumps, rows)).encode()
    report = call("POST", f"bulk/{what}/", lines, "application/x-ndjson")
    print(f"{what}: {report['accepted']} taken, {report['refused']} refused", report["errors"])

for person in customers:
    path = f"people/{quote(person['key'], safe='')}/recommendations/"
    for film in call("GET", f"{path}?k=3&filter=Drama")["items"]:
        print(f"{person['key']}: {film['title']} ({film['year']}): {film['reason']}")
    call("DELETE", f"people/{quote(person['key'], safe='')}/")  # only here: the example leaves nothing behind
