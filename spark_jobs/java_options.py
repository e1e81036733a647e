"""What the Java processes of Spark are started with. Without PySpark: whoever submits an application does not load it."""

from __future__ import annotations

from pathlib import Path

LOGGING = Path(__file__).with_name("log4j2.properties")

# ALS with its iterations is one long plan; Java writes it down recursively. With the usual stack of 1 MB that ended in
# a StackOverflowError now and then, when most of the code was not compiled yet.
STACK = "-Xss16m"

# A short job is mostly code that runs for the first time, and the optimising compiler competes with it for the
# same two cores. Ten times its usual thresholds leave it what is really hot (measured from raw files to ALS
# factors: 59 → 44 s of processor time, 52 → 29 s of waiting). The parallel collector suits a heap of 2 GB.
_SHORT_JOBS = (
    "-XX:+UseParallelGC",
    "-XX:Tier4InvocationThreshold=50000",
    "-XX:Tier4MinInvocationThreshold=6000",
    "-XX:Tier4CompileThreshold=150000",
    "-XX:Tier4BackEdgeThreshold=400000",
)


def driver_options() -> str:
    """The options of the driver's Java process, as one text.

    ``spark-submit`` starts that process before any line of the application runs, so it must be given them; what a
    session sets is only read where Python starts Java itself (tests, notebooks).
    """
    return " ".join((STACK, f"-Dlog4j2.configurationFile={LOGGING.as_uri()}", *_SHORT_JOBS))
