#!/usr/bin/env bash
# Runs the server and the page's development server; both reload when a file changes. Ctrl-C stops both.
#   build/dev.sh      server: http://localhost:8000, page: http://localhost:5173
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d web/node_modules ] || npm --prefix web ci
npm --prefix web run generate --silent

set -m # Each program has its own process group, so that a signal reaches its children too.
BuildPage=false dotnet watch --non-interactive --project src/FaceSearch.Api run </dev/null &
server=$!
(cd web && exec node_modules/.bin/vite) </dev/null &
page=$!

# dotnet watch ignores signals, so it is killed when the server has ended.
stop() {
  kill -TERM -- "-$page" "-$server" 2>/dev/null || true
  while pgrep -g "$server" -x FaceSearch.Api >/dev/null; do sleep 0.1; done
  kill -KILL -- "-$server" 2>/dev/null || true
  wait
}
trap stop EXIT
trap 'exit 130' INT TERM
wait -n
