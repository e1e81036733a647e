"""Examples of the operations on accounts and tokens."""

from recommendations.api.schema import answer_example, request_example

_TOKEN = {
    "reference": "5f0c1c1e-6c4d-4f0a-9d2e-0c5b7a9f3b11",
    "name": "my script",
    "scopes": ["read", "write"],
    "created_at": "2026-01-01T12:00:00Z",
    "expires_at": "2026-01-31T12:00:00Z",
}
NEW_TOKEN = request_example(
    "To read and write for 30 days",
    {
        "username": "ann",
        "password": "a long sentence",
        "name": "my script",
        "scopes": ["read", "write"],
        "days": 30,
    },
)
MADE_TOKEN = answer_example(
    "The token, told once", {**_TOKEN, "token": f"mrec_{'0123456789abcdef' * 4}"}, 201
)
TOKENS = answer_example("One token", {"items": [_TOKEN]})
NEW_ACCOUNT = request_example(
    "With an age", {"username": "ann", "password": "a long sentence", "age": 30, "gender": "F"}
)
_ACCOUNT = {
    "id": 7,
    "username": "ann",
    "email": "",
    "age": 30,
    "gender": "F",
    "occupation": None,
    "created_at": "2026-01-01T12:00:00Z",
    "counts": {"ratings": 12, "watchlist": 3, "hidden": 1},
}
MADE_ACCOUNT = answer_example("A new account", _ACCOUNT, 201)
ACCOUNT = answer_example("An account", _ACCOUNT)
