from recommendations.models.catalogue import Genre, Movie
from recommendations.models.feedback import HiddenMovie, Rating, StaleProfile, WatchlistItem
from recommendations.models.history import FilmList, FilmListEntry, Import, Viewing
from recommendations.models.jobs import Job, JobEvent
from recommendations.models.registry import ModelVersion, PromotionEvent

__all__ = [
    "FilmList",
    "FilmListEntry",
    "Genre",
    "HiddenMovie",
    "Import",
    "Job",
    "JobEvent",
    "ModelVersion",
    "Movie",
    "PromotionEvent",
    "Rating",
    "StaleProfile",
    "Viewing",
    "WatchlistItem",
]
