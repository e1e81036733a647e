from recommendations.models.catalogue import Credit, Enrichment, Genre, Movie
from recommendations.models.events import Event, MadeList, RandomisedList
from recommendations.models.experiments import Experiment
from recommendations.models.feedback import (
    HiddenMovie,
    PausedMovie,
    PickedMovie,
    Rating,
    SeenMovie,
    StaleProfile,
    UnwantedMovie,
    WatchlistItem,
)
from recommendations.models.groups import GroupMember, GroupVeto, WatchGroup
from recommendations.models.history import FilmList, FilmListEntry, Import, Viewing
from recommendations.models.house import FilmTrend, HouseRule, HouseTag, ListRandomisation, PageRow
from recommendations.models.jobs import Job, JobEvent, WorkerSign
from recommendations.models.keys import KeyNumber
from recommendations.models.new_films import NewFilm, NewFilmsState
from recommendations.models.other_sites import ListBatch, ServiceMark, ServicePerson, ServiceRating
from recommendations.models.registry import ModelVersion, PromotionEvent
from recommendations.models.sharing import SharedList

__all__ = [
    "FilmList",
    "FilmListEntry",
    "FilmTrend",
    "Credit",
    "Enrichment",
    "Event",
    "Experiment",
    "Genre",
    "GroupMember",
    "GroupVeto",
    "HiddenMovie",
    "HouseRule",
    "HouseTag",
    "PausedMovie",
    "PickedMovie",
    "SeenMovie",
    "UnwantedMovie",
    "Import",
    "Job",
    "JobEvent",
    "ListBatch",
    "ListRandomisation",
    "MadeList",
    "KeyNumber",
    "ModelVersion",
    "Movie",
    "PageRow",
    "NewFilm",
    "NewFilmsState",
    "PromotionEvent",
    "RandomisedList",
    "Rating",
    "SharedList",
    "ServiceMark",
    "ServicePerson",
    "ServiceRating",
    "StaleProfile",
    "Viewing",
    "WatchGroup",
    "WatchlistItem",
    "WorkerSign",
]
