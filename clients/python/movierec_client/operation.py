"""Operation of the API. Made by scripts/make_client.py from the API's schema; changes by hand are lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from movierec_client.connection import Connection, segment


class Operation:
    """The operations under “Operation”."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def catalogue_exposure_read(self) -> Any:
        """Exposure of new films.

        How much of a list films put after training may have. A viewer's token needs the scope `read`,
        those of others the scope `operate`. For the roles viewer, operator, admin.
        """
        return self._connection.call("GET", "/api/v1/catalogue/exposure/")

    def catalogue_exposure_put(self, body: Mapping[str, Any]) -> Any:
        """Change the exposure of new films.

        It holds for every list that is made from now on. A token needs the scope `operate`. For the roles
        operator, admin.
        """
        return self._connection.call("PUT", "/api/v1/catalogue/exposure/", body=body)

    def catalogue_films_list(self, *, cursor: str | None = None, limit: int | None = None) -> Any:
        """Films put after training.

        Newest first, in pages; without those that were withdrawn. A viewer's token needs the scope
        `read`, those of others the scope `operate`. For the roles viewer, operator, admin.

        ``cursor``: The `next` of the page before, with the same other parameters.

        ``limit``: How many on a page.
        """
        return self._connection.call(
            "GET", "/api/v1/catalogue/films/", query={"cursor": cursor, "limit": limit}
        )

    def catalogue_films_put_many(self, body: Mapping[str, Any]) -> Any:
        """Put or change many films.

        At most 500, all of them or none; each as `PUT /api/v1/catalogue/films/{key}/`. A token needs the
        scope `operate`. For the roles operator, admin.
        """
        return self._connection.call("PUT", "/api/v1/catalogue/films/", body=body)

    def catalogue_films_read(self, key: str) -> Any:
        """A film put after training.

        As it was put. 404 if there is none with this key, or if it was withdrawn. A viewer's token needs
        the scope `read`, those of others the scope `operate`. For the roles viewer, operator, admin.

        ``key``: Your key for the film: 1 to 100 characters, percent-encoded, without `/`.
        """
        return self._connection.call("GET", f"/api/v1/catalogue/films/{segment(key)}/")

    def catalogue_films_put(self, key: str, body: Mapping[str, Any]) -> Any:
        """Put or change a film.

        Searches find it at once, and within a minute it is in the lists of people whose taste it fits,
        without any training. What is left out is unknown from now on. 201 if the film is new; 409 if the
        catalogue has it from the data or under another key. A film that was withdrawn comes back with
        what people said of it. A token needs the scope `operate`. For the roles operator, admin.

        ``key``: Your key for the film: 1 to 100 characters, percent-encoded, without `/`.
        """
        return self._connection.call("PUT", f"/api/v1/catalogue/films/{segment(key)}/", body=body)

    def catalogue_films_withdraw(self, key: str) -> Any:
        """Withdraw a film.

        It is no longer found or recommended. What people said of it is kept, and comes back if its key is
        put again. A token needs the scope `operate`. For the roles operator, admin.

        ``key``: Your key for the film: 1 to 100 characters, percent-encoded, without `/`.
        """
        return self._connection.call("DELETE", f"/api/v1/catalogue/films/{segment(key)}/")

    def indices_health(self) -> Any:
        """Index health.

        Of the cluster and of every index of this site, also while Elasticsearch is away. A viewer's token
        needs the scope `read`, those of others the scope `operate`. For the roles viewer, operator,
        admin.
        """
        return self._connection.call("GET", "/api/v1/indices/")

    def jobs_list(
        self,
        *,
        cursor: str | None = None,
        kind: str | None = None,
        limit: int | None = None,
        state: str | None = None,
    ) -> Any:
        """Jobs.

        Newest first, in pages. A viewer's token needs the scope `read`, those of others the scope
        `operate`. For the roles viewer, operator, admin.

        ``cursor``: The `next` of the page before, with the same other parameters.

        ``kind``: Jobs of this kind only.

        ``limit``: How many on a page.

        ``state``: Jobs in this state only.
        """
        return self._connection.call(
            "GET", "/api/v1/jobs/", query={"cursor": cursor, "kind": kind, "limit": limit, "state": state}
        )

    def jobs_submit(self, body: Mapping[str, Any]) -> Any:
        """Submit a job.

        Queues a job on the cluster; there is at most one of a kind at a time (409 otherwise). With the
        header `Idempotency-Key` a repeated request answers 200 with the job of the first one. Follow the
        job at its address until `active` is false. A token needs the scope `operate`. For the roles
        operator, admin.
        """
        return self._connection.call("POST", "/api/v1/jobs/", body=body)

    def jobs_read(self, job_id: int) -> Any:
        """A job.

        As it stands, and everything that happened to it. A viewer's token needs the scope `read`, those
        of others the scope `operate`. For the roles viewer, operator, admin.

        ``job_id``: The `id` of the job.
        """
        return self._connection.call("GET", f"/api/v1/jobs/{segment(job_id)}/")

    def jobs_cancel(self, job_id: int) -> Any:
        """Cancel a job.

        A queued one at once, a running one within seconds; 409 if it has ended. A token needs the scope
        `operate`. For the roles operator, admin.

        ``job_id``: The `id` of the job.
        """
        return self._connection.call("POST", f"/api/v1/jobs/{segment(job_id)}/cancel/")

    def jobs_log(self, job_id: int, *, lines: int | None = None) -> Any:
        """A job's log.

        Its last lines; passwords and keys are taken out. A viewer's token needs the scope `read`, those
        of others the scope `operate`. For the roles viewer, operator, admin.

        ``job_id``: The `id` of the job.

        ``lines``: The last ones.
        """
        return self._connection.call("GET", f"/api/v1/jobs/{segment(job_id)}/log/", query={"lines": lines})

    def jobs_retry(self, job_id: int) -> Any:
        """Run a job again.

        A new job like one that failed, was cancelled or lost; 409 for any other. A token needs the scope
        `operate`. For the roles operator, admin.

        ``job_id``: The `id` of the job.
        """
        return self._connection.call("POST", f"/api/v1/jobs/{segment(job_id)}/retry/")

    def models_list(self, *, cursor: str | None = None, limit: int | None = None) -> Any:
        """Model versions.

        Newest first, in pages. A viewer's token needs the scope `read`, those of others the scope
        `operate`. For the roles viewer, operator, admin.

        ``cursor``: The `next` of the page before, with the same other parameters.

        ``limit``: How many on a page.
        """
        return self._connection.call("GET", "/api/v1/models/", query={"cursor": cursor, "limit": limit})

    def models_read(self, version: str) -> Any:
        """A model version.

        Its parameters, its measures, what the gate found, and its promotions. A viewer's token needs the
        scope `read`, those of others the scope `operate`. For the roles viewer, operator, admin.

        ``version``: The name of the version.
        """
        return self._connection.call("GET", f"/api/v1/models/{segment(version)}/")

    def models_promote(self, version: str, body: Mapping[str, Any]) -> Any:
        """Promote a model version.

        Makes it the champion after a smoke test. 409 if the gate refuses it (unless overridden), if it is
        the champion already, if its files or indices are not whole, or if Elasticsearch does not answer;
        nothing is switched then. A token needs the scope `operate`. For the roles operator, admin.

        ``version``: The name of the version.
        """
        return self._connection.call("POST", f"/api/v1/models/{segment(version)}/promote/", body=body)

    def models_compare(self, *, versions: str | None = None) -> Any:
        """Compare model versions.

        Every measure that one of them has; at most 6 versions, newest first. A viewer's token needs the
        scope `read`, those of others the scope `operate`. For the roles viewer, operator, admin.

        ``versions``: Names with commas between; else the champion, its predecessor and the newest.
        """
        return self._connection.call("GET", "/api/v1/models/compare/", query={"versions": versions})

    def models_rollback(self, body: Mapping[str, Any]) -> Any:
        """Roll back.

        Makes the last champion that nobody has rolled away from the champion again. 409 if there is none,
        if the gate has refused it (unless overridden; the detail says why), if its files or indices are
        not whole, or if Elasticsearch does not answer; nothing is switched then. A token needs the scope
        `operate`. For the roles operator, admin.
        """
        return self._connection.call("POST", "/api/v1/models/rollback/", body=body)

    def schedules_list(self) -> Any:
        """Schedules.

        Which job is submitted when, by name. A viewer's token needs the scope `read`, those of others the
        scope `operate`. For the roles operator, admin.
        """
        return self._connection.call("GET", "/api/v1/schedules/")

    def schedules_read(self, schedule_id: int) -> Any:
        """A schedule.

        When it submits which job. A viewer's token needs the scope `read`, those of others the scope
        `operate`. For the roles operator, admin.

        ``schedule_id``: The `id` of the schedule.
        """
        return self._connection.call("GET", f"/api/v1/schedules/{segment(schedule_id)}/")

    def schedules_change(self, schedule_id: int, body: Mapping[str, Any] | None = None) -> Any:
        """Change a schedule.

        Switch it on or off, or give it other times (UTC). What is left out stays. A token needs the scope
        `operate`. For the roles operator, admin.

        ``schedule_id``: The `id` of the schedule.
        """
        return self._connection.call("PATCH", f"/api/v1/schedules/{segment(schedule_id)}/", body=body)
