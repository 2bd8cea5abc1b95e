"""Is a page's HTML right? Asked of the Nu Html Checker, which needs Java and its npm package."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
JAR = Path(os.environ.get("VNU_JAR", ROOT / ".venv/vnu/node_modules/vnu-jar/build/dist/vnu.jar"))
# What it complains of and is meant so.
MEANT = re.compile(r"Attribute “hx-[a-z-]+” not allowed")  # htmx, left alone by every browser


def missing():
    """Why it cannot be asked here; empty if it can."""
    if not shutil.which("java"):
        return "Java is not installed (a package like default-jre-headless)"
    if not JAR.exists():
        return "the npm package vnu-jar is not there (make audit fetches it where npm is)"
    return ""


def faults(folder):
    """What is wrong in the HTML files of `folder`: (file's name, message)."""
    command = [
        "java",
        "-Xss4m",
        "-jar",
        JAR,
        "--format",
        "json",
        "--errors-only",
        "--exit-zero-always",
    ]
    files = sorted(folder.glob("*.html"))
    result = subprocess.run([*command, *files], capture_output=True, text=True, check=True)
    found = json.loads(result.stderr)["messages"]
    return [
        (Path(one["url"]).name, worded(one)) for one in found if not MEANT.match(one["message"])
    ]


def worded(one):
    near = " ".join(one.get("extract", "").split())[:120]
    return f"{one['message']} (line {one.get('lastLine')}: {near})"
