"""The words in which the rows of the permission matrix are written: people, and what they meet."""

from functools import partial

from tests.conftest import CAST

EVERYONE = " ".join(CAST)
SIGNED_IN = " ".join(CAST[1:])
REST = "member reader partner"
WRITERS = "coordinator member partner"
OWN = f"coordinator {REST}"
EXPERT = "expert"
STAFF = "reviewer lead"
UPKEEP = "lead superuser"
READERS = f"{OWN} {EXPERT} {STAFF}"
TALKERS = f"{WRITERS} {EXPERT}"
MANAGERS = "coordinator lead"


def get(route, about="", *args, method="get", rest="hidden", data=None, **outcomes):
    """about: the fixture whose pk the address names. Each outcome names its people.

    ok, forbidden (403), hidden (404), login, mfa, away (the admin's "not found"); `rest` is what
    those meet who are not named.
    """
    by_person = dict.fromkeys(CAST, rest) | {"anonymous": "login"}
    for outcome, people in outcomes.items():
        by_person |= dict.fromkeys(people.split(), outcome)
    return route, about, args, method, data or {}, by_person


post = partial(get, method="post")
public = partial(get, ok=EVERYONE)


def admin(model, about, *, see, add="", away="", past=""):
    """The admin's pages of one model: who sees the list and the row, who adds, who changes.

    Whoever is staff and not named meets 403; whoever is not staff is sent to the sign-in.
    away: sees the list, but not this row. past: for whom its history is not there either; the
    admin looks for the row there before it asks for the right.
    """
    staff = {"reviewer", "lead", "superuser"}
    here = partial(get, rest="login")
    refused = " ".join(staff - set(see.split()))
    inside = " ".join(set(see.split()) - set(away.split()))
    no_delete = " ".join(staff)
    name = f"admin:{model}_"
    return [
        here(f"{name}changelist", ok=see, forbidden=refused),
        here(f"{name}add", ok=add, forbidden=" ".join(staff - set(add.split()))),
        here(f"{name}change", about, ok=inside, away=away, forbidden=refused),
        here(f"{name}history", about, ok=inside, forbidden=refused, away=f"{away} {past}"),
        here(f"{name}delete", about, forbidden=no_delete),
    ]


NOT_STAFF = partial(get, rest="login")
