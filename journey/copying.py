"""Tables as streams: PostgreSQL's own COPY in its text form, row after row in the key's order.

It needs no program of PostgreSQL's, is the same in every version of it, and a row is a line. So a
backup and the database it came from have the same checksum, table by table, wherever they are.
"""

import hashlib
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from psycopg import sql

from journey.manifest import Part

# What a value looks like as text depends on these; and a large table may take its time.
PLAIN = """
    SET LOCAL datestyle = 'ISO, MDY'; SET LOCAL intervalstyle = 'postgres';
    SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1;
    SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0
"""
COLUMNS = """
    SELECT column_name, data_type IN ('character varying', 'text', 'character')
    FROM information_schema.columns
    WHERE table_schema = current_schema AND table_name = %s AND is_generated = 'NEVER'
    ORDER BY ordinal_position
"""
KEY = """
    SELECT attname FROM pg_index
    JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
    WHERE indrelid = %s::regclass AND indisprimary ORDER BY array_position(indkey, attnum)
"""


@contextmanager
def snapshot():
    """The database as it stands at one moment, while others go on writing."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(PLAIN)
        yield cursor


def table_names(cursor):
    """All tables, in order, without those whose rows end with a restore."""
    found = connection.introspection.get_table_list(cursor)
    return sorted({table.name for table in found if table.type in "tp"} - set(left_out()))


def left_out():
    """Sessions, so that old ones are invalid after a restore; and the cache."""
    caches = [c["LOCATION"] for c in settings.CACHES.values() if "DatabaseCache" in c["BACKEND"]]
    return tuple(sorted(["django_session", "usersessions_usersession", *caches]))


def columns_of(cursor, table):
    """Name and whether it is text, for each column that is stored and not computed."""
    cursor.execute(COLUMNS, [table])
    return dict(cursor.fetchall())


def copy_out(cursor, table, write=lambda chunk: None):
    """Stream a table's rows to `write`, ordered by its key; return its `Part`."""
    columns = columns_of(cursor, table)
    digest, rows, size = hashlib.sha256(), 0, 0
    with cursor.copy(reading(cursor, table, columns)) as lines:
        for line in lines:
            digest.update(line)
            write(line)
            rows, size = rows + 1, size + len(line)
    return Part(size, digest.hexdigest(), rows, tuple(columns))


def reading(cursor, table, columns):
    statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT")
    names = map(sql.Identifier, columns)
    return statement.format(
        sql.SQL(", ").join(names), sql.Identifier(table), order(cursor, table, columns)
    )


def order(cursor, table, columns):
    """The key, text by its bytes: another server may sort letters by another rule."""
    cursor.execute(KEY, [sql.Identifier(table).as_string(cursor.connection)])
    key = [name for (name,) in cursor.fetchall()] or list(columns)
    bytewise = sql.SQL(' COLLATE "C"')
    return sql.SQL(", ").join(
        sql.Identifier(name) + bytewise if columns[name] else sql.Identifier(name) for name in key
    )


def copy_in(cursor, table, columns, chunks):
    """Add rows that `copy_out` wrote."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with cursor.copy(statement) as lines:
        for chunk in chunks:
            lines.write(chunk)


def sequences(cursor):
    cursor.execute(
        "SELECT sequencename, last_value FROM pg_sequences"
        " WHERE schemaname = current_schema AND last_value IS NOT NULL"
    )
    return dict(cursor.fetchall())


def files_named():
    """The paths of all files that rows of ours name."""
    return {
        path
        for model in apps.get_models()
        for column in model._meta.concrete_fields
        if isinstance(column, models.FileField)
        for path in model.objects.exclude(**{column.name: ""}).values_list(column.name, flat=True)
        if path
    }
