"""The restore drill: a filled portal is copied, lost, brought back, compared and signed in to."""

import io
import json
import shutil
import stat
import time
from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import AuditEntry, User
from applications.models import Application
from documents.workflow import ask_again
from indexanalysis.models import IndexReport
from indexanalysis.tasks import produce_report
from journey import backup as backups
from notifications.models import Mail
from tests.conftest import QUICK

pytestmark = pytest.mark.xdist_group("world")  # made once, in one process


@pytest.fixture(scope="module")
def origin(databases, fill_with_world, tmp_path_factory):
    """A portal with the seeded world, a report that its task has made, a session, and a backup."""
    root = tmp_path_factory.mktemp("origin")
    with override_settings(MEDIA_ROOT=root / "files", PASSWORD_HASHERS=QUICK):
        migrated = databases()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        name = databases(migrated)
        world = fill_with_world()
        report = make_report()
        session = Client()
        session.force_login(User.objects.get(email="member@a.world.example"))
        call_command("backup", root / "backup", stdout=io.StringIO())
        waiting, held = Mail.objects.waiting().count(), Mail.objects.held().count()
    return SimpleNamespace(
        database=name,
        migrated=migrated,
        folder=root / "backup",
        files=root / "files",
        world=world,
        report=report,
        session=session,
        waiting=waiting,
        held=held,
    )


def make_report():
    report = IndexReport.objects.filter(language="sv").select_related("document").first()
    ask_again(report.document)
    produce_report(report.document_id)
    report.document.refresh_from_db()
    assert report.document.is_ready
    return report


@pytest.fixture
def copy(origin, tmp_path):
    """A copy of the backup, to be spoilt."""
    return shutil.copytree(origin.folder, tmp_path / "copy")


@pytest.fixture
def elsewhere(origin, databases, settings, tmp_path):
    """A database with empty tables, and an empty folder: another machine, just installed."""
    settings.MEDIA_ROOT = tmp_path / "files"
    databases(origin.migrated)


@pytest.fixture(scope="module")
def restored(origin, databases, tmp_path_factory):
    """The backup, brought back into a database without tables; and what the command said."""
    said = io.StringIO()
    files = tmp_path_factory.mktemp("restored")
    with override_settings(MEDIA_ROOT=files):
        name = databases()
        call_command("restore", origin.folder, stdout=said)
    return SimpleNamespace(database=name, files=files, said=said.getvalue())


@pytest.fixture
def there(restored, databases, settings):
    settings.MEDIA_ROOT = restored.files
    databases.use(restored.database)
    return restored


def test_rows_and_files_are_all_there_again(origin, there):
    wanted = backups.opened(origin.folder)

    assert f"{wanted.rows} rows and {len(wanted.files)} files, all compared" in there.said
    stored = [path for path in there.files.rglob("*") if path.is_file()]
    assert len(wanted.files) == len(stored) > 10
    assert Application.objects.count() == 38


def test_nothing_differs_but_what_the_restore_itself_has_written(origin, there):
    differences = list(backups.compare(backups.opened(origin.folder)))

    assert [line.split()[2] for line in differences] == [
        "accounts_auditentry",
        "notifications_mail",
    ]


def test_the_backup_equals_the_portal_it_was_made_of(origin, databases, settings):
    settings.MEDIA_ROOT = origin.files
    databases.use(origin.database)
    said = io.StringIO()

    call_command("verify", origin.folder, "--live", stdout=said)

    assert "are as they were in the portal too" in said.getvalue()


def test_verify_says_what_has_changed_in_the_portal_since(origin, copy, there):
    User.objects.filter(email="stranger@world.example").update(language="sv")

    with pytest.raises(CommandError, match="The table accounts_user is not what it was"):
        call_command("verify", copy, "--live")


