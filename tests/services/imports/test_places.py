"""What each place writes: small files of its layout, with made-up content, and what their rows become."""

from __future__ import annotations

import json
from datetime import date

import pytest

from recommendations.services.imports.errors import ImportFileError
from recommendations.services.imports.parsing import parse_ratings
from recommendations.services.imports.rows import ParsedFile, list_name

TRAKT_FILM = {"title": "Fargo", "year": 1996, "ids": {"trakt": 1, "imdb": "tt0116282", "tmdb": 275}}
SIMKL_JSON = {
    "movies": [
        {
            "status": "completed",
            "user_rating": 8,
            "user_rated_at": "2021-02-03T10:00:00Z",
            "last_watched_at": "2021-02-02T20:00:00Z",
            "movie": TRAKT_FILM,
        },
        {
            "status": "plantowatch",
            "user_rating": None,
            "user_rated_at": None,
            "last_watched_at": None,
            "movie": {"title": "Heat", "year": 1995, "ids": {}},
        },
    ],
    "shows": [{"status": "watching", "show": {"title": "Firefly"}}],
}
TV_TIME = (
    "type,movie_name,series_name,release_date,updated_at,entity_type\n"
    "watch,Fargo,,1996-03-08 00:00:00,2022-05-06 07:08:09,movie\n"
    "towatch,Heat,,1995-12-15 00:00:00,2022-05-07 07:08:09,movie\n"
    "follow,Alien,,1979-05-25 00:00:00,2022-05-07 07:08:09,movie\n"
    "watch,,Firefly,,2022-05-08 07:08:09,episode\n"
)
OLD_IMDB = (
    '"position","const","created","modified","description","Title","Title type","Directors","You rated","IMDb Rating",'
    '"Runtime (mins)","Year","Genres","Num. Votes","Release Date (month/day/year)","URL"\n'
    '"1","tt0116282","Wed Mar 11 00:00:00 2015","","","Fargo","Feature Film","Joel Coen","9","8.1","98","1996",'
    '"crime","1","1996-03-08","http://www.imdb.com/title/tt0116282/"\n'
    '"2","tt0303461","Wed Mar 11 00:00:00 2015","","","Firefly","TV Series","","10","9","44","2002","","1","",""\n'
)
CRITICKER_XML = (
    "<?xml version='1.0'?><recentratings><film><filmid>1</filmid><filmname>Fargo (1996)</filmname>"
    "<filmyear>1996</filmyear><rating>85</rating><reviewdate>Oct. 12 2014, 12:00am</reviewdate></film></recentratings>"
)
LIST = (
    "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n2020-01-01,Snow,,https://boxd.it/a,\n\n"
    "Position,Name,Year,URL,Description\n1,Fargo,1996,https://boxd.it/b,\n2,Alien,1979,https://boxd.it/c,\n"
)
DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"


def said(parsed: ParsedFile) -> list[tuple]:
    """Title, year, stars, what it is, and when it was seen, of all rows."""
    return [(row.title, row.year, row.stars, row.use, row.seen_on) for row in parsed.rows]


