from celery import shared_task

from accounts.workflow.memberships import gaps, warn
from municipalities.models import Municipality


@shared_task(ignore_result=True)
def warn_coordinators():
    """Tell coordinators in time that nobody coordinates after a day; run again, nothing doubles."""
    days = gaps()
    for town in Municipality.objects.filter(pk__in=days):
        warn(town, days[town.pk])
