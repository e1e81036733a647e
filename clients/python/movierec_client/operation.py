"""Operation of the API. Made by scripts/make_client.py from the API's schema; changes by hand are lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from movierec_client.connection import Connection, segment


class Operation:
    """The operations under “Operation”."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