@pytest.mark.parametrize(
    ("name", "text", "source", "expected", "series"),
    [
        ("diary.csv", DIARY + "2025-09-09,Fargo,1996,u,4.5,Yes,,2025-09-08\n2025-09-10,Heat,1995,u,,,,2025-09-09\n",
         "Letterboxd", [("Fargo", 1996, 4, "seen", date(2025, 9, 8)), ("Heat", 1995, 0, "seen", date(2025, 9, 9))], 0),
        ("reviews.csv", "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
         '2025-09-09,Fargo,1996,u,4,,"So, ""cold""\nand long",,2025-09-08\n',
         "Letterboxd", [("Fargo", 1996, 4, "seen", date(2025, 9, 8))], 0),
        ("watched.csv", "Date,Name,Year,Letterboxd URI\n2025-09-08,Fargo,1996,u\n",
         "Letterboxd", [("Fargo", 1996, 0, "seen", date(2025, 9, 8))], 0),
        ("likes/films.csv", "Date,Name,Year,Letterboxd URI\n2025-09-08,Fargo,1996,u\n",
         "Letterboxd", [("Fargo", 1996, 0, "like", None)], 0),
        ("lists/snow.csv", LIST, "Letterboxd", [("Fargo", 1996, 0, "list", None), ("Alien", 1979, 0, "list", None)], 0),
        ("ratings.csv", OLD_IMDB, "IMDb", [("Fargo", 1996, 4, "", None)], 1),
        ("WATCHLIST.csv", "Position,Const,Created,Title,Title Type,Year,Your Rating,Date Rated\n"
         "1,tt0116282,2020-01-01,Fargo,Movie,1996,,\n", "IMDb", [("Fargo", 1996, 0, "watchlist", None)], 0),
        ("history.json", json.dumps([
            {"watched_at": "2020-01-02T10:00:00Z", "action": "watch", "type": "movie", "movie": TRAKT_FILM},
            {"watched_at": "2020-01-02T10:00:00Z", "action": "watch", "type": "episode", "episode": {}, "show": {}}]),
         "Trakt", [("Fargo", 1996, 0, "seen", date(2020, 1, 2))], 1),
        ("lists-noir.json", json.dumps([{"listed_at": "2020-01-02", "type": "movie", "movie": TRAKT_FILM}]),
         "Trakt", [("Fargo", 1996, 0, "list", None)], 0),
        ("ratings.csv", "rated_at,type,title,year,trakt_rating,trakt_id,imdb_id,tmdb_id,rating\n"
         "2020-01-02T10:00:00Z,movie,Fargo,1996,8.1,1,tt0116282,275,9\n", "Trakt", [("Fargo", 1996, 4, "", None)], 0),
        ("tracking-prod-records.csv", TV_TIME, "TV Time",
         [("Heat", 1995, 0, "watchlist", None), ("Fargo", 1996, 0, "seen", date(2022, 5, 6))], 1),
        ("simkl.json", json.dumps(SIMKL_JSON), "Simkl",
         [("Fargo", 1996, 4, "seen", date(2021, 2, 2)), ("Heat", 1995, 0, "watchlist", None)], 1),
        ("SimklBackup.csv", "SIMKL_ID,Title,Type,Year,Watchlist,LastEpWatched,WatchedDate,Rating,Memo,TVDB,TMDB,IMDB\n"
         "1,Firefly,tv,2002,completed,,2024-06-20,9,,,,tt0303461\n2,Fargo,movie,1996,completed,,18-12-2023 21:50:41,7,,,275,\n",
         "Simkl", [("Fargo", 1996, 3, "seen", date(2023, 12, 18))], 1),
        ("ratings.csv", "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated\n"
         "275,tt0116282,movie,Fargo,1996-03-08T00:00:00Z,,,7.9,8.5,2022-09-20T00:00:00Z\n1,,tv,Firefly,2002-09-20,,,8,9,\n",
         "TMDB", [("Fargo", 1996, 4, "", None)], 1),
        ("favorites.csv", "TMDb ID,IMDb ID,Type,Name,Release Date,Season Number,Episode Number,Rating,Your Rating,Date Rated\n"
         "275,tt0116282,movie,Fargo,1996-03-08,,,7.9,,\n", "TMDB", [("Fargo", 1996, 0, "like", None)], 0),
        ("ratings.xml", CRITICKER_XML, "Criticker", [("Fargo (1996)", 1996, 4, "", None)], 0),
        ("ratings.csv", "Score,Film ID,Film Name,Year,Date Rated\n0,1,Fargo,1996,2020-01-01\n100,2,Heat,1995,2020-01-01\n",
         "Criticker", [("Fargo", 1996, 1, "", None), ("Heat", 1995, 5, "", None)], 0),
        ("看过.csv", "标题,简介,豆瓣评分,链接,创建时间,我的评分,标签,评论\n"
         "冰血暴 / Fargo,1996-03-08(美国) / 犯罪,8.2,u,2019-01-05 20:19:33,4,,\n"
         "盗火线 / Heat,1995-12-15 / 犯罪,8.2,u,2019-01-06 20:19:33,,,\n",
         "Douban", [("冰血暴", 1996, 4, "seen", date(2019, 1, 5)), ("盗火线", 1995, 0, "seen", date(2019, 1, 6))], 0),
        ("export.csv", "Title,Year,Rating10\nFargo,1996,9\n", "Letterboxd", [("Fargo", 1996, 4, "", None)], 0),
        ("NetflixViewingHistory.csv", 'Title,Date\n"Firefly: Season 1: Serenity",12/31/20\nFargo,1/2/21\n',
         "Netflix", [("Fargo", None, 0, "seen", date(2021, 1, 2))], 1),
        ("yamtrack.csv", "media_id,source,media_type,title,image,season_number,episode_number,score,status,notes,start_date,"
         "end_date,progress,created_at,progressed_at\n"
         "275,tmdb,movie,Fargo,,,,8.5,Completed,,2024-01-01,2024-01-02,1,2024-01-02,2024-01-02\n"
         "1437,tmdb,tv,Firefly,,,,9,Completed,,,,14,2024-01-02,2024-01-02\n"
         "949,tmdb,movie,Heat,,,,,Planning,,,,0,2024-01-02,2024-01-02\n",
         "Yamtrack", [("Fargo", None, 4, "seen", date(2024, 1, 2)), ("Heat", None, 0, "watchlist", None)], 1),
    ],
)  # fmt: skip
def test_layouts(name, text, source, expected, series):
    parsed = parse_ratings(text, name=name)
    assert (parsed.source, said(parsed), parsed.series) == (source, expected, series)
    assert parsed.fault_count == 0


