#!/bin/sh
# One backup into BACKUP_DIR, verified, and the old ones removed. For a timer, once a night.
set -eu
cd "$(dirname "$0")/.."
umask 077

folder="${BACKUP_DIR:-/backups}"
target="$folder/$(date -u +%Y-%m-%dT%H%M%SZ)"
python manage.py backup "$target"
python manage.py verify "$target"
python manage.py health --mark backup
find "$folder" -mindepth 1 -maxdepth 1 -type d -name '20*Z' -mtime "+${BACKUP_KEEP_DAYS:-30}" \
  -exec rm -rf {} +
