"""Data sets: which are known, which are here, what a folder looks like to the program, and how to get one."""

from recommendations.services.datasets.fetch import fetch_dataset, here
from recommendations.services.datasets.known import KNOWN, KnownDataSet
from recommendations.services.datasets.look import FolderLook, TableLook, look_into

__all__ = ["KNOWN", "FolderLook", "KnownDataSet", "TableLook", "fetch_dataset", "here", "look_into"]
