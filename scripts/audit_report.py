"""Says what pip-audit found: ``audit_report.py ANSWER ERRORS CODE``. Exit code 1 if a package is vulnerable."""

import json
import os
import sys
from pathlib import Path


def report(answer: str, errors: str, code: int, strict: bool) -> tuple[str, int]:
    """The line for a person and the exit code; ``answer`` is pip-audit's JSON, or whatever came in its place."""
    try:
        packages = json.loads(answer)["dependencies"]
    except (json.JSONDecodeError, KeyError, TypeError):
        reason = (errors.strip().splitlines() or [f"pip-audit ended with {code}"])[-1][:200]
        return f"NOT AUDITED: the vulnerability service was not reached ({reason}).", int(strict)
    vulnerable = [
        f"{package['name']} {package['version']}: {', '.join(found['id'] for found in package['vulns'])}"
        for package in packages
        if package.get("vulns")
    ]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if vulnerable:
        return "Vulnerable packages:\n  " + "\n  ".join(vulnerable), 1
    if unknown:
        return (
            f"NOT AUDITED: the vulnerability service knows nothing of {len(unknown)} of {len(packages)} packages "
            f"({', '.join(unknown[:3])} …); run this again where it can be reached.",
            int(strict),
        )
    return f"pip-audit: no known vulnerability in {len(packages)} packages.", 0


if __name__ == "__main__":
    line, exit_code = report(
        Path(sys.argv[1]).read_text(encoding="utf-8"),
        Path(sys.argv[2]).read_text(encoding="utf-8"),
        int(sys.argv[3]),
        strict=os.environ.get("AUDIT_STRICT", "") not in ("", "0"),
    )
    print(line, file=sys.stderr if exit_code or line.startswith("NOT") else sys.stdout)
    sys.exit(exit_code)
