"""Entry point of the whole pipeline in one Spark application: ingest, profile, train, publish, evaluate."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any

from recommendations.ranking.parameters import BY_WEIGHTING
from recommendations.search.bulk import Cluster
from spark_jobs.evaluate import evaluate_candidate
from spark_jobs.ingest import DEFAULT_MAX_BAD_SHARE, ingest
from spark_jobs.profiles import build_profiles
from spark_jobs.progress import Progress
from spark_jobs.publish import publish
from spark_jobs.session import build_session, run_as_program
from spark_jobs.train_genre_model import train

STAGES = ("ingest", "profile", "train", "publish", "evaluate")


def run(options: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """Run the wanted stages in their order and return what came out."""
    spark = build_session("movierec pipeline", master=options.master)
    parsed, profiles, models = options.work / "parsed", options.work / "profiles", options.models
    outcome: dict[str, Any] = {"version": options.version}
    if "ingest" in options.stages:
        report = ingest(
            spark,
            options.data,
            parsed,
            max_bad_share=options.max_bad_share,
            numbers_path=options.numbers,
            progress=progress,
        )
        outcome["ingest"] = report.as_dict()
    if "profile" in options.stages:
        outcome["profiles"] = build_profiles(spark, parsed, profiles, progress)
    if "train" in options.stages:
        manifest = train(
            spark,
            parsed_dir=parsed,
            profiles_dir=profiles,
            models_dir=models,
            version=options.version,
            parameters=BY_WEIGHTING[options.weighting],
            facts={"fingerprint": options.fingerprint, "data_digest": options.data_digest},
            progress=progress,
            seed=options.seed,
            fit_parameters=options.tune == "yes",
            film_facts=options.facts,
            # Not with the tables of this data: those of the next export are others, and most of its people the same.
            store=models.parent / "sums",
        )
        outcome["metrics"] = manifest["metrics"]
    if "publish" in options.stages:
        outcome["indices"] = publish(
            spark,
            parsed_dir=parsed,
            profiles_dir=profiles,
            model_dir=models / options.version,
            cluster=Cluster(options.elasticsearch_url),
            label=options.label,
            progress=progress,
        )
    if "evaluate" in options.stages:
        progress.stage("evaluate")
        outcome["evaluation"] = evaluate_candidate(
            spark,
            parsed,
            BY_WEIGHTING[options.weighting],
            fit_parameters=options.tune == "yes",
            film_facts=options.facts,
        )
        progress.update(percent=100)
    spark.stop()
    return outcome


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, help="folder (or zip archive) of the data, in any layout that a reader knows"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder of the intermediate tables")
    parser.add_argument("--models", type=Path, required=True, help="folder that holds the model versions")
    parser.add_argument("--version", required=True, help="name of the model version")
    parser.add_argument("--label", default="", help="name of this build of the indices")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    parser.add_argument("--weighting", choices=sorted(BY_WEIGHTING), default="likes")
    parser.add_argument("--tune", choices=("yes", "no"), default="yes", help="fit parameters to the data")
    parser.add_argument("--max-bad-share", type=float, default=DEFAULT_MAX_BAD_SHARE)
    parser.add_argument("--numbers", type=Path, help="file of the numbers that keys have got before")
    parser.add_argument("--facts", type=Path, help="file of facts about films from elsewhere")
    parser.add_argument("--elasticsearch-url", default="")
    parser.add_argument("--fingerprint", default="")
    parser.add_argument("--data-digest", default="")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--master", default="local[*]")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    return run_as_program(partial(run, parse_arguments(arguments)))


if __name__ == "__main__":
    sys.exit(main())
