from django.core.management.base import BaseCommand, CommandError

from accounts import sealing
from accounts.models import AuditSeal


class Command(BaseCommand):
    help = "Checks that the sealed entries of the audit are as they were written; fails if not."

    def add_arguments(self, parser):
        parser.add_argument(
            "--expect",
            metavar="LINK",
            help="a link that was kept elsewhere and must be in the chain",
        )

    def handle(self, *, expect, **options):
        found = sealing.faults()
        if expect and not AuditSeal.objects.filter(link=expect).exists():
            found.append(f"The link {expect} is not in the chain.")
        if found:
            raise CommandError("\n".join(found))
        seals = AuditSeal.objects.count()
        newest = AuditSeal.objects.last()
        self.stdout.write(f"{seals} seals fit. Newest link: {newest.link if newest else 'none'}")
