from django.core.management.base import BaseCommand

from tests.management.stand_ins.stage import run_stage


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("action")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args, **options):
        run_stage(f"elasticsearch {options['action']}")
        self.stdout.write('{"url": "http://127.0.0.1:9999", "already_running": false}')
