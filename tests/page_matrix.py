"""Who may do what outside the API: for each route the level that GET and the level that POST asks for.

``VISIT`` is a page about whoever looks: somebody signed in, or a visitor who has said how to start; others are sent
home. ``UNANSWERED`` is a method that the route does not have, ``MISSING`` a page that does not exist.
"""

from __future__ import annotations

from tests.actors import ADMINISTER, NOBODY, OPEN, OPERATE, SEE, SIGNED_IN

VISIT, UNANSWERED, MISSING = "visit", "method not allowed", "not found"
READ, CHANGE = (OPEN, UNANSWERED), (UNANSWERED, VISIT)

PAGES = {
    "pages:home": READ,
    "pages:begin": READ,
    "pages:recommend_session": (OPEN, OPEN),
    "pages:results": (VISIT, UNANSWERED),
    "pages:onboarding": (VISIT, UNANSWERED),
    "pages:ask_again": (UNANSWERED, OPEN),
    "pages:answer": (UNANSWERED, OPEN),
    "pages:pick": (UNANSWERED, OPEN),
    "pages:taste": (VISIT, UNANSWERED),
    "pages:turn": CHANGE,
    "pages:tell": CHANGE,
    "pages:start_over": CHANGE,
    "pages:theme": (UNANSWERED, OPEN),
    "pages:dials": CHANGE,
    "pages:list_kind": CHANGE,
    "pages:hide_stars": CHANGE,
    "pages:events": (UNANSWERED, OPEN),
    "pages:search": READ,
    "pages:suggest": READ,
    "pages:film": READ,
    "pages:why": (VISIT, UNANSWERED),
    "pages:rate": CHANGE,
    "pages:unrate": CHANGE,
    "pages:hide": CHANGE,
    "pages:unhide": CHANGE,
    "pages:watch": CHANGE,
    "pages:unwatch": CHANGE,
    "pages:groups": (OPEN, OPEN),
    # Who has the link may join; there is none with the key "1".
    "pages:group": (MISSING, MISSING),
    "pages:group_floor": (UNANSWERED, MISSING),
    "pages:group_leave": (UNANSWERED, MISSING),
    "pages:group_veto": (UNANSWERED, MISSING),
    **dict.fromkeys(
        (f"pages:{name}" for name in ("see", "unsee", "pause", "resume", "less", "as_before")), CHANGE
    ),
    "pages:own_list": (UNANSWERED, OPEN),
    "pages:cover": READ,
    "pages:model": READ,
    # To the drawn cover.
    "pages:poster": READ,
    # There is no version "1".
    "pages:model_version": (MISSING, UNANSWERED),
    # Nothing is shared under this link.
    "pages:shared": (MISSING, UNANSWERED),
    "pages:shared_picture": (MISSING, UNANSWERED),
    "pages:api_access": (SIGNED_IN, SIGNED_IN),
    "pages:revoke_token": (UNANSWERED, SIGNED_IN),
    "healthz": READ,
    "readyz": READ,
    "metrics": (SEE, UNANSWERED),
    "set_language": (OPEN, OPEN),
    "accounts:profile": (SIGNED_IN, SIGNED_IN),
    "accounts:sign_up": (OPEN, OPEN),
    "accounts:sign_in": (OPEN, OPEN),
    "accounts:sign_out": (UNANSWERED, OPEN),
    "accounts:password": (SIGNED_IN, SIGNED_IN),
    "accounts:password_forgotten": (OPEN, OPEN),
    "accounts:password_sent": READ,
    "accounts:password_reset": (OPEN, OPEN),
    "accounts:email": (SIGNED_IN, SIGNED_IN),
    "accounts:email_confirm": (OPEN, OPEN),
    "accounts:ratings": (VISIT, UNANSWERED),
    "accounts:watchlist": (VISIT, UNANSWERED),
    "accounts:hidden": (VISIT, UNANSWERED),
    **dict.fromkeys((f"accounts:{kind}" for kind in ("seen", "unwanted", "paused")), (VISIT, UNANSWERED)),
    "accounts:lists": (SIGNED_IN, UNANSWERED),
    "accounts:list": (SIGNED_IN, UNANSWERED),
    "accounts:list_share": (UNANSWERED, SIGNED_IN),
    "accounts:list_revoke": (UNANSWERED, SIGNED_IN),
    "accounts:diary": (SIGNED_IN, UNANSWERED),
    "accounts:year": (SIGNED_IN, UNANSWERED),
    "accounts:diary_add": (UNANSWERED, SIGNED_IN),
    "accounts:diary_remove": (UNANSWERED, SIGNED_IN),
    "accounts:import": (SIGNED_IN, SIGNED_IN),
    "accounts:import_apply": (UNANSWERED, SIGNED_IN),
    "accounts:import_waiting": (SIGNED_IN, UNANSWERED),
    "accounts:import_columns": (SIGNED_IN, SIGNED_IN),
    "accounts:import_leave": (UNANSWERED, SIGNED_IN),
    "accounts:imports": (SIGNED_IN, UNANSWERED),
    "accounts:import_undo": (UNANSWERED, SIGNED_IN),
    "accounts:export_json": (SIGNED_IN, UNANSWERED),
    "accounts:export_csv": (SIGNED_IN, UNANSWERED),
    "accounts:export_zip": (SIGNED_IN, UNANSWERED),
    "accounts:export_letterboxd": (SIGNED_IN, UNANSWERED),
    "accounts:delete": (SIGNED_IN, SIGNED_IN),
}
#: Every role may enter the admin, so that SEE is whoever is inside.
ADMIN_PAGES = {
    "index": (SEE, SEE),
    "app_list": (SEE, SEE),
    "login": (OPEN, OPEN),
    "logout": (UNANSWERED, OPEN),
    "password_change": (SEE, SEE),
    "password_change_done": (SEE, UNANSWERED),
    "jsi18n": (SEE, UNANSWERED),
    "view_on_site": (MISSING, MISSING),
    "autocomplete": (ADMINISTER, UNANSWERED),  # for the people of ratings; films are for viewers
    "auth_user_password_change": (ADMINISTER, ADMINISTER),
    "recommendations_job_cancel": (OPERATE, OPERATE),
    "recommendations_job_retry": (UNANSWERED, OPERATE),
    "recommendations_job_seen": (UNANSWERED, OPERATE),
    "recommendations_modelversion_seen": (UNANSWERED, OPERATE),
    "recommendations_modelversion_note": (UNANSWERED, OPERATE),
    "recommendations_job_log": (SEE, UNANSWERED),
    "recommendations_modelversion_compare": (SEE, UNANSWERED),
    "recommendations_modelversion_lists": (SEE, UNANSWERED),
    "recommendations_modelversion_indices": (SEE, UNANSWERED),
    "recommendations_modelversion_promote": (OPERATE, OPERATE),
    "recommendations_modelversion_roll_back": (OPERATE, OPERATE),
    "recommendations_experiment_insights": (SEE, UNANSWERED),
    "recommendations_experiment_start": (OPERATE, OPERATE),
    "recommendations_experiment_end": (OPERATE, OPERATE),
    "recommendations_experiment_promote": (OPERATE, OPERATE),
    "recommendations_houserule_make": (OPERATE, OPERATE),
    "recommendations_houserule_rows": (OPERATE, OPERATE),
    "recommendations_houserule_end": (OPERATE, OPERATE),
    "recommendations_houserule_randomised": (OPERATE, OPERATE),
}
#: Model → the level that seeing, adding, changing and deleting its rows asks for.
ADMIN_MODELS = {
    "accounts_user": (ADMINISTER, ADMINISTER, ADMINISTER, ADMINISTER),
    "admin_logentry": (OPERATE, NOBODY, NOBODY, NOBODY),
    "auth_group": (ADMINISTER, NOBODY, NOBODY, NOBODY),
    "axes_accessattempt": (ADMINISTER, NOBODY, NOBODY, ADMINISTER),
    "axes_accessfailurelog": (NOBODY, NOBODY, NOBODY, NOBODY),
    "axes_accesslog": (ADMINISTER, NOBODY, NOBODY, NOBODY),
    "django_celery_beat_periodictask": (OPERATE, OPERATE, OPERATE, OPERATE),
    "recommendations_experiment": (SEE, NOBODY, NOBODY, NOBODY),
    "recommendations_genre": (SEE, NOBODY, NOBODY, NOBODY),
    "recommendations_hiddenmovie": (ADMINISTER, NOBODY, NOBODY, ADMINISTER),
    "recommendations_pausedmovie": (ADMINISTER, NOBODY, NOBODY, ADMINISTER),
    "recommendations_pickedmovie": (ADMINISTER, NOBODY, NOBODY, ADMINISTER),
    "recommendations_seenmovie": (ADMINISTER, NOBODY, NOBODY, ADMINISTER),
    "recommendations_unwantedmovie": (ADMINISTER, NOBODY, NOBODY, ADMINISTER),
    "recommendations_houserule": (SEE, NOBODY, NOBODY, NOBODY),
    "recommendations_housetag": (SEE, OPERATE, OPERATE, OPERATE),
    "recommendations_job": (SEE, OPERATE, NOBODY, NOBODY),
    "recommendations_modelversion": (SEE, NOBODY, NOBODY, NOBODY),
    "recommendations_movie": (SEE, NOBODY, NOBODY, NOBODY),
    "recommendations_newfilm": (SEE, OPERATE, OPERATE, OPERATE),
    "recommendations_newfilmsstate": (SEE, NOBODY, OPERATE, NOBODY),
    "recommendations_promotionevent": (SEE, NOBODY, NOBODY, NOBODY),
    "recommendations_rating": (ADMINISTER, NOBODY, NOBODY, ADMINISTER),
    "recommendations_watchlistitem": (ADMINISTER, NOBODY, NOBODY, ADMINISTER),
}


