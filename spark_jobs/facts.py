"""Facts about films from elsewhere, which training may learn from besides those of the data."""

from __future__ import annotations

import json
from pathlib import Path

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql import types as T  # noqa: N812

from spark_jobs import schemas

# What is learnt from; numbers and links are for pages.
LEARNT = ("overview", "directors", "cast", "tags", "language", "countries", "runtime")


def with_facts(movies: DataFrame, path: Path | None, data_set: str) -> DataFrame:
    """``movies`` (:data:`spark_jobs.schemas.MOVIES`) with facts where the data know none.

    ``path`` holds one JSON object per film and source, the one to be preferred first: ``dataset``, ``key`` and ``facts``;
    ``None`` adds nothing. Those of other data sets are left out.
    """
    rows = [] if path is None else _read(path, data_set)
    if not rows:
        return movies
    types = {field.name: field.dataType for field in schemas.MOVIES.fields}
    schema = T.StructType(
        [
            T.StructField("key", T.StringType()),
            *(T.StructField(f"new_{name}", types[name]) for name in LEARNT),
        ]
    )
    known = movies.join(F.broadcast(movies.sparkSession.createDataFrame(rows, schema)), "key", "left")
    for name in LEARNT:
        empty = F.col(name).isNull()
        if isinstance(types[name], T.ArrayType):
            empty = empty | (F.size(name) == 0)
        known = known.withColumn(name, F.when(empty, F.col(f"new_{name}")).otherwise(F.col(name)))
    return known.select(*movies.columns)


def _read(path: Path, data_set: str) -> list[tuple[object, ...]]:
    found: dict[str, dict[str, object]] = {}
    with path.open(encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            if entry["dataset"] == data_set:
                film = found.setdefault(entry["key"], {})
                for name in LEARNT:
                    film[name] = film.get(name) or entry["facts"].get(name)
    return [(key, *(film[name] for name in LEARNT)) for key, film in found.items()]
