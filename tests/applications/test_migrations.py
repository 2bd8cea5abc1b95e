from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from applications.models import Selection


def bring_to(name):
    # What waits for the end of the transaction would keep the tables from being changed.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    MigrationExecutor(connection).migrate([("applications", name)])


def test_the_one_text_of_earlier_reasons_stands_in_each_language(proposal):
    Selection.objects.update(reason_fi="Paras.", reason_sv="Den bästa.")

    bring_to("0006_selecting")
    bring_to("0007_reasons")

    proposal.refresh_from_db()
    assert (proposal.reason_en, proposal.reason_fi, proposal.reason_sv) == ("The best.",) * 3
