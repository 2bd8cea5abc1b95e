from accounts.models import AccessRequest


def can_decide_access(user, request):
    """Staff let a municipality's first person in; nobody decides on themselves."""
    return bool(user.staff_groups) and request.user_id != user.pk


def can_answer(user, request):
    return request.state == AccessRequest.State.PENDING and can_decide_access(user, request)


def can_reset_factor(user, person):
    """Also for ending sessions. Leads help whoever is not staff, upkeep all; nobody themselves."""
    if user.pk == person.pk:
        return False
    return user.is_superuser or ("lead" in user.staff_groups and not person.is_staff)
