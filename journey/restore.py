"""A backup back into an empty database: all of it, read back and compared, or nothing."""

from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from accounts.models import AuditEntry
from journey import backup, copying, manifest
from journey.backup import Faulty
from notifications import sending

# What `migrate` writes by itself; where only these have rows, a database counts as empty.
WRITTEN_BY_MIGRATE = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "strategies_heading",
    "strategies_statute",
    "strategies_statutorypoint",
    "workinggroups_legalbasis",
    "workinggroups_partykind",
}


def restore(folder, *, send_mails=False):
    """Bring back the backup in `folder`; return its manifest and the number of mails set aside.

    The database holds nothing yet; files that are there already stay, and must be the same ones.
    Mails that waited are not sent, since they may have gone out after the backup was made.
    Raises Faulty, with nothing changed in the database but its empty tables.
    """
    wanted = backup.check(folder)
    refuse_other_version(wanted)
    refuse_full_database()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    for path, part in wanted.files.items():
        restore_file(folder, path, part)
    try:
        set_aside = restore_database(folder, wanted, send_mails)
    except (DatabaseError, psycopg.Error) as error:  # what COPY raises, Django does not translate
        raise Faulty(f"The database refused the rows: {str(error).splitlines()[0]}.") from error
    ContentType.objects.clear_cache()  # their keys are the backup's from here on
    return wanted, set_aside


def refuse_other_version(wanted):
    here = MigrationLoader(None).disk_migrations
    if difference := manifest.other_version(wanted.migrations, here):
        raise Faulty(
            f"The backup does not fit this version of the portal: {difference}. Restore it with"
            f" the version that made it ({wanted.portal}), then upgrade."
        )


def refuse_full_database():
    with connection.cursor() as cursor:
        names = set(copying.table_names(cursor)) - WRITTEN_BY_MIGRATE
        full = [name for name in sorted(names) if has_rows(cursor, name)]
    if full:
        raise Faulty(f"The database is not empty ({', '.join(full[:3])} …); name an empty one.")


def has_rows(cursor, table):
    cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table)))
    return cursor.fetchone()[0]


def restore_file(folder, path, part):
    """Bring back one file; what stands there already is compared and never overwritten."""
    target = Path(settings.MEDIA_ROOT) / path
    if target.exists():
        if backup.read_file(target) != part:
            raise Faulty(f"Another file stands where {path} belongs; it was not overwritten.")
        return
    with (folder / backup.FILES / path).open("rb") as source, backup.writing(target) as out:
        backup.pour(source, out.write)
    target.chmod(settings.FILE_UPLOAD_PERMISSIONS)


@transaction.atomic(durable=True)
def restore_database(folder, wanted, send_mails):
    with connection.cursor() as cursor:
        cursor.execute(copying.PLAIN)
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # rows name others that come later
        empty(cursor)
        for name, part in wanted.tables.items():
            copying.copy_in(cursor, name, part.columns, pieces(backup.table_file(folder, name)))
        for name, value in wanted.sequences.items():
            cursor.execute("SELECT setval(%s::regclass, %s)", [quoted(name, cursor), value])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        read_back(cursor, wanted)
    set_aside = 0 if send_mails else sending.set_aside()
    note = f"{wanted.rows} rows and {len(wanted.files)} files; {set_aside} mails not sent again"
    AuditEntry.objects.create(
        action="portal.restored", target=f"backup {wanted.made_at}", note=note
    )
    return set_aside


def empty(cursor):
    """Take away what `migrate` has written: the backup brings its own."""
    for name in copying.table_names(cursor):
        if has_rows(cursor, name):
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))


def pieces(path):
    with path.open("rb") as source:
        while chunk := source.read(backup.CHUNK):
            yield chunk


def quoted(name, cursor):
    return sql.Identifier(name).as_string(cursor.connection)


def read_back(cursor, wanted):
    """Compare every table as it stands now with the manifest, before anything is committed."""
    found = {name: copying.copy_out(cursor, name) for name in copying.table_names(cursor)}
    if faults := list(manifest.differences("table", wanted.tables, found)):
        raise Faulty(*faults)
