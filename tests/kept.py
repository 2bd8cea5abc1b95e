"""Rows that take long to make: made once in a process, and put back wherever a test needs them."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from journey.copying import copy_in, copy_out, sequences, table_names


def keep():
    """All rows as they stand: each table's columns and lines, and what its keys have come to."""
    tables = {}
    with transaction.atomic(), connection.cursor() as cursor:
        for table in table_names(cursor):
            lines = []
            part = copy_out(cursor, table, lambda line, lines=lines: lines.append(bytes(line)))
            tables[table] = part.columns, lines
        return tables, sequences(cursor)


def put_back(kept):
    """Without triggers: rows come in any order, and what is append-only is emptied too."""
    tables, keys = kept
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        for table, (columns, lines) in tables.items():
            copy_in(cursor, table, columns, lines)
        for sequence, value in keys.items():
            cursor.execute("SELECT setval(%s, %s)", [sequence, value])
        cursor.execute("SET LOCAL session_replication_role = origin")  # a test may go on in here
    ContentType.objects.clear_cache()
