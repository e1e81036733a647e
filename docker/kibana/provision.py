"""Gives Kibana the data views and dashboards: ``provision.py http://kibana:5601``. Again does no harm."""

import json
import sys
import urllib.error
import urllib.request
import uuid
from pathlib import Path

NDJSON = Path(__file__).with_name("movierec.ndjson")
# Kibana is in the same private network, whatever proxy the environment names.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def main(kibana: str) -> int:
    """Import everything, replacing what is there; exit code 1 and Kibana's words if it refuses something."""
    boundary = uuid.uuid4().hex
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{NDJSON.name}"\r\n'
        "Content-Type: application/ndjson\r\n\r\n"
    )
    request = urllib.request.Request(
        f"{kibana}/api/saved_objects/_import?overwrite=true",
        data=head.encode() + NDJSON.read_bytes() + f"\r\n--{boundary}--\r\n".encode(),
        headers={"kbn-xsrf": "movierec", "Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    try:
        with _opener.open(request, timeout=120) as answer:
            result = json.load(answer)
    except urllib.error.HTTPError as error:
        print(f"Kibana answered {error.code}: {error.read().decode(errors='replace')}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Kibana does not answer: {error}", file=sys.stderr)
        return 1
    if not result["success"]:
        print(f"Kibana refused: {json.dumps(result.get('errors', result))}", file=sys.stderr)
        return 1
    print(f"Kibana has taken {result['successCount']} data views, charts and dashboards.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
