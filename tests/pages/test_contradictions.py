"""What the pages say of a film and a person agrees: card, sum, film page and my taste, for people made up at random."""

from __future__ import annotations

import html
import random
import re

import numpy as np
import pytest
from django.test import Client

from recommendations.models import Movie
from recommendations.ranking.audience import belong_together
from recommendations.ranking.demographics import OCCUPATIONS
from recommendations.ranking.genres import GENRES
from recommendations.ranking.reasons import GENRE_FILMS
from recommendations.selectors.lists.champion import Champion
from tests.pages.made_up_site import FILMS, champion, made_up_site

__all__ = ["champion", "made_up_site"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made_up_site")]


class Walk:
    """Somebody who comes, tells something or nothing, and rates and hides films at random."""

    def __init__(self, seed: int, champion: Champion) -> None:
        chance = random.Random(seed)
        self.client, self.artefact = Client(), champion.artefact
        self.audiences = champion.audiences
        self.told = {}
        if chance.random() < 0.5:
            self.told = {"age": chance.randint(8, 80), "occupation": chance.choice(OCCUPATIONS)}
        answer = self.client.post("/recommend_session", {"way": "newcomer", **self.told})
        assert answer.status_code == 303
        numbers = chance.sample(self.artefact.movie_ids.tolist(), chance.choice([0, 1, 2, 5, 12, 30]))
        one_kind = chance.random() < 0.3
        self.stars = {number: 5 if one_kind else chance.randint(1, 5) for number in numbers}
        for number, stars in self.stars.items():
            self.client.post(f"/films/{number}/rate", {"stars": stars})
        self.hidden = chance.sample(self.artefact.movie_ids.tolist(), 2)
        for number in self.hidden:
            self.client.post(f"/films/{number}/hide")

    def page(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return html.unescape(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")

    def cards(self) -> list[tuple[int, str]]:
        found = re.findall(
            r'id="film-(\d+)".*?<p class="film__reason">(.*?)</p>', self.page("/results"), re.DOTALL
        )
        return [(int(number), reason) for number, reason in found]

    def parts(self, number: int) -> list[tuple[str, float]]:
        """Labels and values of the sum, largest magnitude first."""
        rows = re.findall(
            r'<span class="sum__label">(.*?) <span class="sum__way">.*?<span class="sum__value">(.*?)</span>',
            self.page(f"/films/{number}/why"),
            re.DOTALL,
        )
        return [(label, float(value.replace("\N{MINUS SIGN}", "-"))) for label, value in rows]


@pytest.mark.parametrize("seed", range(10))
def test_the_pages_agree(champion, seed):
    walk = Walk(seed, champion)
    cards = walk.cards()
    named = re.findall(r"Because you (?:loved|liked|have seen) Film (\d+)\.", " ".join(r for _n, r in cards))
    assert all(named.count(number) <= 2 for number in named)
    for rank, (number, reason) in enumerate(cards, start=1):
        assert number not in walk.stars
        assert number not in walk.hidden
        check_reason(walk, number, reason)
        film = walk.page(f"/films/{number}/")
        assert not re.search(r"probably (love|like) it|Probably not", film), "the predicted stars say that"
        assert f"number {rank} of {FILMS - len({*walk.stars, *walk.hidden})} films" in film
        assert re.findall(r"Sum: <strong>([\d.-]+)", film) == re.findall(
            r"Sum: <strong>([\d.-]+)", walk.page(f"/films/{number}/why")
        )
    check_taste(walk, cards)
    check_rated_films(walk)


def check_reason(walk: Walk, number: int, reason: str) -> None:
    parts = walk.parts(number)
    positive = [(label, value) for label, value in parts if value > 0]
    largest = max((value for _label, value in positive), default=0.0)
    if match := re.match(r"Because you (loved|liked|have seen) Film (\d+)\.$", reason):
        rated = int(match[2])
        stars = {"loved": 5, "liked": 4, "have seen": 3}[match[1]]
        assert walk.stars[rated] == stars
        value = next(value for label, value in parts if label.startswith(f"Film {rated}, "))
        others = [value for label, value in positive if not label.startswith("Film ")]
        assert value >= max(others, default=0.0) - 0.011, "nothing else is larger"
        assert value >= largest / 2 - 0.011
        positions = walk.artefact.positions
        assert belong_together(walk.artefact, walk.audiences, positions[number], positions[rated])
    elif reason == "Popular with people like you.":
        assert walk.told
        assert ("Your profile", pytest.approx(largest, abs=0.011)) in parts or named_too_often(parts)
    elif reason == "Widely loved.":
        share = walk.artefact.like_share
        assert (share > share[walk.artefact.positions[number]]).sum() < FILMS / 4
    elif match := re.match(r"You like (.*)\.$", reason):
        kinds = {f"Kind of film: {genre}" for genre, films in GENRE_FILMS.items() if films == match[1]}
        kinds.add(match[1].replace("films", "Films"))
        assert any(label in kinds and value > 0 for label, value in parts)
    elif reason == "It fits your ratings as a whole.":
        assert any(stars >= 3 for stars in walk.stars.values())
        assert sum(value for label, value in parts if label.startswith("Film ")) > 0
    else:
        assert reason == "The closest to your taste among what is left."
    if not walk.told:
        assert "Your profile" not in dict(parts)


def named_too_often(parts: list[tuple[str, float]]) -> bool:
    return parts[0][0].startswith("Film ")


def check_taste(walk: Walk, cards: list[tuple[int, str]]) -> None:
    taste, results = walk.page("/taste"), walk.page("/results")
    if not walk.told:
        for said in (taste, results, walk.page("/start")):
            # The switch of list kinds has names of its own.
            said = re.sub(r'class="kinds.*?</dl>', "", said, flags=re.DOTALL)
            assert "people like you" not in said.lower()
            assert "your profile" not in said.lower()
    mix = re.search(r'id="mix-text">(\d+) % from .*?, (\d+) % from your ratings', results)
    rests = re.search(r"(\d+) % of your list rests on your ratings, (\d+) %", taste)
    assert mix is not None
    assert rests is not None
    assert (mix[1], mix[2]) == (rests[2], rests[1])
    avoided = re.search(r"You care less than most people for: (.*?)\.</li>", taste)
    names = {genre.casefold() for genre in avoided[1].split(", ")} if avoided else set()
    for number, reason in cards:
        row = walk.artefact.genres[walk.artefact.positions[number]]
        genres = {GENRES[place] for place in np.flatnonzero(row)}
        assert not names & {genre.casefold() for genre in genres}
        assert not any(reason == f"You like {GENRE_FILMS.get(genre)}." for genre in names)


def check_rated_films(walk: Walk) -> None:
    for number, stars in list(walk.stars.items())[:3]:
        if number in walk.hidden:
            continue
        for page, said in (
            (walk.page(f"/films/{number}/"), f"You gave it {stars} ★"),
            (walk.page(f"/films/{number}/why"), f"You gave it {stars} star"),
        ):
            assert said in page
            # Films like it stand below, and of these it may be said.
            own = page.partition('id="alike-title"')[0]
            assert not re.search(r"number [\d,]+ of|You would probably|Probably not", own)
    for number in set(walk.hidden) - set(walk.stars):
        page = walk.page(f"/films/{number}/")
        assert "You have hidden it" in page
        assert not re.search(r"number [\d,]+ of", page)


def test_a_bar_starts_at_zero_and_says_what_stands_beside_it(champion):
    """On cards and on the film's page the bar, the match and the stars are the same."""
    walk = Walk(3, champion)
    line = r'expected__stars" aria-hidden="true">(.*?)</span>.*?(\d+) % match</span><meter min="0" max="100" value="(\d+)"'
    cards = re.findall(rf'id="film-(\d+)".*?{line}', walk.page("/results"), re.DOTALL)
    assert cards
    for number, stars, match, length in cards:
        assert match == length
        assert (stars, match, length) in re.findall(line, walk.page(f"/films/{number}/"), re.DOTALL)


def test_the_share_of_likes_is_that_of_the_bars(client):
    for histogram in ([13, 23, 71, 179, 222], [0, 0, 0, 0, 1], [1, 1, 1, 0, 0], [1, 2, 3, 5, 7]):
        Movie.objects.filter(movielens_id=3).update(
            histogram=histogram, rating_count=sum(histogram), mean_stars=4.0, like_share=0.36
        )
        page = html.unescape(client.get("/films/3/").content.decode())
        bars = [int(percent) for percent in re.findall(r'height="8"/></svg> <span>(\d+)\s%', page)]
        assert sum(bars) == 100
        liked = re.search(r"<dt>Gave 4 stars or more</dt><dd>(\d+)\s%", page)
        assert liked is not None
        assert int(liked[1]) == bars[0] + bars[1]
        assert "36" not in page.split('class="facts"')[1].split("</dl>")[0]
