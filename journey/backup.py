"""A backup is a folder of plain files: a manifest, its seal, one file a table, and our own files.

The database comes first, as it stood at one moment; then the files. A file is never changed and is
deleted only long after the last row that names it, so whatever a copied row names is still there.
"""

import hashlib
import hmac
import os
import tomllib
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.crypto import salted_hmac

from journey import copying, manifest
from journey.manifest import Manifest, Part

MANIFEST, SEAL, TABLES, FILES = "manifest.json", "manifest.seal", "tables", "files"
CHUNK = 1 << 20  # bytes


class Faulty(Exception):
    """The backup, or where it is to go, is not as it must be; each argument is a sentence."""


def make(folder):
    """Write a backup into `folder`, which is new or empty; return its manifest.

    The manifest comes last: a folder without one is no backup. Raises Faulty where something is in
    the folder already, for nothing is ever overwritten.
    """
    prepare(folder)
    with copying.snapshot() as cursor:
        head = heading(cursor)
        tables = {name: write_table(cursor, name, folder) for name in copying.table_names(cursor)}
        # Not part of the snapshot: read afterwards, a value may only be too high.
        sequences = copying.sequences(cursor)
        named = copying.files_named()
    files = {path: part for path in stored_files() if (part := copy_file(path, folder))}
    made = Manifest(
        **head,
        tables=tables,
        sequences=sequences,
        files=files,
        left_out=copying.left_out(),
        missing=tuple(sorted(named - set(files))),
    )
    seal(folder, manifest.to_json(made))
    return made


def prepare(folder):
    make_folder(folder)
    if any(folder.iterdir()):
        raise Faulty(f"The folder {folder} is not empty; a backup never overwrites anything.")
    folder.chmod(0o700)
    make_folder(folder / TABLES)
    make_folder(folder / FILES)


def heading(cursor):
    cursor.execute("SELECT current_setting('server_version')")
    return {
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "portal": version(),
        "postgresql": cursor.fetchone()[0],
        "site_url": settings.SITE_URL,
        "migrations": tuple(sorted(MigrationRecorder(connection).applied_migrations())),
    }


def version():
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def write_table(cursor, name, folder):
    with writing(table_file(folder, name)) as out:
        return copying.copy_out(cursor, name, out.write)


def table_file(folder, name):
    return folder / TABLES / f"{name}.copy"


@contextmanager
def writing(path):
    """A new file for its owner's eyes, on the disk when the block ends. Never an existing one."""
    make_folder(path.parent)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def make_folder(path):
    """Make a folder and those above it that are missing, each for its owner alone."""
    for folder in [*reversed(path.parents), path]:
        folder.mkdir(mode=0o700, exist_ok=True)


def stored_files():
    """The paths of the portal's files below their folder, in order."""
    root = Path(settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def copy_file(path, folder):
    """Copy one of the portal's files; None where it has gone since it was listed."""
    try:
        source = (Path(settings.MEDIA_ROOT) / path).open("rb")
    except FileNotFoundError:
        return None
    with source, writing(folder / FILES / path) as out:
        return pour(source, out.write)


def pour(source, write=lambda chunk: None):
    """Read to the end, a bounded piece at a time; return the `Part` that it is."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        write(chunk)
        size += len(chunk)
    return Part(size, digest.hexdigest())


def seal(folder, text):
    """Write the seal, made with the portal's secret, then the manifest that it belongs to."""
    with writing(folder / SEAL) as out:
        out.write(seal_of(text, settings.SECRET_KEY).encode())
    with writing(folder / MANIFEST) as out:
        out.write(text.encode())


def seal_of(text, secret):
    return salted_hmac("journey.backup", text, secret=secret, algorithm="sha256").hexdigest()


def opened(folder):
    """The manifest of a backup. Raises Faulty where it is missing, changed, or another portal's."""
    try:
        text, stored = (folder / MANIFEST).read_text(), (folder / SEAL).read_text()
    except (OSError, UnicodeDecodeError):
        raise Faulty(f"{folder} holds no finished backup: it lacks {MANIFEST} or {SEAL}.") from None
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(hmac.compare_digest(seal_of(text, secret), stored) for secret in secrets):
        raise Faulty(
            "The manifest was changed, or the backup was made with another SECRET_KEY. Set the key"
            " it was made with (or name it in SECRET_KEY_FALLBACKS): second factors need it too."
        )
    try:
        return manifest.from_json(text)
    except manifest.Unreadable as why:
        raise Faulty(f"The manifest cannot be read: {why}.") from None


def check(folder):
    """Read a whole backup; return its manifest. Raises Faulty with all that is not as it was."""
    wanted = opened(folder)
    names = {path.stem for path in (folder / TABLES).glob("*.copy")} | set(wanted.tables)
    tables = {name: read_table(folder, name, wanted.tables.get(name)) for name in names}
    files = {path: read_file(folder / FILES / path) for path in in_folder(folder / FILES)}
    faults = [
        *manifest.differences("table", wanted.tables, tables),
        *manifest.differences("file", wanted.files, files),
    ]
    if faults:
        raise Faulty(*faults)
    return wanted


def in_folder(root):
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]


def read_file(path):
    try:
        with path.open("rb") as source:
            return pour(source)
    except FileNotFoundError:
        return None


def read_table(folder, name, wanted):
    """What a table's file is now; that its rows are as many follows from its checksum."""
    found = read_file(table_file(folder, name))
    return found and Part(found.size, found.sha256, rows=wanted.rows if wanted else 0)


def compare(wanted):
    """Set a backup's manifest against the running portal; yield a sentence for each difference."""
    with copying.snapshot() as cursor:
        tables = {name: copying.copy_out(cursor, name) for name in copying.table_names(cursor)}
    files = {path: read_file(Path(settings.MEDIA_ROOT) / path) for path in wanted.files}
    yield from manifest.differences("table", wanted.tables, tables)
    yield from manifest.differences("file", wanted.files, files)
