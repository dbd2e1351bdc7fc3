#!/usr/bin/env bash
# Calls every method of @kurrent/kurrentdb-client on the embedded node. The client is not a dependency of this project; it is
# installed into a temporary folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
CLIENT_VERSION=1.3.1
TIMEOUT_S=120

CLIENT_FOLDER=$(mktemp -d)
trap 'rm -rf "$CLIENT_FOLDER"' EXIT
npm install --silent --no-save --no-audit --no-fund --prefix "$CLIENT_FOLDER" "@kurrent/kurrentdb-client@$CLIENT_VERSION"
export CLIENT_FOLDER
# Time limit, since an unanswered call would wait for ever.
node test/other-clients/with-node.mjs -- timeout "$TIMEOUT_S" node --test --test-reporter=spec test/other-clients/kurrentdb.mjs
