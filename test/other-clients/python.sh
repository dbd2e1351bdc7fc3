#!/usr/bin/env bash
# Calls every method of the Python client on the embedded node. The client is cached by version outside the checkout.
set -euo pipefail
cd "$(dirname "$0")/../.."
TOOLS="${CI_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/orderstream-ci}"
ESDBCLIENT_VERSION=1.1.7
TIMEOUT_S=120

VENV="$TOOLS/esdbclient-$ESDBCLIENT_VERSION"
if ! "$VENV/bin/python" -c 'import esdbclient' 2>/dev/null; then
  # Remove an incomplete installation.
  rm -rf "$VENV"
  python3 -m venv "$VENV"
  "$VENV/bin/pip" install --quiet "esdbclient==$ESDBCLIENT_VERSION" || { rm -rf "$VENV"; exit 1; }
fi
# Time limit, since an unanswered call would wait for ever.
node test/other-clients/with-node.mjs -- timeout "$TIMEOUT_S" "$VENV/bin/python" -W error::DeprecationWarning test/other-clients/surface.py "$@"