def test_people_sign_in_with_password_and_code(origin, there, client, settings):
    settings.PASSWORD_HASHERS = QUICK
    person = origin.world["people"]["lead"]
    code = format_hotp_value(hotp_value(person["totp_secret"], int(time.time()) // 30))
    login = {"login": person["email"], "password": person["password"]}

    asked = client.post(reverse("account_login"), login)
    client.post(asked.url, {"code": code})
    page = client.get(reverse("journey:home"))

    assert page.status_code == 200
    assert person["name"] in page.text


def test_sessions_from_before_are_invalid(origin, there):
    page = origin.session.get(reverse("journey:home"))

    assert page.url.startswith(reverse("account_login"))


def test_a_report_made_before_opens(origin, there, client):
    client.force_login(User.objects.get(email="coordinator@a.world.example"))
    address = reverse("indexanalysis:download", args=[origin.report.assessment_id, "sv"])

    response = client.get(address)

    assert b"".join(response.streaming_content).startswith(b"%PDF-1.7")


def test_mails_that_waited_or_were_held_are_not_sent_again_and_the_audit_says_so(origin, there):
    entry = AuditEntry.objects.get(action="portal.restored")

    unsent = origin.waiting + origin.held
    assert min(origin.waiting, origin.held) > 2
    assert not (Mail.objects.waiting() | Mail.objects.held()).exists()
    assert f"{unsent} mails not sent again" in entry.note
    assert Mail.objects.filter(state="failed", failure="set_aside").count() == unsent


def test_new_rows_get_keys_of_their_own(there):
    newest = User.objects.order_by("-pk").first().pk

    user = User.objects.create(email="new@world.example", name="New")

    assert user.pk > newest
    user.delete()


def test_asked_to_the_restore_leaves_the_mails_waiting(origin, elsewhere):
    call_command("restore", origin.folder, "--send-mails", stdout=io.StringIO())

    assert Mail.objects.waiting().count() == origin.waiting


def test_a_backup_is_for_its_owners_eyes_alone(origin):
    modes = {stat.S_IMODE(path.stat().st_mode) for path in origin.folder.rglob("*")}

    assert stat.S_IMODE(origin.folder.stat().st_mode) == 0o700
    assert modes == {0o700, 0o600}


def test_sessions_and_the_cache_are_not_in_it(origin):
    made = backups.opened(origin.folder)

    assert {"django_session", "cache"} <= set(made.left_out)
    assert not {"django_session", "cache"} & set(made.tables)


def test_a_folder_with_something_in_it_is_never_written_to(tmp_path):
    (tmp_path / "precious").write_text("precious")

    with pytest.raises(CommandError, match="not empty; a backup never overwrites"):
        call_command("backup", tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_a_file_that_a_row_names_and_nobody_has_is_told(origin, databases, settings, tmp_path):
    settings.MEDIA_ROOT = shutil.copytree(origin.files, tmp_path / "files")
    databases.use(origin.database)
    lost = origin.report.document.file.name
    (tmp_path / "files" / lost).unlink()

    with pytest.raises(CommandError, match=f"whole, but the portal lacks files it names: {lost}"):
        call_command("backup", tmp_path / "backup", stdout=io.StringIO())

    assert backups.check(tmp_path / "backup").missing == (lost,)


def first(folder, pattern):
    return min(folder.rglob(pattern))


def spoil_row(folder):
    table = folder / "tables" / "accounts_user.copy"
    table.write_text(table.read_text().replace("stranger@", "attacker@"))


def drop_row(folder):
    table = folder / "tables" / "accounts_user.copy"
    table.write_text("".join(table.read_text().splitlines(keepends=True)[1:]))


def spoil_manifest(folder):
    file = folder / "manifest.json"
    file.write_text(file.read_text().replace('"rows": 0', '"rows": 1', 1))


SPOILT = {
    "a tampered row": (spoil_row, "The table accounts_user is not what it was"),
    "a row less": (drop_row, "The table accounts_user is not what it was"),
    "a table less": (
        lambda folder: (folder / "tables" / "accounts_user.copy").unlink(),
        "The table accounts_user is missing",
    ),
    "a table more": (
        lambda folder: (folder / "tables" / "extra.copy").write_text(""),
        "The table extra is not in the manifest",
    ),
    "a broken file": (
        lambda folder: first(folder, "*.pdf").write_bytes(b"%PDF"),
        r"The file documents/.*pdf is not what it was",
    ),
    "a file less": (
        lambda folder: first(folder, "*.pdf").unlink(),
        r"The file documents/.*pdf is missing",
    ),
    "a file more": (
        lambda folder: (folder / "files" / "more.pdf").write_text(""),
        "The file more.pdf is not in the manifest",
    ),
    "a changed manifest": (spoil_manifest, "The manifest was changed, or .* another SECRET_KEY"),
    "no manifest": (
        lambda folder: (folder / "manifest.json").unlink(),
        "holds no finished backup",
    ),
    "no seal": (lambda folder: (folder / "manifest.seal").unlink(), "holds no finished backup"),
}


@pytest.mark.parametrize("fault", SPOILT)
@pytest.mark.parametrize("command", ["verify", "restore"])
def test_a_spoilt_backup_is_refused_in_words(copy, databases, command, fault):
    spoil, sentence = SPOILT[fault]
    spoil(copy)

    with pytest.raises(CommandError, match=sentence):
        call_command(command, copy)


def reseal(folder, **changes):
    """Change a manifest as only somebody with the portal's secret could."""
    made = json.loads((folder / "manifest.json").read_text()) | changes
    (folder / "manifest.json").unlink()
    (folder / "manifest.seal").unlink()
    backups.seal(folder, json.dumps(made))


def test_another_version_s_backup_is_refused_before_anything_is_touched(copy, elsewhere):
    made = json.loads((copy / "manifest.json").read_text())
    reseal(copy, migrations=[*made["migrations"], ["accounts", "0099_later"]], portal="9.0")

    with pytest.raises(CommandError, match=r"\(accounts.0099_later is unknown here\).*\(9.0\)"):
        call_command("restore", copy)

    assert not User.objects.exists()


def test_another_secret_is_refused(origin, settings):
    settings.SECRET_KEY = "another-secret"

    with pytest.raises(CommandError, match="another SECRET_KEY"):
        call_command("verify", origin.folder)


def test_a_former_secret_still_opens_it(origin, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a-newer-secret"

    call_command("verify", origin.folder, stdout=io.StringIO())


def test_a_database_with_people_in_it_is_refused(origin, there):
    people = User.objects.count()

    with pytest.raises(CommandError, match=r"The database is not empty \(account_emailaddress"):
        call_command("restore", origin.folder)

    assert User.objects.count() == people


def test_a_file_that_stands_in_the_way_is_not_overwritten(origin, elsewhere, settings):
    path = min(backups.opened(origin.folder).files)
    other = settings.MEDIA_ROOT / path
    other.parent.mkdir(parents=True)
    other.write_text("other")

    with pytest.raises(CommandError, match=f"Another file stands where {path} belongs"):
        call_command("restore", origin.folder)

    assert other.read_text() == "other"
    assert not User.objects.exists()


def test_rows_that_do_not_fit_together_are_refused_whole(copy, elsewhere):
    """Sealed and yet wrong: the database's own constraints have the last word."""
    table = copy / "tables" / "applications_review.copy"
    table.write_text(table.read_text().replace("\t80\t", "\t999\t"))
    made = json.loads((copy / "manifest.json").read_text())
    part = backups.read_file(table)
    made["tables"]["applications_review"] |= {"size": part.size, "sha256": part.sha256}
    reseal(copy, tables=made["tables"])

    with pytest.raises(CommandError, match=r"The database refused the rows: .*score_up_to_100"):
        call_command("restore", copy)

    assert not User.objects.exists()
