import random
import re
from datetime import timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import sealing, sessions
from accounts.audit import record
from accounts.models import AuditEntry, AuditSeal
from tests.accounts.conftest import PASSWORD, actions, newest_mail
from tests.factories import ApplicationFactory, MembershipFactory

YEARS = timedelta(days=740)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def tamper(statement, *values):
    """What someone with all the power over the database could do."""
    sql("SET LOCAL session_replication_role = replica")  # no trigger fires
    sql(statement, *values)
    sql("SET LOCAL session_replication_role = origin")


@pytest.fixture
def written(db, person):
    """Twenty entries of a while ago, in three seals."""
    lead, town_person = person("lead"), person("member")
    for n in range(20):
        record("user.signed_in", town_person, by=lead, note=f"note {n}")
    tamper("UPDATE accounts_auditentry SET at = at - interval '2 hours'")
    most, sealing.MOST = sealing.MOST, 8
    sealing.seal()
    sealing.MOST = most
    return list(AuditEntry.objects.order_by("pk"))


REFUSED = [
    "UPDATE accounts_auditentry SET note = 'other'",
    "UPDATE accounts_auditentry SET by_id = NULL",
    "DELETE FROM accounts_auditentry",
    "UPDATE accounts_auditseal SET link = 'other'",
    "DELETE FROM accounts_auditseal",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_change_what_is_written(written, statement):
    with pytest.raises(ProgrammingError, match="only added to"), transaction.atomic():
        sql(statement)

    assert AuditEntry.objects.count() == 20
    assert sealing.faults() == []


def test_the_orm_is_refused_too(written):
    with pytest.raises(ProgrammingError, match="only added to"), transaction.atomic():
        AuditEntry.objects.first().delete()
    entry = AuditEntry.objects.first()
    entry.note = "other"
    with pytest.raises(ProgrammingError, match="only added to"), transaction.atomic():
        entry.save()


def test_tables_are_emptied_in_test_databases_only(transactional_db):
    """In a database with any other name, the trigger of our migration refuses TRUNCATE."""
    given = connection.get_connection_params()
    options = {k: given[k] for k in ("host", "port", "user", "password") if given.get(k)}
    name = "audit_drill"
    with psycopg.connect(dbname="postgres", autocommit=True, **options) as link:
        link.execute(f"DROP DATABASE IF EXISTS {name}")
        link.execute(f"CREATE DATABASE {name}")
        try:
            with psycopg.connect(dbname=name, autocommit=True, **options) as drill:
                for table in ("accounts_auditentry", "accounts_auditseal"):
                    drill.execute(f"CREATE TABLE {table} (at timestamptz)")
                drill.execute(append_only())
                for table in ("accounts_auditentry", "accounts_auditseal"):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="TRUNCATE"):
                        drill.execute(f"TRUNCATE {table}")
        finally:
            link.execute(f"DROP DATABASE {name}")