def _of_model(see: str, add: str, change: str, delete: str) -> dict[str, tuple[str, str]]:
    return {
        "changelist": (see, see),
        "history": (see, see),
        "change": (see, change),
        "add": (add, add),
        "delete": (delete, delete),
    }


#: Route → the level of GET, the level of POST.
MATRIX = {
    **PAGES,
    **{f"admin:{name}": levels for name, levels in ADMIN_PAGES.items()},
    **{
        f"admin:{model}_{action}": levels
        for model, needed in ADMIN_MODELS.items()
        for action, levels in _of_model(*needed).items()
    },
    # Pages of our own, without a form.
    "admin:recommendations_job_change": (SEE, UNANSWERED),
    "admin:recommendations_experiment_change": (SEE, UNANSWERED),
    "admin:recommendations_houserule_change": (SEE, UNANSWERED),
    "admin:recommendations_modelversion_change": (SEE, UNANSWERED),
}
#: What a POST sends, where nothing would be refused before anybody is asked who they are.
SENT = {
    "pages:rate": {"stars": "4"},
    "pages:answer": {"unseen": "1"},
    "pages:groups": {"name": "Ann"},
    "pages:api_access": {"name": "mine", "scopes": "read", "days": "7"},
    "pages:start_over": {"sure": "1"},
    "accounts:profile": {"age": "30"},
    "admin:recommendations_job_add": {"kind": "train"},
    "admin:recommendations_modelversion_promote": {"reason": "because"},
    "admin:recommendations_experiment_end": {"reason": "because"},
    "admin:recommendations_experiment_promote": {"reason": "because"},
    "admin:recommendations_modelversion_roll_back": {"reason": "because"},
} | {f"admin:{model}_delete": {"post": "yes"} for model in ADMIN_MODELS}
