"""The indices that versions need in Elasticsearch: is there room for new ones, do the aliases fit, which are gone?"""

from __future__ import annotations

import logging

from recommendations.models import ModelVersion
from recommendations.search.client import patient_client, shown_address
from recommendations.search.index_lifecycle import IndexNames, labels_present, swap_aliases
from recommendations.search.mappings import MOVIES, USER_PROFILES
from recommendations.search.obstacles import alias_obstacles, require_room_for_indices, where_aliases_point
from recommendations.services.folders import work_folder
from recommendations.services.registry.smoke import is_intact

logger = logging.getLogger(__name__)


def require_publishable() -> None:
    """Ask, before anything is trained, whether new indices could be built and go live.

    Raises
    ------
    recommendations.search.obstacles.PublishingObstacleError
        With a sentence and a way out for each obstacle.
    recommendations.search.connection.SearchError
        If Elasticsearch does not answer.
    """
    require_room_for_indices(patient_client(), address=shown_address())


def mend_aliases(champion: ModelVersion) -> None:
    """Let both aliases point at the champion's indices, which exist, and at nothing else.

    What others have made is left alone and named in the log: the site itself reads the indices by their own names.
    """
    client, names = patient_client(), IndexNames.of(champion.index_label)
    pointing = where_aliases_point(client)
    wanted = {MOVIES: {names.movies}, USER_PROFILES: {names.user_profiles}}
    if pointing == wanted:
        return
    obstacles = alias_obstacles(client, address=shown_address())
    for obstacle in obstacles:
        logger.warning("%s", obstacle.sentence())
    if not obstacles:
        swap_aliases(client, champion.index_label)
        before = ", ".join(sorted({index for indices in pointing.values() for index in indices})) or "nothing"
        logger.warning("The aliases pointed at %s; they point at %s again.", before, ", ".join(names))


def versions_without_indices() -> list[ModelVersion]:
    """Versions whose indices have been built once and are gone, and which can be built again; the newest first.

    They are what an operator may want to promote or to go back to.
    """
    present = labels_present(patient_client())
    rows = ModelVersion.objects.filter(pruned_at=None).exclude(index_label="").order_by("-created_at")
    return [
        row
        for row in rows
        if row.index_label not in present and work_folder(row.data_digest).is_dir() and is_intact(row)
    ]
