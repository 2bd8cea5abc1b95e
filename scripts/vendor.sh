#!/bin/sh
# How the files in static/vendor/ were made. Nobody needs this to run or test the portal: they are
# committed. To take a newer version: change it here, run this, look at the pages, commit.
set -eu
BOOTSTRAP=5.3.8 HTMX=2.0.11 FONT=5.3.1 SASS=1.108.2
VENDOR=$(cd "$(dirname "$0")/../static/vendor" && pwd)
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cd "$WORK"

take() {  # take NAME VERSION FOLDER: npm's package, unpacked into modules/FOLDER
    mkdir -p "modules/$3"
    tar -xzf "$(npm pack --silent "$1@$2")" -C "modules/$3" --strip-components=1
}
take bootstrap "$BOOTSTRAP" bootstrap
take htmx.org "$HTMX" htmx
take @fontsource/source-sans-3 "$FONT" font

# Bootstrap: the parts named in portal-bootstrap.scss, without colours.
npm install --silent --no-audit --no-fund --prefix sass "sass@$SASS"
sass/node_modules/.bin/sass --style=compressed --no-source-map --quiet \
    --silence-deprecation=import,global-builtin,color-functions,if-function --load-path=modules \
    "$VENDOR/bootstrap/portal-bootstrap.scss" "$VENDOR/bootstrap/bootstrap.min.css"
cp modules/bootstrap/LICENSE "$VENDOR/bootstrap/"

cp modules/htmx/dist/htmx.min.js modules/htmx/LICENSE "$VENDOR/htmx/"

# Source Sans 3: latin has å ä ö, latin-ext the Sámi letters; portal.css says which is for what.
for part in latin latin-ext; do
    for weight in 400 700; do
        cp "modules/font/files/source-sans-3-$part-$weight-normal.woff2" "$VENDOR/source-sans-3/"
    done
done
cp modules/font/LICENSE "$VENDOR/source-sans-3/"
