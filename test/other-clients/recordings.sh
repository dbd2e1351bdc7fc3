#!/usr/bin/env bash
# Records how the embedded node answers and compares it with a recording of a real EventStoreDB. The recorder and the
# recording are in a folder of their own, beside the checkout or at RECORDINGS.
set -euo pipefail
cd "$(dirname "$0")/../.."
RECORDINGS="${RECORDINGS:-$PWD/../shared/recordings}"
RECORDED=eventstoredb-24.10.6.json
EXCEPTIONS="$PWD/embedded/conformance/exceptions.json"
[ -f "$RECORDINGS/$RECORDED" ] || { echo "no recording at $RECORDINGS/$RECORDED: set RECORDINGS"; exit 1; }

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
# The folder may be read-only, and needs the recorder's packages.
cp -r "$RECORDINGS/." "$FOLDER"
chmod -R u+w "$FOLDER"
npm install --silent --no-audit --no-fund --prefix "$FOLDER"
node test/other-clients/with-node.mjs -- bash -c 'node "$0/record.mjs" "$NODE_URL" >"$0/embedded.json"' "$FOLDER"
node "$FOLDER/compare.mjs" "$FOLDER/$RECORDED" "$FOLDER/embedded.json" --except "$EXCEPTIONS"
