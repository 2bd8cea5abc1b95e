from accounts.models import AccessRequest


def can_decide_access(user, request):
    """Staff let a municipality's first person in; nobody decides on themselves."""
    return bool(user.staff_groups) and request.user_id != user.pk


def can_answer(user, request):
    return request.state == AccessRequest.State.PENDING and can_decide_access(user, request)
