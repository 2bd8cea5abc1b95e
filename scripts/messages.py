"""Bring the catalogues of locale/ up to date and compile them; `--check` only says what is amiss.

Amiss: a text that is missing in a language, marked fuzzy, new in the code, or not compiled.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))
COMMAND = (
    "makemessages --locale fi --locale sv --extension html,txt,py --add-location file"
    " --no-obsolete --no-wrap --ignore .venv --ignore .data --ignore tests --verbosity 0"
)
STAMP = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date): .*\n', re.MULTILINE)


def main():
    check = "--check" in sys.argv
    before = {path: path.read_text() for path in CATALOGUES}
    make()
    faults = [fault for path in CATALOGUES for fault in look_at(path, before[path], check)]
    print("\n".join(faults) or "The catalogues are complete.")
    sys.exit(1 if faults else 0)


def make():
    settings = {"SECRET_KEY": "unused", "DATABASE_URL": "postgres:///unused", "DEMO": "1"}
    command = [sys.executable, "manage.py", *COMMAND.split()]
    subprocess.run(command, cwd=ROOT, env=settings | dict(os.environ), check=True)


def look_at(path, before, check):
    """Yield what is amiss with one catalogue; without `check`, compile it."""
    name = path.relative_to(ROOT)
    text = path.read_text()
    if STAMP.sub("", text) == STAMP.sub("", before):
        path.write_text(before)  # only the date was new
    elif check:
        path.write_text(before)
        yield f"{name}: not up to date with the code; run `make messages`"
    counts = msgfmt("--statistics", "--check-format", "-o", os.devnull, path)
    if counts.returncode or "untranslated" in counts.stderr or "fuzzy" in counts.stderr:
        yield f"{name}: {counts.stderr.strip()}"
    compiled = path.with_suffix(".mo")
    if not check:
        msgfmt("-o", compiled, path)
    elif not compiled.exists() or compiled.read_bytes() != msgfmt("-o", "-", path, raw=True).stdout:
        yield f"{name}: not compiled; run `make messages`"


def msgfmt(*arguments, raw=False):
    command = ["msgfmt", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=not raw)


if __name__ == "__main__":
    main()
