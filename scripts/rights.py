"""Write the permission matrix of the tests to `journey/data/rights.json`, for `list_routes`."""

import os
import sys
from importlib import import_module
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = {
    "SECRET_KEY": "unused",
    "DATABASE_URL": "postgres:///unused",
    "DEMO": "1",
    "DJANGO_SETTINGS_MODULE": "integration_portal.settings",
}


def main():
    os.environ |= SETTINGS
    sys.path.insert(0, str(ROOT))
    django.setup()
    file = ROOT / "journey" / "data" / "rights.json"
    file.write_text(import_module("tests.rights").text())
    print(f"{file.relative_to(ROOT)} says what the matrix says.")


if __name__ == "__main__":
    main()
