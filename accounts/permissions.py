from accounts.models import AccessRequest
from accounts.roles import RANK


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


def hats(user, town):
    """The parts that `user` has now in the municipality, read afresh: they may just have ended."""
    return user.memberships.current().filter(municipality=town)


def coordinates(user, town):
    return hats(user, town).coordinating().exists()


def can_manage(user, town):
    """Let people in, change their parts and end them: its coordinators, and leads."""
    return "lead" in user.staff_groups or coordinates(user, town)


def can_give(user, town, role):
    """A role up to the own one, so that nobody lifts others, or themselves, above it."""
    if "lead" in user.staff_groups:
        return True
    own = [RANK[held] for held in hats(user, town).values_list("role", flat=True)]
    return can_manage(user, town) and RANK[role] <= max(own, default=-1)


def can_hand_over(user, membership):
    """A coordinator gives the coordination to somebody else who works for the municipality."""
    fits = membership.user_id != user.pk and not membership.party and not membership.has_ended
    return fits and coordinates(user, membership.municipality_id)


def can_accept(user, invitation):
    """Whoever has proved to own the invited address; the staff take no part in a municipality."""
    addresses = user.emailaddress_set.filter(verified=True)
    return not user.is_staff and addresses.filter(email__iexact=invitation.email).exists()


def can_revoke(user, invitation):
    return can_manage(user, invitation.municipality_id)


def can_read_audit(user, town):
    """A coordinator reads what happened in the own municipality; leads and upkeep read all."""
    return user.is_superuser or can_manage(user, town)
