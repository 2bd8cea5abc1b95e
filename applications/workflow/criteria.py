from django.utils.translation import gettext as _

from accounts.workflow import Refused
from applications.models import Call


def keep_unopened(call):
    """Lock the call while its criteria and scale are changed; Refused once it has opened.

    Whoever applies knows by what it is judged. The lock stays until the change is stored.
    """
    if Call.objects.select_for_update(of=("self",)).get(pk=call.pk).is_fixed:
        raise Refused(_("The call has opened, so its criteria and its scale stay as they are."))
