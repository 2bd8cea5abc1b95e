"""People: every hat, in its time, in each of the three towns; and those who wear none there."""

from base64 import b32encode
from datetime import timedelta
from hashlib import sha256

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.audit import record
from accounts.models import AccessRequest, Assignment, Invitation, MailDomain, Membership, User
from accounts.workflow import decide, invitations
from journey.world.book import PORTAL, TOWNS, canary, texts
from municipalities.models import Region
from municipalities.register import demo as store_town

PASSWORD = "three-invented-towns"  # noqa: S105 of invented people; the description prints it

# Names are public, so they hold no canary. B answers in two languages.
MUNICIPALITIES = {
    "A": ("D81", "Aalto-Anttila", "unilingual_fi"),
    "B": ("D82", "Borgbacka", "bilingual_fi_majority"),
    "C": ("D83", "Centrala", "unilingual_sv"),
}

# From and until, in days from today.
NOW, PAST, COMING = (-365, None), (-365, -1), (30, None)

# In each town: what the person is called, the hat's kind, and its time. The coordinator comes last
# of all, by a request for access that is approved.
HATS = {
    "member": ("member", NOW),
    "reader": ("reader", NOW),
    "former": ("member", PAST),
    "future": ("member", COMING),
    "former_coordinator": ("coordinator", PAST),
}
EXPERTS = {"expert": NOW, "past_expert": PAST, "future_expert": COMING}

# How a town's invitations stand. By the accepted one its partner's person has come.
INVITED = ["waiting", "expired", "revoked", "accepted"]

# The mail domains that are known: of B none, and C's people write from elsewhere.
DOMAINS = {"A": "a.world.example", "C": "c.example"}

# Who belongs to no single town: the groups, whether project staff, and hats by town.
OTHERS = {
    "lead": (["lead"], True, {}),
    "second_lead": (["lead"], True, {}),
    "reviewer": (["reviewer"], True, {}),
    "second_reviewer": (["reviewer"], True, {}),
    "superuser": ([], True, {}),
    "observer": (["observer"], False, {}),
    "stranger": ([], False, {}),
    "both": ([], False, {"A": "member", "B": "member"}),
    "reader_of_two": ([], False, {"A": "reader", "C": "member"}),
}
LANGUAGES = {"A": "fi", "B": "sv", "C": "en", PORTAL: "en"}


def fill(world):
    hashed = make_password(PASSWORD)  # costly by design: once for all
    for letter, (code, name, status) in MUNICIPALITIES.items():
        world.towns[letter] = store_municipality(code, name, status)
        world.note(world.towns[letter], "municipality", letter)
        if domain := DOMAINS.get(letter):
            row = MailDomain.objects.create(municipality=world.towns[letter], domain=domain)
            world.note(row, "mail_domain", letter)
    for name, (groups, is_staff, hats) in OTHERS.items():
        user = store_person(world, name, hashed, groups=groups, is_staff=is_staff)
        for letter, role in hats.items():
            give_hat(world, user, letter, role, NOW)
    for letter in TOWNS:
        fill_town(world, letter, hashed)
    for user in world.people.values():
        if user.needs_second_factor:
            TOTP.activate(user, secret(user))


def store_municipality(code, name, status):
    names = {"name_fi": "Uusimaa", "name_sv": "Nyland", "name_en": "Uusimaa"}
    region, _created = Region.objects.get_or_create(code="01", defaults=names)
    facts = {"population": 23_400, "language_status": status}
    return store_town(code, name, name, name, region.code, **facts)


def fill_town(world, letter, hashed):
    for name, (role, time) in HATS.items():
        user = store_person(world, name, hashed, letter)
        give_hat(world, user, letter, role, time)
    for name, time in EXPERTS.items():
        user = store_person(world, name, hashed, letter)
        row = Assignment.objects.create(user=user, municipality=world.towns[letter], **period(time))
        world.note(row, f"assignment.{name}", letter)
        record("assignment.created", row, by=world.people["lead"])
    for name, outcome in {"coordinator": "approved", "turned_away": "declined"}.items():
        request = ask(world, store_person(world, name, hashed, letter), letter, outcome)
        decide(request, outcome, by=world.people["lead"], note=canary(letter, "audit", "note"))
    ask(world, store_person(world, "asking", hashed, letter), letter, "pending")
    coordinator = world.people[f"{letter}.coordinator"].memberships.get()
    world.note(coordinator, "membership.coordinator", letter)
    partner = store_person(world, "partner", hashed, letter)
    for outcome in INVITED:
        invite(world, letter, outcome, partner)


def invite(world, letter, outcome, partner):
    """Have the coordinator invite a partner's person, and let the invitation end as `outcome`."""
    by, town, what = world.people[f"{letter}.coordinator"], world.towns[letter], "invitation"
    words = texts(Invitation, letter, f"{what}.{outcome}")
    email = partner.email if outcome == "accepted" else words["email"]
    terms = {"role": "member", "party": "employment_authority", "language": LANGUAGES[letter]}
    invitations.invite(town, [words | terms | {"email": email}], by=by)
    row = town.invitations.get(email=email)
    if outcome == "expired":
        town.invitations.filter(pk=row.pk).update(expires_at=timezone.now())
    if outcome == "revoked":
        invitations.revoke(row, by=by)
    if outcome == "accepted":
        membership = invitations.accept(row, row.token_hash, by=partner)
        world.note(membership, "membership.partner", letter)
    world.note(row, f"{what}.{outcome}", letter)


def store_person(world, name, hashed, letter=PORTAL, groups=(), is_staff=False):
    full_name = name if letter == PORTAL else f"{letter}.{name}"
    host = "world.example" if letter == PORTAL else f"{letter.lower()}.world.example"
    user = User.objects.create(
        email=f"{name}@{host}",
        name=canary(letter, f"person.{name}", "name"),
        language=LANGUAGES[letter],
        password=hashed,
        is_staff=is_staff,
        is_superuser=name == "superuser",
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    user.groups.set(Group.objects.get_or_create(name=group)[0] for group in groups)
    world.people[full_name] = world.note(user, f"person.{name}", letter)
    return user


def give_hat(world, user, letter, role, time):
    town = world.towns[letter]
    row = Membership.objects.create(user=user, municipality=town, role=role, **period(time))
    record("membership.created", row, by=world.people.get("lead"))
    name = user.email.partition("@")[0]
    return world.note(row, f"membership.{name}", letter)


def period(time):
    today = timezone.localdate()
    since, until = time
    return {
        "since": today + timedelta(days=since),
        "until": None if until is None else today + timedelta(days=until),
    }


def ask(world, user, letter, outcome):
    what = f"access_request.{outcome}"
    town = world.towns[letter]
    words = texts(AccessRequest, letter, what)
    row = AccessRequest.objects.create(user=user, municipality=town, **words)
    record("access_request.made", row, by=user)
    return world.note(row, what, letter)


def secret(user):
    """The same second factor each time the world is made."""
    return b32encode(sha256(user.email.encode()).digest()[:20]).decode()


def described(user):
    return {
        "id": user.pk,
        "email": user.email,
        "name": user.name,
        "password": PASSWORD,
        "totp_secret": secret(user) if user.needs_second_factor else None,
        "groups": sorted(user.groups.values_list("name", flat=True)),
    }


def towns_described(world):
    return {
        letter: {"id": town.pk, "code": town.code, "url": town.get_absolute_url()}
        for letter, town in world.towns.items()
    }
