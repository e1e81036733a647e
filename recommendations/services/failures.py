"""What can go wrong in a run of the pipeline and is told in one sentence instead of a stack trace."""

from recommendations.localnode.java import JavaMissingError
from recommendations.ranking.storage import ArtefactError
from recommendations.search.errors import SearchError
from recommendations.services.movielens import MovieLensError
from recommendations.services.pipeline import PipelineError
from recommendations.services.registry.publishing import PromotionError
from spark_jobs.data_files import DataError
from spark_jobs.submit import SparkJobError

EXPECTED = (
    ArtefactError,
    DataError,
    JavaMissingError,
    MovieLensError,
    PipelineError,
    PromotionError,
    SearchError,
    SparkJobError,
    OSError,
)
