from django.db import transaction

from accounts import workflow
from applications import permissions
from applications.models import Call


@transaction.atomic
def publish(call, *, by):
    """Make a drafted call public; from then on its dates decide whether it is open."""
    rules = {(Call.State.DRAFT, Call.State.PUBLISHED): permissions.can_publish}
    return workflow.move(call, Call.State.PUBLISHED, rules, by=by)
