"""Files of every kind to rows: whatever is in them, there are rows or one clear sentence."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.services.imports.decoding import decode
from recommendations.services.imports.errors import ImportFileError
from recommendations.services.imports.formats import FORMATS
from recommendations.services.imports.parsing import MOST_ROWS, parse_ratings
from recommendations.services.imports.scales import halves_of, stars_of_halves

LETTERBOXD = "Date,Name,Year,Letterboxd URI,Rating\n"
IMDB = "Const,Your Rating,Date Rated,Title,URL,Title Type,IMDb Rating,Runtime (mins),Year\n"


def rows(text: str) -> list[tuple]:
    parsed = parse_ratings(text)
    return [(each.title, each.year, each.movie_id, each.stars, each.rated_at) for each in parsed.ratings]


def test_letterboxd():
    text = LETTERBOXD + '2020-05-17,"Amélie, or so",2001,https://boxd.it/x,3.5\n2020-05-18,Heat,1995,u,\n'
    parsed = parse_ratings(text)
    assert parsed.source == "Letterboxd"
    assert rows(text) == [("Amélie, or so", 2001, None, 3, datetime(2020, 5, 17, 12, tzinfo=UTC))]
    assert parsed.unrated == 1


def test_imdb_leaves_series_out():
    text = (
        IMDB
        + "tt0111161,9,2019-01-02,The Shawshank Redemption,u,movie,9.3,142,1994\n"
        + "tt0903747,10,2019-01-03,Breaking Bad,u,tvSeries,9.5,49,2008\n"
        + "tt1,10,2019-01-03,Firefly,u,TV Series,9.0,44,2002\n"
    )
    parsed = parse_ratings(text)
    assert (parsed.source, parsed.series) == ("IMDb", 2)
    assert rows(text)[0][:4] == ("The Shawshank Redemption", 1994, None, 4)


@pytest.mark.parametrize(
    ("text", "source", "row"),
    [
        (
            "user_id\titem_id\trating\ttimestamp\n7\t50\t4\t881250949\n",
            "MovieLens 100k",
            ("", None, 50, 4, datetime(1997, 12, 4, 15, 55, 49, tzinfo=UTC)),
        ),
        (
            "196\t242\t3\t881250949\n",
            "MovieLens 100k",
            ("", None, 242, 3, datetime(1997, 12, 4, 15, 55, 49, tzinfo=UTC)),
        ),
        (
            "movie_id,imdb_id,tmdb_id,rating,average_rating,title\n1,0114709,862,4.5,3.9,Toy Story (1995)\n",
            "MovieLens",
            ("Toy Story (1995)", None, None, 4, None),
        ),
        (
            "movie_id;title;year;stars;rated_at\n5;'=Ordinary;1980;2;2024-01-01T10:00:00+02:00\n",
            "movierec",
            ("=Ordinary", 1980, 5, 2, datetime(2024, 1, 1, 8, tzinfo=UTC)),
        ),
    ],
)
def test_movielens_and_own_export(text, source, row):
    assert parse_ratings(text).source == source
    assert rows(text) == [row]


def test_a_title_column_counts_more_than_a_number_of_another_release():
    text = 'userId,movieId,rating,timestamp,title\n1,318,5.0,1112486027,"Shawshank Redemption, The (1994)"\n'
    assert rows(text)[0][:4] == ("Shawshank Redemption, The (1994)", None, None, 5)


TYPES_OF_IMDB = {
    "movie film película filme tvMovie téléfilm fernsehfilm short kurzfilm cortometraggio video vídeo": True,
    "tvSeries|TV Mini Series|TV Episode|TV Special|Music Video|Video Game|Podcast Episode": False,
    "Série télévisée|Mini-série TV|Épisode TV|Émission spéciale TV|Clip musical|Jeu vidéo": False,
    "Fernsehserie|TV-Miniserie|Folge|TV-Special|Musikvideo|Videospiel": False,
    "Serie de TV|Miniserie de TV|Episodio de TV|Especial de TV|Vídeo musical|Videojuego": False,
    "Serie TV|Miniserie TV|Episodio TV|Speciale TV|Video musicale|Videogioco": False,
    "Série de TV|Minissérie|Episódio de TV|Especial de TV|Videoclipe|Podcast": False,
    "show|season|episode": False,
}


@pytest.mark.parametrize(("types", "expected"), TYPES_OF_IMDB.items())
def test_what_is_no_film_is_told_in_any_language(types, expected):
    for kind in types.split("|" if "|" in types else None):
        parsed = parse_ratings(IMDB + f"tt1,9,2019-01-02,Something,u,{kind},9.3,142,1994\n")
        assert (len(parsed.ratings), parsed.series) == (int(expected), int(not expected)), kind


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2023-01-02", (2023, 1, 2)),
        ("02.01.2023", (2023, 1, 2)),
        ("2/1/2023 0:00", None),
        ("2023/01/02", (2023, 1, 2)),
        ("02.01.23", (2023, 1, 2)),
        ("yesterday", None),
        ("31.02.2023", None),
    ],
)
def test_a_day_stays_that_day_or_is_told_as_unreadable(written, day):
    parsed = parse_ratings(LETTERBOXD + f"{written},Heat,1995,u,4\n")
    moment = parsed.ratings[0].rated_at
    assert parsed.undated == (day is None)
    assert (moment and moment.hour) == (day and 12)
    assert (moment and (moment.year, moment.month, moment.day)) == day


@pytest.mark.parametrize(("other", "day"), [("3/25/2023", 3), ("25/3/2023", 4)])
def test_another_line_tells_whether_days_or_months_come_first(other, day):
    parsed = parse_ratings(LETTERBOXD + f"4/3/2023,Heat,1995,u,4\n{other},Fargo,1996,u,4\n")
    assert parsed.ratings[0].rated_at.day == day
    assert parsed.ratings[1].rated_at.day == 25


def test_trakt_and_the_export_of_this_site_as_json():
    film = {"title": "Fargo", "year": 1996, "ids": {"trakt": 1}}
    show = {"rated_at": "2020-01-02T10:00:00.000Z", "rating": 9, "type": "show", "show": {"title": "Fargo"}}
    rated = {"rated_at": "2020-01-02T10:00:00.000Z", "rating": 9, "type": "movie", "movie": film}
    parsed = parse_ratings(json.dumps([show, rated]))
    assert (parsed.source, parsed.series, len(parsed.ratings)) == ("Trakt", 1, 1)
    assert rows(json.dumps([rated])) == [("Fargo", 1996, None, 4, datetime(2020, 1, 2, 10, tzinfo=UTC))]
    listed = parse_ratings(json.dumps([{"listed_at": "2020-01-02", "type": "movie", "movie": film}]))
    assert [row.title for row in listed.watchlist] == ["Fargo"]
    own = {
        "ratings": [{"movie_id": 100, "title": "Fargo", "year": 1996, "stars": 4, "rated_at": "2024-01-01"}],
        "watchlist": [{"movie_id": 50, "title": "Star Wars", "year": 1977, "added_at": "2024-01-01"}],
    }
    parsed = parse_ratings(json.dumps(own))
    assert [row.movie_id for row in parsed.ratings] == [100]
    assert [row.movie_id for row in parsed.watchlist] == [50]


@pytest.mark.parametrize(
    ("year", "expected"), [("1995.0", 1995), ("1995,0", 1995), ("1995-11-22", 1995), ("95", None)]
)
def test_years_of_tables(year, expected):
    assert rows(LETTERBOXD.replace(",", ";") + f"2020-01-01;Heat;{year};u;4\n")[0][1] == expected


def test_a_stray_byte_does_not_spoil_the_rest():
    decoded = decode("Amélie,".encode() + b"\xe9" + ",☃\n".encode())
    assert (decoded.text, decoded.guessed) == ("Amélie,é,☃\n", True)


def test_titles_that_were_encoded_twice_are_mended():
    for title in ("Les Misérables", "It’s", "Amélie"):
        twice = title.encode().decode("cp1252")
        assert rows(LETTERBOXD + f"2020-01-01,{twice},1995,u,4\n")[0][0] == title
    assert rows(LETTERBOXD + "2020-01-01,SÃO PAULO,1995,u,4\n")[0][0] == "SÃO PAULO"


def test_scales():
    fives = ["0.5", "1", "1.5", "2", "2.5", "3", "3,5", "4", "4.5", "5"]
    assert [halves_of(text, 5) for text in fives] == list(range(1, 11))
    assert [halves_of(str(number), 10) for number in range(1, 11)] == list(range(1, 11))
    assert [stars_of_halves(halves) for halves in range(1, 11)] == [1, 1, 1, 2, 2, 3, 3, 4, 4, 5]
    for nonsense in ("0", "5.5", "3.3", "NaN", "inf", "-1", "1e1", "=1+1", "", "٣x", "9" * 50):
        assert halves_of(nonsense, 5) is None
    assert halves_of("0", 10) is None
    assert halves_of("11", 10) is None


def test_lines_that_do_not_fit_are_told_and_the_rest_is_read():
    text = LETTERBOXD + "2020,A,1990,u,9\n,,,,4\n2020-05-18,Heat,19x5,u,4\nshort\n99999-01-01,Up,2009,u,2\n"
    parsed = parse_ratings(text)
    assert [(fault.line, fault.sentence) for fault in parsed.faults] == [
        (2, "rating “9” does not fit; expected 0.5–5"),
        (3, "no film is named"),
    ]
    assert parsed.unrated == 1
    assert [row[0] for row in rows(text)] == ["Heat", "Up"]
    assert rows(text)[1][4] is None


def test_names_are_only_text():
    names = [
        "<script>alert(1)</script>",
        '=HYPERLINK("x")',
        "مرحبا بالعالم",
        "🎬🍿",
        "\u202egnp.exe",
        "x" * 5_000,
    ]
    lines = "".join(f'2020-01-01,"{name.replace(chr(34), chr(34) * 2)}",1990,u,4\n' for name in names)
    assert [row[0] for row in rows(LETTERBOXD + lines)] == [name[:200] for name in names]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b,c\n1,2,3\n", "These columns are of no format that is known here: a, b, c."),
        ("<html><body>Sign in</body></html>", "These columns are of no format"),
        ("1\t2\t3\t4\n2\t2\t3\t4\n", "ratings of several people"),
        ("userId,movieId,rating,title\n1,2,3,A\n2,2,3,B\n", "ratings of several people"),
        ("userId,movieId,rating,timestamp\n1,318,5.0,1112486027\n", "numbers of a later MovieLens release"),
        ("movie_id;rating\n318;5\n", "numbers of a later MovieLens release"),
        ("1::1193::5::978300760\n", "numbers of a later MovieLens release"),
        ("[" * 100_000, "cannot be read as JSON"),
        ('{"a": 1', "cannot be read as JSON"),
        ('[{"plays": 3}]', "These columns are of no format"),
        (LETTERBOXD + '2020-01-01,"' + "x" * 200_000, "cannot be read as CSV"),
    ],
)
def test_files_that_do_not_fit_as_a_whole(text, sentence):
    with pytest.raises(ImportFileError, match=sentence):
        parse_ratings(text)


def test_too_many_lines_are_refused_at_once():
    text = LETTERBOXD + "2020-01-01,Heat,1995,u,4\n" * 100_000
    begun = time.process_time()
    with pytest.raises(ImportFileError, match=f"more than {MOST_ROWS // 1000},?000 lines"):
        parse_ratings(text)
    assert time.process_time() - begun < 5
    assert len(parse_ratings(LETTERBOXD + "2020-01-01,Heat,1995,u,4\n" * MOST_ROWS).ratings) == MOST_ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_encodings(encoding):
    text = LETTERBOXD + "2020-01-01,Les Misérables,1995,https://boxd.it/abcdefgh,4\n"
    decoded = decode(text.replace("\n", "\r\n").encode(encoding))
    assert rows(decoded.text)[0][0] == "Les Misérables"
    assert decoded.guessed == (encoding == "latin-1")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty."),
        (b"\xef\xbb\xbf \r\n\r\n", "This file is empty."),
        (b"PK\x03\x04abc", "This is a zip archive."),
        (b"Date,Na\x00me,Year\n1,2,3", "NUL bytes"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "NUL bytes"),
        (b"\xff\xfea\x00b", "breaks off"),
    ],
)
def test_files_that_are_no_text(content, sentence):
    with pytest.raises(ImportFileError, match=sentence):
        decode(content)


CELLS = st.one_of(
    st.text(max_size=12), st.sampled_from(["4", "3.5", "10", "2020-01-01", "1995", '"', "=1", "Heat"])
)


@given(
    header=st.sampled_from([*(each.needs for each in FORMATS), ("x",)]),
    delimiter=st.sampled_from(",;\t"),
    lines=st.lists(st.lists(CELLS, max_size=7), max_size=6),
)
def test_any_cells_give_rows_or_one_sentence(header, delimiter, lines):
    text = "\n".join(delimiter.join(cells) for cells in [header, *lines])
    try:
        parsed = parse_ratings(text)
    except ImportFileError:
        return
    for rating in parsed.ratings:
        assert 1 <= rating.stars <= 5
        # A film may be named by its number at IMDb or TMDB alone.
        assert rating.title or rating.movie_id or rating.imdb or rating.tmdb
        assert len(rating.title) <= 200
        assert rating.rated_at is None or rating.rated_at.tzinfo is not None


@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_one_sentence(content):
    try:
        text = decode(content).text
    except ImportFileError:
        return
    assert "\x00" not in text
    with suppress(ImportFileError):
        parse_ratings(text)