def append_only():
    """The SQL of the function and of the triggers, as this database has them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('accounts_audit_append_only'::regproc)")
        function = cursor.fetchone()[0]
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname IN"
            " ('append_only', 'never_emptied')"
        )
        return ";\n".join([function, *(row[0] for row in cursor.fetchall())])


COLUMNS = ["note", "action", "target", "outcome", "request_id"]
CHANGES = [
    lambda pk, r: tamper(
        f"UPDATE accounts_auditentry SET {r.choice(COLUMNS)} = %s WHERE id = %s",
        f"x{r.random()}"[:10],
        pk,
    ),
    lambda pk, r: tamper("UPDATE accounts_auditentry SET by_id = NULL WHERE id = %s", pk),
    lambda pk, r: tamper("UPDATE accounts_auditentry SET address = '::1' WHERE id = %s", pk),
    lambda pk, r: tamper(
        "UPDATE accounts_auditentry SET at = at + interval '1 microsecond' WHERE id = %s", pk
    ),
    lambda pk, r: tamper("DELETE FROM accounts_auditentry WHERE id = %s", pk),
    lambda pk, r: tamper("UPDATE accounts_auditseal SET link = %s WHERE last >= %s", "0" * 64, pk),
    lambda pk, r: tamper(
        "UPDATE accounts_auditseal SET digest = %s WHERE last >= %s", "0" * 64, pk
    ),
]


def test_a_hundred_of_a_hundred_changes_are_found(written):
    draw = random.Random(20261122)
    assert sealing.faults() == []
    found = 0

    for n in range(100):
        with transaction.atomic():
            CHANGES[n % len(CHANGES)](draw.choice(written).pk, draw)
            found += bool(sealing.faults())
            transaction.set_rollback(True)

    assert found == 100
    assert sealing.faults() == []


def test_an_entry_slipped_in_among_sealed_ones_is_found(written, person):
    pk = written[9].pk
    tamper("DELETE FROM accounts_auditentry WHERE id = %s", pk)
    sql(
        "INSERT INTO accounts_auditentry (id, at, action, target, note, outcome, request_id)"
        " VALUES (%s, now(), 'user.signed_in', '', '', 'done', '')",
        pk,
    )

    with pytest.raises(CommandError, match="not as they were sealed"):
        call_command("check_audit")


def test_the_check_says_the_newest_link_and_finds_one_kept_elsewhere(written, capsys):
    call_command("check_audit")

    said = capsys.readouterr().out
    newest = AuditSeal.objects.last().link
    assert newest in said
    call_command("check_audit", expect=newest)
    with pytest.raises(CommandError, match="is not in the chain"):
        call_command("check_audit", expect="f" * 64)


def test_what_is_younger_than_an_hour_waits_for_the_next_seal(written, person):
    record("user.signed_in", person("member"), by=None)

    assert sealing.seal() == []
    assert AuditSeal.objects.count() == 3


def test_entries_go_after_two_years_and_the_chain_still_holds(written, person):
    tamper("DELETE FROM accounts_auditseal")
    tamper("UPDATE accounts_auditentry SET at = at - %s WHERE id <= %s", YEARS, written[15].pk)
    most, sealing.MOST = sealing.MOST, 8
    sealing.seal()
    sealing.MOST = most

    removed = sealing.remove_old()

    assert removed == 16
    assert list(AuditEntry.objects.filter(pk__lte=written[-1].pk).order_by("pk")) == written[16:]
    assert sealing.faults() == []
    assert actions()[-1] == "auditseal.emptied"
    assert sealing.remove_old() == 0


def test_a_removal_before_the_time_is_found(written):
    first = AuditSeal.objects.first()
    tamper("DELETE FROM accounts_auditentry WHERE id <= %s", first.last)

    assert len(sealing.faults()) == 1


def test_an_entry_knows_from_where_and_in_which_request(client, db, signs_in):
    person = signs_in("member", mfa=False)

    person.give_password(client)

    entry = AuditEntry.objects.get(action="user.signed_in")
    assert (entry.address, entry.by, entry.outcome) == ("127.0.0.1", person.user, "done")
    assert entry.note == "password"


def test_behind_a_proxy_the_address_is_the_visitors(client, db, settings, signs_in):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    person = signs_in("member", mfa=False)
    forged = {"x-forwarded-for": "10.9.9.9, 192.0.2.7"}  # the last one is the proxy's own word

    client.post(
        reverse("account_login"), {"login": person.email, "password": "wrong one"}, headers=forged
    )

    assert AuditEntry.objects.get().address == "192.0.2.7"


def test_a_wrong_password_never_lands_in_the_audit(client, db, signs_in):
    person = signs_in("member", mfa=False)

    person.give_password(client, "CANARY-password")
    client.post(reverse("account_login"), {"login": "CANARY@x.example", "password": "CANARY-2"})

    entries = AuditEntry.objects.order_by("pk")
    assert [entry.target for entry in entries] == [f"accounts.user {person.user.pk}", ""]
    assert not AuditEntry.objects.filter(note__contains="CANARY").exists()


def sign_up(client, signs_in):
    data = {"email": "new@b.example", "password1": PASSWORD, "name": "N", "language": "en"}
    client.post(reverse("account_signup"), data)


def confirm_address(client, signs_in):
    sign_up(client, signs_in)
    link = re.search(r"https?://[^/]+(\S+)", newest_mail("new@b.example").text).group(1)
    client.post(link)


def signed_in(client, signs_in):
    person = signs_in("member", mfa=False)
    person.give_password(client)
    person.prove(client)
    return person


def sign_out(client, signs_in):
    signed_in(client, signs_in)
    client.post(reverse("account_logout"))


def fail(client, signs_in):
    signs_in("member", mfa=False).give_password(client, "not this one")


def change_password(client, signs_in):
    signed_in(client, signs_in)
    new = {
        "oldpassword": PASSWORD,
        "password1": "toinen lumi tulee",
        "password2": "toinen lumi tulee",
    }
    client.post(reverse("account_change_password"), new)


def reset_password(client, signs_in):
    person = signs_in("member", mfa=False)
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = re.search(r"https?://[^/]+(\S+)", newest_mail(person.email).text).group(1)
    form = client.get(link, follow=True)
    new = {"password1": "toinen lumi tulee", "password2": "toinen lumi tulee"}
    client.post(form.redirect_chain[-1][0], new)


def change_address(client, signs_in):
    signed_in(client, signs_in)
    client.post(reverse("account_email"), {"email": "other@b.example", "action_add": ""})
    link = re.search(r"https?://[^/]+(\S+)", newest_mail("other@b.example").text).group(1)
    client.post(link)


def new_codes(client, signs_in):
    person = signs_in("member")
    person.give_password(client)
    person.give_code(client)
    person.prove(client)
    client.post(reverse("mfa_generate_recovery_codes"))


def remove_app(client, signs_in):
    person = signs_in("member")
    person.give_password(client)
    person.give_code(client)
    person.prove(client)
    client.post(reverse("mfa_deactivate_totp"))


def add_app(client, signs_in):
    person = signed_in(client, signs_in)
    client.get(reverse("mfa_activate_totp"))
    person.secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": person.code()})


def end_sessions(client, signs_in):
    signed_in(client, signs_in)
    client.post(reverse("usersessions_list"))


KINDS = [
    (sign_up, "user.created"),
    (confirm_address, "user.address_confirmed"),
    (signed_in, "user.signed_in"),
    (sign_out, "user.signed_out"),
    (fail, "user.sign_in_failed"),
    (change_password, "user.password_changed"),
    (reset_password, "user.password_reset"),
    (change_address, "user.address_changed"),
    (add_app, "factor.added"),
    (remove_app, "factor.removed"),
    (new_codes, "factor.added"),
    (end_sessions, "user.sessions_ended"),
]


@pytest.mark.parametrize(("act", "kind"), KINDS)
def test_what_happens_to_signing_in_is_written_down(transactional_db, client, signs_in, act, kind):
    act(client, signs_in)

    assert kind in actions()


@pytest.mark.parametrize("name", ["reviewer", "expert"])
def test_staff_and_experts_who_fetch_a_municipalitys_file_leave_a_trace(
    client, person, with_reports, name
):
    client.force_login(person(name))

    response = client.get(reverse("indexanalysis:download", args=[with_reports.pk, "fi"]))

    assert b"CANARY" in b"".join(response.streaming_content)
    entry = AuditEntry.objects.get(action="assessment.report_downloaded")
    assert (entry.by, entry.municipality) == (person(name), with_reports.municipality)


def test_the_municipality_fetches_its_own_file_without_a_trace(client, coordinator, with_receipt):
    client.force_login(coordinator)

    response = client.get(reverse("applications:receipt", args=[with_receipt.pk]))

    assert b"CANARY" in b"".join(response.streaming_content)
    assert "application.receipt_downloaded" not in actions()


def test_ended_sessions_are_told_to_the_audit_once(db, person):
    sessions.end_all(person("member"), by=person("lead"))

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by) == ("user.sessions_ended", person("lead"))
    assert entry.at <= timezone.now()


def test_staff_with_a_part_in_a_municipality_do_not_read_who_reviews_it(lead, town):
    record("review.assigned", ApplicationFactory(municipality=town, in_review=True), by=None)
    record("review.assigned", ApplicationFactory(in_review=True), by=None)

    assert AuditEntry.objects.visible_to(lead).count() == 2
    MembershipFactory(user=lead, municipality=town)

    assert AuditEntry.objects.visible_to(lead).count() == 1
