"""Uploads on the disk: no row without its file, and no file without its row for long.

The file is on the disk under its final name before its row is written; what a broken
transaction leaves behind no row refers to, and the sweeper removes it after a margin.
"""

import logging
import os
import secrets
import shutil
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Now

from documents.checking.unfit import Unfit
from documents.models import Document, Upload
from documents.receiving import INCOMING, problem_of
from municipalities.models import Municipality

logger = logging.getLogger(__name__)

FOLDERS = (INCOMING, "uploads", "documents")


@transaction.atomic
def store(received, *, municipality, by, bundle):
    """Store an examined file. bundle: the uploads that share one limit, as a queryset.

    municipality: None for a file of the project staff, which counts in its bundle alone. Raises
    Unfit: "bundle_full", "town_full" or "no_room".
    """
    town = locked(municipality) if municipality else None
    check_room(received.size, bundle, town.uploads.all() if town else Upload.objects.none())
    name = place(received)
    try:
        return Upload.objects.create(
            municipality=town,
            by=by,
            name=received.clean_name,
            kind=received.kind,
            size=received.size,
            sha256=received.sha256,
            flags=received.flags,
            file=name,
        )
    except BaseException:
        default_storage.delete(name)
        raise


def locked(municipality):
    """Locked, so that of two files sent at once the second is counted with the first one.

    Without its key: rows may go on referring to the municipality meanwhile.
    """
    towns = Municipality.objects.select_for_update(of=("self",), no_key=True)
    return towns.get(pk=municipality.pk)


def check_room(size, bundle, of_town):
    if used(bundle) + size > settings.UPLOAD_BUNDLE_BYTES:
        raise Unfit("bundle_full")
    if used(of_town) + size > settings.UPLOAD_TOWN_BYTES:
        raise Unfit("town_full")
    if shutil.disk_usage(settings.MEDIA_ROOT).free < settings.DISK_RESERVE_BYTES:
        raise Unfit("no_room")


def used(uploads):
    """The bytes that these uploads take."""
    return uploads.aggregate(total=Sum("size"))["total"] or 0


def place(received):
    """Put the file to its final name, durably; return that name, which tells nothing of it."""
    token = secrets.token_hex(16)
    name = f"uploads/{token[:2]}/{token}"
    target = Path(default_storage.path(name))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.fsync(received.file.fileno())
        received.path.chmod(settings.FILE_UPLOAD_PERMISSIONS)
        received.path.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise Unfit(problem_of(error)) from error
    return name


def sync_folder(folder):
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def sweep():
    """Delete the uploads that no row refers to any more, and the files that no row names."""
    margin = Now() - timedelta(seconds=settings.ORPHAN_SECONDS)
    for upload in Upload.objects.unused().filter(at__lt=margin):
        discard(upload)
    for name in strays():
        logger.warning("deleting %s, which no row names", name)
        default_storage.delete(name)


@transaction.atomic
def discard(upload):
    """Delete an upload, unless a row refers to it after all; the file goes after the commit."""
    upload = Upload.objects.unused().filter(pk=upload.pk).first()
    if upload is None:
        return
    name = upload.file.name
    logger.info("deleting upload %s (%s bytes), which nothing refers to", upload.pk, upload.size)
    upload.delete()
    transaction.on_commit(lambda: default_storage.delete(name))


def strays():
    """The names of stored files that no row has, older than the margin."""
    named = {*Upload.objects.values_list("file", flat=True)}
    named |= {*Document.objects.values_list("file", flat=True)}
    for folder in FOLDERS:
        for path in Path(default_storage.path(folder)).rglob("*"):
            name = path.relative_to(settings.MEDIA_ROOT).as_posix()
            if name not in named and is_old(path):
                yield name


def is_old(path):
    try:
        return path.is_file() and time.time() - path.stat().st_mtime > settings.ORPHAN_SECONDS
    except FileNotFoundError:  # another sweeper was quicker
        return False
