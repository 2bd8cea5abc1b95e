"""What every desk takes in, as an act: a text written, talked about, and put back as it was.

address: of the row; path: of one of its texts; both with a slash at the end.
"""

import secrets

from drafting import saving
from tests.drills.acts import Act, audit
from tests.drills.acts_on_texts import comment_on


def write(row, writer, address, field, **others):
    """Save the text `field`; others: what else the form asks for."""
    form = {"read": 0, field: "Sent twice.", "key": secrets.token_hex(16)} | others
    stored = type(row).objects.filter(pk=row.pk, version=1, **{field: "Sent twice."})
    return Act([writer], f"{address}edit/", form, [stored, row.revisions.filter(version=1)])


def comment(row, writer, reader, path):
    form = {"text": f"@{reader.name} look.", "key": secrets.token_hex(16), "people": reader.pk}
    told = reader.mails.filter(kind="comment")
    return Act([writer], f"{path}comments/", form, [row.comments.all(), told])


def mark(row, writer, path, to):
    """Mark a comment as done, or withdraw it: the address says which."""
    said = comment_on(row, row.municipality, writer, path.split("/")[-2])
    effects = [audit(f"{said.audit_noun}.{to}", said)]
    return Act([writer], f"{path}comments/{said.pk}/{to}/", {}, effects)


def restore(row, writer, path):
    field = path.split("/")[-2]
    for text in ("First.", "Second."):
        row = saving.save(row, {field: text}, read=row.version, by=writer).row
    restored = type(row).objects.filter(pk=row.pk, version=3, **{field: "First."})
    effects = [restored, audit(f"{row._meta.model_name}.restored", row)]
    return Act([writer], f"{path}history/1/restore/", {"read": 2}, effects)
