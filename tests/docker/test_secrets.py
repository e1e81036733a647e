"""Nothing that git tracks is a secret, data, or tells of somebody's machine."""

import re
import subprocess

import pytest
from django.conf import settings

PATTERNS = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a key of AWS": r"\bAKIA[0-9A-Z]{16}\b",
    "a token of GitHub": r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    "a token of this site": r"\bmrec_[A-Za-z0-9]{40,}\b",
    "a secret with its value": r"(?i)^\s*(?:export )?[A-Z_]*(?:SECRET|PASSWORD|TOKEN|API_KEY)[A-Z_]*=[A-Za-z0-9+/_-]{16,}\s*$",
    "a password in an address": r"\b(?:postgres|postgresql|redis|rediss|https?)://[\w.-]*:[A-Za-z0-9]{16,}@",
    "an address of a package index": r"https?://[\w.-]*(?:pypi|pythonhosted)",
    "a folder of somebody's machine": r"(?<![\w.])/(?:home|Users)/(?!movierec\b|elasticsearch\b)[a-z][\w-]*/",
}
# The path of the project where this test runs, in whatever place it was cloned.
HERE = str(settings.BASE_DIR)
BINARY = (".png", ".jpg", ".ico", ".woff2", ".gif", ".pdf", ".svgz")


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HERE, capture_output=True, text=True, check=True)
    return [path for path in listed.stdout.split("\0") if path and not path.endswith(BINARY)]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {
        path: (settings.BASE_DIR / path).read_text(encoding="utf-8", errors="replace") for path in tracked()
    }


@pytest.mark.parametrize("what", PATTERNS)
def test_no_file_holds(texts, what):
    pattern = re.compile(PATTERNS[what], re.MULTILINE)
    found = [f"{path}: {match[0][:60]!r}" for path, text in texts.items() for match in pattern.finditer(text)]
    assert not found, f"{what}: {found}"


def test_no_file_names_this_folder(texts):
    if HERE.count("/") < 2:
        pytest.fail(f"{HERE} is too short to look for")
    assert not [path for path, text in texts.items() if HERE in text]


def test_no_data_and_no_model_is_tracked():
    assert not [
        path
        for path in tracked()
        if re.search(r"(?:^|/)u\.(?:data|item|user)$|\.(?:npz|skops|parquet|sqlite3)$", path)
    ]
    assert ".env" not in tracked()


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a private key", "-----BEGIN RSA " + "PRIVATE KEY-----"),
        ("a secret with its value", "SECRET_KEY=" + "x" * 50),
        ("a password in an address", "postgres://movierec:" + "a1" * 10 + "@database/movierec"),
        ("an address of a package index", "see https://" + "pypi.example.org/simple"),
        ("a folder of somebody's machine", "see " + "/home/" + "somebody/movierec"),
    ],
)
def test_the_patterns_find_what_they_are_for(what, text):
    assert re.search(PATTERNS[what], text, re.MULTILINE)
