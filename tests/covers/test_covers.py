"""Generated covers: the same for the same film, readable, and harmless inside a page."""

import re
import xml.etree.ElementTree as ET

import pytest

from recommendations.covers.covers import (
    MOTIFS,
    TEXT_WIDTH,
    TITLE_HEIGHT,
    _width,
    cover_digest,
    cover_svg,
    face,
    title_lines,
)
from recommendations.covers.pen import LOUDEST_FIRST, PALETTES, Pen, loudest_genre
from recommendations.models.catalogue import Genre, Movie
from recommendations.ranking.genres import GENRES

SVG = "{http://www.w3.org/2000/svg}"


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_genre_has_motifs_and_readable_colours():
    assert set(MOTIFS) == set(PALETTES) == set(LOUDEST_FIRST) == set(GENRES)
    for genre, sets in PALETTES.items():
        for palette in sets:
            light, dark = sorted((luminance(palette.ink), luminance(palette.ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (genre, palette)


@pytest.mark.parametrize("genre", GENRES)
def test_every_motif_draws_well_formed_shapes(genre):
    for motif in MOTIFS[genre]:
        for seed in "abc":
            shapes = "".join(motif(Pen(PALETTES[genre][0], seed)))
            assert len(ET.fromstring(f"<svg>{shapes}</svg>")) >= 3
            assert "nan" not in shapes


def test_same_film_same_bytes_and_other_film_other_cover():
    facts = {"title": "Fargo", "year": 1996, "genres": ("Crime", "Drama")}
    first = cover_svg(movie_id=100, **facts)
    assert first == cover_svg(movie_id=100, **{**facts, "genres": ("Drama", "Crime")})
    assert first != cover_svg(movie_id=101, **facts)
    assert cover_digest(**facts) != cover_digest(**{**facts, "year": 1997})


def test_loudest_genre_is_the_rarer_one_and_unknown_is_the_last_resort():
    assert loudest_genre(("Drama", "Film-Noir", "Comedy")) == "Film-Noir"
    assert loudest_genre(()) == loudest_genre(("Cooking",)) == "unknown"


@pytest.mark.parametrize(
    "title",
    [
        "M",
        "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb",
        "Supercalifragilisticexpialidociousandmuchlongerthanthat",
        "x" * 1000,
        "word " * 300,
        "Le Fabuleux Destin d'Amélie Poulain – ½",
        "七人の侍",
        "",
        "\x00\x1b",
    ],
)
def test_title_stays_inside_its_field(title):
    size, lines = title_lines(title)
    assert lines
    assert all(_width(line) * size <= TEXT_WIDTH * face().units for line in lines)
    assert len(lines) * size * 0.9 <= TITLE_HEIGHT


def test_accents_stay_and_foreign_letters_lose_theirs():
    assert title_lines("Amélie")[1] == ["AMÉLIE"]
    assert title_lines("Łódź ő")[1] == ["·ODZ O"] or title_lines("Łódź ő")[1] == ["·ÓDZ O"]


def test_hostile_title_is_only_text():
    svg = cover_svg(
        movie_id=1, title='</title><script>alert("1")</script>&\x00\x1b', year=None, genres=("Drama",)
    )
    root = ET.fromstring(svg)
    allowed = {"svg", "title", "clipPath", "rect", "g", "path", "circle", "ellipse", "polygon"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed
    assert root.find(f"{SVG}title").text.startswith("</title><script>")
    assert re.findall(r'id="([^"]+)"', svg) == ["cover-1-field"]
    assert "style" not in svg


@pytest.mark.django_db
class TestAddress:
    @pytest.fixture(autouse=True)
    def fargo(self):
        movie = Movie.objects.create(movielens_id=100, title="Fargo", year=1996, rating_count=5)
        movie.genres.add(Genre.objects.create(name="Crime"))
        self.digest = cover_digest(title="Fargo", year=1996, genres=("Crime",))

    def test_named_cover_is_kept_for_a_year_and_others_for_an_hour(self, client):
        named = client.get(f"/covers/100.svg?v={self.digest}")
        assert named["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert named["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Cookie" not in named.get("Vary", "")
        assert client.get("/covers/100.svg?v=old")["Cache-Control"] == "public, max-age=3600"
        assert client.get("/covers/100.svg", HTTP_IF_NONE_MATCH=named["ETag"]).status_code == 304

    def test_home_points_to_the_named_cover(self, client):
        assert f'src="/covers/100.svg?v={self.digest}"' in client.get("/").content.decode()

    @pytest.mark.parametrize("number", ["101", str(10**30)])
    def test_no_film_no_cover(self, client, number):
        assert client.get(f"/covers/{number}.svg").status_code == 404
