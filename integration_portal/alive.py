from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.views.decorators.http import require_safe

PATH = "/health/live/"


class Alive:
    """Answer `PATH` before anything asks for a session, the database or the host's name.

    What restarts a web process must not do so because something else is away.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return answer(request) if request.path_info == PATH else self.get_response(request)


@login_not_required
@require_safe
def answer(request):
    response = HttpResponse("ok", content_type="text/plain")
    response["Cache-Control"] = "no-store"
    return response
