#!/bin/sh
# Install Debian packages where this may be done; say what to install where it may not.
set -e
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "Please install these packages first (Debian's names): $*" >&2
  exit 1
fi
apt-get update -q
DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends "$@"