def test_numbers_of_other_places_are_read():
    parsed = parse_ratings(
        json.dumps([{"rated_at": "2020-01-02", "rating": 9, "type": "movie", "movie": TRAKT_FILM}])
    )
    assert (parsed.ratings[0].imdb, parsed.ratings[0].tmdb) == (116282, 275)
    parsed = parse_ratings(
        "media_id,source,media_type,title,score,status\n275,tmdb,movie,Fargo,8,Completed\n7,mal,movie,Akira,8,Completed\n"
    )
    assert [row.tmdb for row in parsed.ratings] == [275, None]


def test_a_list_keeps_its_name():
    assert {list_name(row) for row in parse_ratings(LIST, name="lists/snow-and-ice.csv").others} == {"Snow"}
    text = json.dumps([{"listed_at": "2020-01-02", "type": "movie", "movie": TRAKT_FILM}])
    assert {list_name(row) for row in parse_ratings(text, name="lists-noir.json").others} == {"noir"}


def test_episodes_of_a_streaming_service_are_no_films():
    titles = {
        "Dark: Staffel 1: Geheimnisse": True,
        "Lupin : Partie 1: Chapitre 1": True,
        "La casa de papel: Temporada 2: Episodio 3": True,
        "The Queen's Gambit: Limited Series: Openings": True,
        "Kill Bill: Vol. 2": False,
        "Star Wars: Episode IV - A New Hope": False,
    }
    for title, is_series in titles.items():
        parsed = parse_ratings(f'Title,Date\n"{title}",2021-01-02\n')
        assert parsed.series == is_series, title


def test_xml_that_declares_entities_is_refused():
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><films><film>&b;</film></films>'
    for text in (bomb, "<?xml version='1.0'?><films><film>"):
        with pytest.raises(ImportFileError, match="cannot be read as XML"):
            parse_ratings(text)
