from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record_reading
from accounts.workflow import Refused
from applications.models import Letter
from applications.workflow import letters
from documents.serving import serve


def visible(request, pk):
    rows = Letter.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("application", "document"), pk=pk)


@require_safe
def letter_download(request, pk):
    letter = visible(request, pk)
    response = serve(letter.document)
    record_reading("letter.downloaded", letter, by=request.user)
    return response


@require_POST
def letter_again(request, pk):
    letter = visible(request, pk)
    try:
        letters.ask_again(letter, by=request.user)
    except Refused as why:
        messages.error(request, str(why))
    else:
        messages.success(request, _("The letter is being made again."))
    return redirect(letter.application)
