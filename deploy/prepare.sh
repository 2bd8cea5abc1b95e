#!/bin/sh
# Bring the database to this version: before the first start, and at every upgrade.
# Run twice it changes nothing. What it brings along is the register and the call of 2022.
set -eu
cd "$(dirname "$0")/.."

# A change that cannot have its lock at once gives up, instead of making everybody wait behind it.
PGOPTIONS="-c lock_timeout=2s" python manage.py migrate --noinput
python manage.py createcachetable
python manage.py load_municipalities
python manage.py load_first_call
