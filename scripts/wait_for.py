"""Waits until an address answers with a success: ``wait_for.py URL SECONDS``."""

import sys
import time
import urllib.error
import urllib.request

# What is waited for was started on this machine, whatever proxy the environment names.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def main(url: str, seconds: float) -> int:
    """Exit code 0 as soon as it answers, 1 if it does not in time."""
    deadline = time.monotonic() + seconds
    reason: Exception | None = None
    while time.monotonic() < deadline:
        try:
            with _opener.open(url, timeout=5):
                return 0
        except (urllib.error.URLError, OSError) as error:
            reason = error
            time.sleep(0.5)
    print(f"{url} does not answer within {seconds:.0f} seconds: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
