from django.core.management.base import BaseCommand

from tests.management.stand_ins.stage import run_stage


class Command(BaseCommand):
    def handle(self, *args, **options):
        run_stage("run_pipeline")
