"""``manage.py simulate``: people with hidden tastes use the API as another site's people do."""

from __future__ import annotations

import random
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recommendations.management.simulated_people import (
    PREFIX,
    Client,
    SimulationError,
    Tally,
    draw_people,
    live_a_day,
)
from recommendations.selectors.lists.person import RecommendationError
from recommendations.selectors.lists.world import require_champion


class Command(BaseCommand):
    """Sends what made-up people do, day by day; one day after the other, without waiting for the next morning."""

    help = (
        "Fills a running site with what made-up people do: their hidden tastes are drawn from the champion, and they ask for "
        "lists, look, open, rate and hide over the API, with a token of the scopes people:read and people:write."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:5000", help="default: %(default)s")
        parser.add_argument("--token", required=True)
        parser.add_argument("--people", type=int, default=2_000, help="default: %(default)s")
        parser.add_argument("--days", type=int, default=30, help="default: %(default)s")
        parser.add_argument("--seed", type=int, default=1, help="the same people for the same seed")
        parser.add_argument(
            "--forget", action="store_true", help="delete these people and what they did, and do no more"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        client, chance = Client(options["url"], options["token"]), random.Random(options["seed"])
        try:
            if options["forget"]:
                self._forget(client, options["people"])
                return
            champion = require_champion()
            people = draw_people(champion, options["people"], chance)
            client.call("POST", "bulk/people/", [{"key": person.key} for person in people])
            for day in range(1, options["days"] + 1):
                tally = Tally()
                live_a_day(client, champion, people, chance, tally)
                self.stdout.write(
                    f"day {day}: {tally.lists} lists, {tally.events} events ({tally.refused} refused), "
                    f"{tally.ratings} ratings"
                )
        except (SimulationError, RecommendationError, OSError) as error:
            raise CommandError(str(error)) from error

    def _forget(self, client: Client, number: int) -> None:
        gone = 0
        for place in range(number):
            try:
                client.call("DELETE", f"people/{PREFIX}{place}/")
                gone += 1
            except SimulationError as error:
                if " 404 " not in str(error):
                    raise
        self.stdout.write(f"{gone} people are forgotten.")
