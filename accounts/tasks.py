import logging

from celery import shared_task

from accounts import limits, sealing
from accounts.workflow.memberships import gaps, warn
from municipalities.models import Municipality

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def sweep_tallies():
    limits.sweep()


@shared_task(ignore_result=True)
def seal_audit():
    """The newest link goes into the log too: kept elsewhere, it proves the whole chain."""
    for made in sealing.seal():
        log.info("audit sealed up to entry %s: %s", made.last, made.link)


@shared_task(ignore_result=True)
def shorten_audit():
    sealing.remove_old()


@shared_task(ignore_result=True)
def warn_coordinators():
    """Tell coordinators in time that nobody coordinates after a day; run again, nothing doubles."""
    days = gaps()
    for town in Municipality.objects.filter(pk__in=days):
        warn(town, days[town.pk])
