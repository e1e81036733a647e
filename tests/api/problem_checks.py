"""What every failure of the API must look like."""


def problem(response) -> dict:
    """The problem of ``response``; every failure must have exactly this form."""
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    assert body["status"] == response.status_code
    assert body["type"].startswith("urn:movierec:problem:")
    assert body["detail"]
    return body
