"""A stage that writes down that it ran; ``BLOCK_STAGE`` names the one that goes on until it is interrupted."""

import os
import time

from django.conf import settings


def run_stage(name: str) -> None:
    with (settings.MOVIEREC_HOME / "stages").open("a") as log:
        log.write(f"{name}\n")
    if os.environ.get("BLOCK_STAGE") == name:
        time.sleep(600)
