"""What the description of the API says beside its operations."""

SPECTACULAR_SETTINGS = {
    "TITLE": "movierec API",
    "DESCRIPTION": (
        "Film recommendations learnt from MovieLens with Spark and ranked by Elasticsearch.\n\n"
        "Films, and lists for people of MovieLens or for newcomers, are open to everybody. For lists of your own: "
        "sign up at `POST /api/v1/accounts/`, make a token at `POST /api/v1/tokens/`, send it as "
        "`Authorization: Bearer …` (here: the button Authorize), rate films at `PUT /api/v1/me/ratings/{movie_id}/`, "
        "and ask `GET /api/v1/recommendations/me/?explain=true`. Whoever runs the site takes a token with the scope "
        "`operate`: `POST /api/v1/jobs/` trains, `POST /api/v1/models/{version}/promote/` makes it live.\n\n"
        "Failures are problem details (RFC 9457); 429 and 503 say in `Retry-After` when to go on. What is marked "
        "deprecated works for at least a year more; answers to it have the headers `Deprecation` and `Sunset`."
    ),
    "VERSION": "1",
    "SERVERS": [{"url": "/", "description": "The site that gives this schema."}],
    "LICENSE": {"name": "MIT", "url": "https://opensource.org/license/mit"},
    "CONTACT": {"name": "Whoever runs this site"},
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "recommendations.api.schema.deprecate_parameters",
    ],
    "TAGS": [
        {
            "name": "Recommendations",
            "description": "Ranked lists, for people of MovieLens, for newcomers and for me.",
        },
        {"name": "Films", "description": "The catalogue: open to everybody."},
        {"name": "Access", "description": "Accounts, and the tokens with which programs act for them."},
        {
            "name": "Mine",
            "description": "What is kept about me: profile, ratings, lists, import, export, deletion.",
        },
        {"name": "Events", "description": "What people do with their lists."},
        {
            "name": "Other sites",
            "description": "For programs of other sites: their people by keys of their own, and lists for these.",
        },
        {
            "name": "Operation",
            "description": "For those who run the site: jobs, schedules, model versions, indices.",
        },
    ],
    # The values stand in the schema; “artist: artist” says no more.
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "JobKindEnum": "recommendations.api.operators.job_serializers.KINDS",
        "PartKindEnum": "recommendations.api.lists.PART_KINDS",
        "ListKindEnum": "recommendations.api.serializers.LIST_KINDS",
        "ModelStateEnum": "recommendations.api.operators.model_serializers.STATES",
        "PromotionKindEnum": "recommendations.api.operators.model_serializers.KINDS",
        "EventKindEnum": "recommendations.services.events.intake.KINDS",
        "BatchStateEnum": "recommendations.api.other_sites.serializers.STATES",
        "JobStateEnum": "recommendations.api.operators.job_serializers.STATES",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
