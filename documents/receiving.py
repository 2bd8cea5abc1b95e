"""How a file gets from the browser to the disk: in pieces, to a private name, at most so much."""

import errno
import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from documents.checking import check
from documents.checking.names import clean_name
from documents.checking.unfit import Unfit
from documents.scanning import scan

INCOMING = "incoming"  # beside the stored files, so that a file is renamed, not copied
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Received(UploadedFile):
    """A file on its way in; it goes away with the request unless `storing` has taken it."""

    def __init__(self, name, content_type):
        folder = Path(settings.MEDIA_ROOT, INCOMING)
        folder.mkdir(parents=True, exist_ok=True)
        number, path = tempfile.mkstemp(dir=folder)
        super().__init__(os.fdopen(number, "w+b"), name, content_type, size=0)
        self.path, self.clean_name = Path(path), clean_name(name)
        self.digest, self.problem = hashlib.sha256(), ""

    def add(self, piece):
        """Write a piece; what comes after a problem is only read, so that the page can say so."""
        self.size += len(piece)
        if self.size > settings.UPLOAD_FILE_BYTES:
            self.problem = self.problem or "too_big"
        if self.problem:
            return
        try:
            self.file.write(piece)
            self.digest.update(piece)
        except OSError as error:
            self.problem = problem_of(error)

    def finish(self):
        try:
            self.file.flush()
        except OSError as error:
            self.problem = problem_of(error)
        return self

    @property
    def sha256(self):
        return self.digest.hexdigest()

    def close(self):
        """Called at the end of the request, also of one that broke off."""
        try:
            self.file.close()
        finally:
            self.path.unlink(missing_ok=True)


def problem_of(error):
    if error.errno not in FULL:
        raise error
    return "no_room"


class ToDisk(FileUploadHandler):
    """Takes every file of every form, whatever its size: none is held in memory."""

    received = None

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.received = Received(self.file_name, self.content_type)

    def receive_data_chunk(self, raw_data, start):
        self.received.add(raw_data)

    def file_complete(self, file_size):
        done, self.received = self.received.finish(), None
        return done

    def upload_interrupted(self):
        if self.received:
            self.received.close()


def examine(received):
    """Look at a received file and note what it is. Raises Unfit where it is refused."""
    if received.problem:
        raise Unfit(received.problem)
    found = check(received.path, received.clean_name)
    if settings.CLAMAV_URL:
        scan(received.path, settings.CLAMAV_URL)
    received.kind, received.flags = found.kind, list(found.flags)
