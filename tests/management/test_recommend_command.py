"""``manage.py recommend`` on a home in which the pipeline has run."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from recommendations.selectors.lists.champion import current_champion

pytestmark = [pytest.mark.django_db, pytest.mark.spark, pytest.mark.elasticsearch]


def recommend(*arguments: str) -> list[dict]:
    output = io.StringIO()
    call_command("recommend", *arguments, "--json", stdout=output)
    return [json.loads(line) for line in output.getvalue().splitlines()]


@pytest.mark.parametrize("engine", ["numpy", "elasticsearch"])
def test_one_person_gets_unseen_films_best_first(trained, engine):
    [answer] = recommend("--user", "3", "-k", "5", "--engine", engine)
    assert answer["id"] == 3
    scores = [item["score"] for item in answer["items"]]
    assert len(scores) == 5
    assert scores == sorted(scores, reverse=True)
    champion = current_champion()
    _, history = champion.people.person(3)
    seen = set(champion.artefact.movie_ids[history.items].tolist())
    assert not seen & {item["movie_id"] for item in answer["items"]}
    assert all(item["title"] and item["year"] and item["genres"] for item in answer["items"])
    assert all(item["reason"].endswith(".") for item in answer["items"])


def test_the_table_shows_year_genres_and_reason(trained, monkeypatch):
    monkeypatch.setenv("COLUMNS", "220")
    [answer] = recommend("--user", "3", "-k", "3")
    output = io.StringIO()
    call_command("recommend", "--user", "3", "-k", "3", stdout=output)
    lines = output.getvalue().splitlines()
    for place, item in enumerate(answer["items"], start=1):
        [line] = [line for line in lines if item["title"] in line and item["reason"] in line]
        cells = [cell.strip() for cell in line.strip("│").split("│")]
        assert cells == [
            str(place),
            item["title"],
            str(item["year"]),
            ", ".join(item["genres"]),
            f"{item['score']:.3f}",
            "–" if item["predicted_stars"] is None else f"{item['predicted_stars']:.1f}",
            "–" if item["match"] is None else f"{item['match']} %",
            item["reason"],
        ]


def test_both_engines_answer_alike_for_everybody(trained):
    by_engine = [recommend("--users", "all", "--engine", engine) for engine in ("numpy", "elasticsearch")]
    assert len(by_engine[0]) == len(current_champion().people.user_ids)
    for one, other in zip(*by_engine, strict=True):
        assert one["id"] == other["id"]
        assert [item["score"] for item in one["items"]] == pytest.approx(
            [item["score"] for item in other["items"]], abs=1e-4
        )


def test_a_newcomer_and_a_file_of_people(trained, tmp_path):
    [newcomer] = recommend("--age", "24", "--gender", "F", "--occupation", "artist", "-k", "3")
    assert newcomer["id"] == "newcomer"
    people = tmp_path / "people.jsonl"
    lines = [
        {"id": "same", "age": 24, "gender": "F", "occupation": "artist"},
        {"id": "rated", "ratings": [{"movie_id": newcomer["items"][0]["movie_id"], "stars": 5}]},
    ]
    people.write_text("\n".join(json.dumps(line) for line in lines))
    same, rated = recommend("--people", str(people), "-k", "3")
    assert (same["id"], rated["id"]) == ("same", "rated")
    assert same["items"] == newcomer["items"]
    assert newcomer["items"][0]["movie_id"] not in {item["movie_id"] for item in rated["items"]}


@pytest.mark.parametrize("engine", ["numpy", "elasticsearch"])
def test_every_film_comes_with_predicted_stars_and_a_match(trained, tmp_path, engine):
    people = tmp_path / "people.jsonl"
    people.write_text(json.dumps({"id": "ann", "ratings": [{"movie_id": 3, "stars": 5}]}))
    [usual] = recommend("--people", str(people), "-k", "8", "--engine", engine)
    [liked] = recommend("--people", str(people), "-k", "8", "--engine", engine, "--kind", "like")
    for item in (*usual["items"], *liked["items"]):
        assert 1 <= item["predicted_stars"] <= 5
        assert 0 <= item["match"] <= 100
    stars = [item["predicted_stars"] for item in liked["items"]]
    assert stars == sorted(stars, reverse=True)
    [bold] = recommend("--people", str(people), "-k", "8", "--engine", engine, "--kind", "bold")
    assert bold["items"] != usual["items"]


def test_the_table_shows_them_too(trained):
    output = io.StringIO()
    call_command("recommend", "--user", "3", "-k", "2", "--engine", "numpy", stdout=output)
    # The head of a column may be broken over two lines.
    assert "Predicted" in output.getvalue()
    assert " %" in output.getvalue()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Say for whom"),
        (("--user", "1", "--users", "all"), "Say for whom"),
        (("--user", "abc"), "--user is 'abc'; expected a number"),
        (("--user", "9999"), "There is no person with number 9999"),
        (("--user", "1", "-k", "0"), "-k is 0; expected 1 to"),
        (("--user", "1", "-k", "100000"), "-k is 100000; expected 1 to"),
        (("--age", "200"), "age is 200"),
        (("--occupation", "king"), "occupation is 'king'"),
        (("--people", "/nowhere/people.jsonl"), "/nowhere/people.jsonl"),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_code_2(trained, arguments, words):
    with pytest.raises(CommandError) as refused:
        recommend(*arguments)
    assert refused.value.returncode == 2
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.django_db
def test_without_a_model_the_way_out_is_named(settings, tmp_path):
    settings.MOVIEREC_HOME = tmp_path
    with pytest.raises(CommandError, match="manage.py run_pipeline"):
        recommend("--user", "1")


def test_bench_prints_every_part_beside_the_yardstick(trained):
    output = io.StringIO()
    call_command("bench", "--rounds", "20", "-k", "5", "--json", stdout=output)
    timings = json.loads(output.getvalue())
    assert timings[0]["name"] == "search by id"
    assert timings[0]["ratio"] == 1.0
    names = [timing["name"] for timing in timings]
    assert len(set(names)) == len(names)
    assert {"function_score query", "recommendation, NumPy"} <= set(names), names
    for timing in timings:
        assert 0 < timing["p50_ms"] <= timing["p95_ms"]


def test_pipeline_command_says_that_nothing_changed(trained):
    output = io.StringIO()
    call_command("run_pipeline", "--data", str(trained.data), "--json", stdout=output)
    outcome = json.loads(output.getvalue().splitlines()[-1])
    assert outcome == {
        "event": "result",
        "version": trained.result.version,
        "trained": False,
        "published": False,
        "promoted": True,
        "reason": "",
        "rebuilt": [],
    }


def test_pipeline_command_names_a_missing_file(trained, tmp_path):
    with pytest.raises(CommandError, match="holds nothing: neither a MovieLens release") as refused:
        call_command("run_pipeline", "--data", str(tmp_path), stdout=io.StringIO())
    assert refused.value.returncode == 2
