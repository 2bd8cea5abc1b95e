import os
import time
from hashlib import sha256

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from documents import receiving, storing
from documents.models import Document, Upload
from documents.workflow import claim, finish, queue
from tests.documents import files
from tests.factories import UploadFactory, UserFactory

DAY = 86_400


@pytest.fixture
def received(town):
    """A file that has been received and looked at."""
    file = receiving.Received("letter.pdf", "application/pdf")
    file.add(files.pdf())
    receiving.examine(file.finish())
    yield file
    file.close()


def store(received, town):
    return storing.store(
        received, municipality=town, by=UserFactory(), bundle=Upload.objects.none()
    )


def stored(tmp_path):
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def make_old(tmp_path):
    for path in stored(tmp_path):
        os.utime(path, (time.time() - 2 * DAY,) * 2)


def test_a_stored_file_is_whole_and_stays_when_the_request_ends(received, town, tmp_path):
    upload = store(received, town)
    received.close()

    (path,) = stored(tmp_path)
    assert default_storage.path(upload.file.name) == str(path)
    assert sha256(path.read_bytes()).hexdigest() == upload.sha256
    assert upload.kind == "pdf"


def test_a_row_that_cannot_be_written_takes_its_file_along(received, town, tmp_path):
    received.kind = "k" * 99  # the database refuses it

    with pytest.raises(Exception, match="too long"), transaction.atomic():
        store(received, town)

    received.close()
    assert stored(tmp_path) == []


def test_a_file_whose_transaction_broke_is_swept_after_the_margin(received, town, tmp_path):
    with transaction.atomic():
        store(received, town)
        transaction.set_rollback(True)
    left = len(stored(tmp_path))

    storing.sweep()
    young = len(stored(tmp_path))
    make_old(tmp_path)
    storing.sweep()

    assert (left, young, stored(tmp_path)) == (1, 1, [])


def test_the_sweeper_leaves_what_a_row_names(received, town, tmp_path, nudged):
    document = queue("a.task", "key", by=None)
    finish(claim(document.pk), b"%PDF-", "a.pdf")
    Upload.objects.create(
        municipality=town, by=UserFactory(), name="a", kind="pdf", size=1, sha256="0" * 64,
        file=storing.place(received),
    )  # fmt: skip
    (tmp_path / "incoming" / "broken").write_bytes(b"half")
    (tmp_path / "documents" / "stray.pdf").write_bytes(b"stray")
    (tmp_path / "elsewhere").write_bytes(b"not ours")
    make_old(tmp_path)

    for _ in range(2):
        storing.sweep()

    names = {Document.objects.get().file.name, Upload.objects.get().file.name, "elsewhere"}
    assert {path.relative_to(tmp_path).as_posix() for path in stored(tmp_path)} == names


def test_an_upload_that_nothing_refers_to_is_deleted_with_its_file(
    settings, tmp_path, db, django_capture_on_commit_callbacks
):
    settings.ORPHAN_SECONDS = -1
    upload = UploadFactory()

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            storing.discard(upload)

    assert not Upload.objects.exists()
    assert stored(tmp_path) == []
