#!/usr/bin/env bash
# deploy/check-compose.sh FOLDER: whether the compose tool itself can read docker-compose.yml. The tool is built once from its
# source and kept in FOLDER, by version; no Docker is needed.
set -euo pipefail
VERSION=v2.40.3
COMPOSE="${1:?a folder for the compose tool}/compose-$VERSION/docker-compose"
cd "$(dirname "$0")/.."

if [ ! -x "$COMPOSE" ]; then
  # Its go.mod leaves out versions of others, with which `go install` refuses to build it.
  go mod download "github.com/docker/compose/v2@$VERSION"
  SOURCE=$(mktemp -d)
  trap 'chmod -R u+w "$SOURCE"; rm -rf "$SOURCE"' EXIT
  cp -r "$(go env GOMODCACHE)/github.com/docker/compose/v2@$VERSION/." "$SOURCE"
  (cd "$SOURCE" && go build -trimpath -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=$VERSION" -o docker-compose ./cmd)
  mkdir -p "$(dirname "$COMPOSE")"
  mv "$SOURCE/docker-compose" "$COMPOSE"
fi

# Of the file's variables, those alone that are set here: nothing of this machine's, and no .env.
compose() { env -i PATH="$PATH" HOME="$HOME" "$@" "$COMPOSE" --env-file /dev/null config --quiet; }

compose JWT_SECRET=a-secret-of-at-least-thirty-two-bytes
if REFUSAL=$(compose 2>&1); then
  echo 'docker-compose.yml is taken without JWT_SECRET, which has no default'
  exit 1
fi
case $REFUSAL in
  *'required variable JWT_SECRET is missing'*) echo "docker-compose.yml: the compose tool $VERSION can read it" ;;
  *) echo "$REFUSAL"; exit 1 ;;
esac
