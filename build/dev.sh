#!/usr/bin/env bash
# Runs the server and the page's development server; both reload when a file changes. Ctrl-C stops both.
#   build/dev.sh      server: http://localhost:8000, page: http://localhost:5173
set -euo pipefail
cd "$(dirname "$0")/.."
[ -d web/node_modules ] || npm --prefix web ci
npm --prefix web run generate --silent

dotnet watch --project src/FaceSearch.Api run -p:BuildPage=false &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
npm --prefix web run dev
