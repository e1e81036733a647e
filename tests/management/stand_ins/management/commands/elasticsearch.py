from django.core.management.base import BaseCommand

from tests.management.stand_ins.stage import run_stage


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("action")

    def handle(self, *args, **options):
        run_stage(f"elasticsearch {options['action']}")
