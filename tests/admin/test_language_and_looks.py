"""The admin in French, its figures, marks and refusals, and the site's looks."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from recommendations.models import Job, ModelVersion, Movie, PromotionEvent
from recommendations.services import stored_sentences
from recommendations.services.stored_sentences import in_active_language, in_english

pytestmark = pytest.mark.django_db
FRENCH = {"accept-language": "fr"}
AUDIT = "admin:admin_logentry_changelist"
BAR = "\N{NO-BREAK SPACE}"


def french(client: Client, address: str) -> str:
    return client.get(address, headers=FRENCH).content.decode().replace(BAR, " ")


def test_to_change_is_not_a_difference(as_role):
    client = as_role("superuser")
    page = french(client, reverse("admin:accounts_user_changelist"))
    index = french(client, reverse("admin:index"))
    user = french(client, reverse("admin:accounts_user_change", args=[User.objects.get().pk]))
    assert "Écart" not in page + index + user
    assert "Modification de utilisateur" in user


@pytest.mark.parametrize("writer", ["en", "fr"])
def test_whoever_wrote_the_audit_log_it_is_read_in_ones_own_language(as_role, writer):
    client = as_role("operator")
    headers = {"accept-language": writer}
    client.post(reverse("admin:recommendations_job_add"), {"kind": "train"}, headers=headers)
    job = Job.objects.get()
    client.post(reverse("admin:recommendations_job_cancel", args=[job.pk]), headers=headers)
    assert f"Started: training {job.pk}" in client.get(reverse(AUDIT)).content.decode()
    page = french(client, reverse(AUDIT))
    assert f"Lancé : entraînement {job.pk}" in page
    assert f"Annulé : entraînement {job.pk}" in page
    history = french(client, reverse("admin:recommendations_job_history", args=[job.pk]))
    assert f"Annulé : entraînement {job.pk}" in history
    own = french(client, reverse("admin:recommendations_job_change", args=[job.pk]))
    assert "Annulé par operator." in own
    assert "Cancelled" not in own
    assert {entry.object_repr for entry in LogEntry.objects.all()} == {f"training {job.pk}"}


@pytest.mark.parametrize("sentence", stored_sentences.SENTENCES)
def test_every_kept_sentence_is_read_in_french(sentence):
    names = set(re.findall(r"%\((\w+)\)s", sentence))
    kept = in_english(sentence, **dict.fromkeys(names, "X-1"))
    with translation.override("en"):
        assert in_active_language(kept) == kept
    with translation.override("fr"):
        read = in_active_language(kept)
        assert read == translation.gettext(sentence) % dict.fromkeys(names, "X-1")
        assert read != kept or sentence.startswith("Note")


def test_several_sentences_and_what_people_wrote_themselves():
    beats = "It beats the most popular films and does not fall behind the champion."
    below = "On the protocol temporal it reaches nDCG 0.1803, the most popular films 0.2223."
    with translation.override("fr"):
        assert in_active_language(f"{beats} {below}").count("nDCG de 0,1803") == 1
        assert in_active_language("Better for the weekend. Ask Olga.") == "Better for the weekend. Ask Olga."
        assert in_active_language("") == ""


def test_stages_measures_and_parameters_are_french(as_role):
    job = Job.objects.create(kind="train", state="running", stage="train", parameters={"weighting": "likes"})
    metrics = {"temporal": {"model": {"ndcg": 0.22155, "coverage": 0.3}, "popularity": {"ndcg": 0.1}}}
    ModelVersion.objects.create(version="v1", state="champion", metrics=metrics)
    client = as_role("viewer")
    page = french(client, reverse("admin:recommendations_job_change", args=[job.pk]))
    assert "entraînement du modèle" in page
    assert "ce que les gens aiment" in page
    assert "weighting" not in page
    compare = french(client, reverse("admin:recommendations_modelversion_compare"))
    assert "Couverture" in compare
    assert "les films les plus populaires" in compare
    # Chart and table.
    assert compare.count("0,2216") == 2
    assert "0.22" not in re.sub(r"<svg.*?>|<rect.*?>", "", compare)


def test_the_comparison_names_the_version_beside_each_figure(as_role):
    metrics = {"temporal": {"model": {"ndcg": 0.22155}}}
    ModelVersion.objects.create(version="v1", state="champion", metrics=metrics)
    page = as_role("viewer").get(reverse("admin:recommendations_modelversion_compare")).content.decode()
    assert '<td class="number" data-label="v1">0.2216</td>' in page


def test_a_promotion_shows_its_reason_and_only_an_override_stands_out(as_role):
    version = ModelVersion.objects.create(version="v1", state="champion")
    PromotionEvent.objects.create(version=version, reason="by hand", overridden=True)
    PromotionEvent.objects.create(version=version, reason="trained by the pipeline")
    client = as_role("viewer")
    page = client.get(reverse("admin:recommendations_promotionevent_changelist")).content.decode()
    assert "icon-yes" not in page
    assert "icon-no" not in page
    assert page.count("gate-overridden") == 1
    columns = re.findall(r'<td[^>]* class="field-(\w+)', page)[:6]
    assert columns.index("why") < columns.index("created_at")
    french_page = french(client, reverse("admin:recommendations_promotionevent_changelist"))
    assert "entraînée par la chaîne de traitement" in french_page


def test_a_film_has_bars_and_per_cent(as_role):
    film = Movie.objects.create(
        movielens_id=1, title="Film", original_title="Film", like_share=0.0041, histogram=[1, 0, 2, 3, 1200]
    )
    client = as_role("viewer")
    page = client.get(reverse("admin:recommendations_movie_change", args=[film.pk])).content.decode()
    assert page.count("<meter") == 5
    assert 'max="1200" value="3"' in page
    assert "0.4 %" in page
    assert "[1, 0, 2" not in page
    assert "0.4 %" in client.get(reverse("admin:recommendations_movie_changelist")).content.decode()


@pytest.mark.parametrize(("address", "status"), [("/admin/accounts/user/", 403), ("/admin/nothing/", 404)])
def test_a_refusal_stays_in_the_admin(as_role, address, status):
    answer = as_role("viewer").get(address)
    page = answer.content.decode()
    assert answer.status_code == status
    assert reverse("admin:index") in page
    assert 'id="user-tools"' in page
    assert "css/admin-theme.css" in page
    outside = as_role("person").get("/nothing/at/all/").content.decode()
    assert 'id="user-tools"' not in outside


def test_who_is_outside_does_not_hear_of_an_admin(as_role, settings):
    client = as_role("viewer")
    settings.ADMIN_NETWORKS = ["10.0.0.0/8"]
    answer = client.get("/admin/")
    assert answer.status_code == 404
    assert 'id="user-tools"' not in answer.content.decode()


def test_the_admin_has_the_looks_and_the_theme_of_the_site(as_role):
    client = as_role("viewer")
    client.cookies["theme"] = "dark"
    page = client.get(reverse("admin:index")).content.decode()
    assert "css/tokens.css" in page
    assert "theme-dark" in page
    assert "admin/css/dark_mode.css" not in page
    assert f'action="{reverse("pages:theme")}"' in page
