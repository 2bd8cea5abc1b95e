"""Rows that take long to make: made once in a process, and put back wherever a test needs them."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from journey.copying import copy_in, copy_out, sequences, table_names


def keep(starts=""):
    """The rows of all tables whose name starts so: each table's columns and lines; and the keys."""
    tables = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for table in table_names(cursor):
            if table.startswith(starts):
                lines = []
                part = copy_out(cursor, table, lambda line, lines=lines: lines.append(bytes(line)))
                tables[table] = part.columns, lines
        keys = sequences(cursor).items()
        return tables, {name: value for name, value in keys if name.startswith(starts)}


def put_back(kept, *, emptied=False):
    """Without triggers: rows come in any order, and what is append-only is emptied too."""
    tables, keys = kept
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        if not emptied:
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        for table, (columns, lines) in tables.items():
            if lines:
                copy_in(cursor, table, columns, lines)
        for sequence, value in keys.items():
            cursor.execute("SELECT setval(%s, %s)", [sequence, value])
        cursor.execute("SET LOCAL session_replication_role = origin")  # a test may go on in here
    ContentType.objects.clear_cache()
