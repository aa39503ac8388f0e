#!/usr/bin/env bash
# Runs the README's two commands like a new user: a clone in an empty folder without ../shared, with empty package
# caches and an empty model folder; the package feeds stay configured. Calls the four routes with a drawn person.
#   tests/stranger.sh [run]    'run' leaves out the second command, dotnet test
# Needs curl, jq and zip. Last line: 'stranger ready_s=… profile=… passed=… failed=… skipped=…'
set -uo pipefail
what=${1:-all}
cd "$(dirname "$0")/.."
. tests/server.sh
. tests/trx.sh

work=$(mktemp -d)
clone=$work/FaceSearch
failed=0 passed=0 skipped=0 profile=none ready_s=-1 server_pid=
unset CI NUGET_PACKAGES
export NUGET_PACKAGES=$work/nuget NUGET_HTTP_CACHE_PATH=$work/nuget-http npm_config_cache=$work/npm
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
trap 'stop_server; rm -rf "$work"' EXIT

check() { # check NAME EXPECTED ACTUAL
  if [ "$2" = "$3" ]; then echo "ok   $1"; passed=$((passed + 1));
  else echo "FAIL $1: expected '$2', got '$3'"; failed=$((failed + 1)); fi
}
post() { curl -s -m 120 -o "$work/answer" -w '%{http_code}' "$@"; }
answer() { jq -r "$1" "$work/answer"; }
finish() {
  echo "stranger ready_s=$ready_s profile=$profile passed=$passed failed=$failed skipped=$skipped"
  [ "$failed" -eq 0 ]; exit
}
size() { du -sm "$1" 2>/dev/null | cut -f1; }

git clone -q . "$clone"
cd "$clone" || exit 1

SECONDS=0
dotnet build src/FaceSearch.Api -v quiet || { failed=1; finish; }
echo "restored and built in $SECONDS s; packages $(size "$work/nuget") MB on disk"

port=$(free_port)
server_url=http://127.0.0.1:$port
SECONDS=0
Urls=$server_url dotnet run --project src/FaceSearch.Api > "$work/server.log" 2>&1 &
server_pid=$!
until curl -fs -o "$work/health" "$server_url/health/ready"; do
  kill -0 "$server_pid" 2>/dev/null && [ "$SECONDS" -lt 300 ] || { cat "$work/server.log"; failed=1; finish; }
  sleep 0.2
done
ready_s=$SECONDS
profile=$(jq -r '.engine.profile // "unknown"' "$work/health")
server_key=$(grep -o 'fs_[0-9a-f]*' "$work/server.log" | head -1)
echo "ready after $ready_s s; models $(size dlib-models) MB"
check "ready within 60 s of the build's end" true "$([ "$ready_s" -le 60 ] && echo true || echo false)"

dotnet run tests/draw.cs -- "$work/drawn" 6 || { failed=$((failed + 1)); finish; }
one=$work/drawn/Drawn_000_0001.jpg two=$work/drawn/Drawn_000_0002.jpg
check "add a face: 201" 201 "$(post -F "file=@$one" "$server_url/add_face/")"
check "it names the person" Drawn_000 "$(answer .face.person | tr ' ' _)"
image_id=$(answer .face.imageId)
check "search another picture: 200" 200 "$(post -F "file=@$two" "$server_url/search_faces/?k=5&tolerance=0.6/")"
check "the nearest is the same person" Drawn_000 "$(answer '.faces[0].matches[0].person' | tr ' ' _)"
check "face info: 200" 200 "$(post -d "image_id=$image_id&api_key=$server_key" "$server_url/get_face_info/")"
check "its hash" "$(sha256sum "$one" | cut -d' ' -f1)" "$(answer .sha256)"
(cd "$work/drawn" && zip -q -0 "$work/drawn.zip" ./*.jpg)
check "a zip of 12 pictures: 200" 200 "$(post -F "file=@$work/drawn.zip" "$server_url/add_faces_in_bulk/")"
check "11 inserted, 1 known" "11 1 0" "$(answer '"\(.inserted) \(.duplicates) \(.failed)"')"
check "the page or its replacement without Node.js: 200" 200 "$(post "$server_url/")"
stop_server
[ "$what" = run ] && finish

SECONDS=0
dotnet test --logger trx --results-directory "$work/results" > "$work/test.log" 2>&1
check "dotnet test: exit code 0" 0 "$?"
grep -E '^(Passed|Failed)! ' "$work/test.log"
[ "$failed" -eq 0 ] || grep -E -A 12 '^ *Failed ' "$work/test.log" | head -200
echo "tested in $SECONDS s; packages $(size "$work/nuget") MB on disk"
read -r p f s < <(trx_counts "$work/results")
passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
echo "discovered $((p + f + s)) tests; skipped by reason:"
bash tests/skipped.sh "$work/results"
check "at least 1454 tests discovered" true "$([ $((p + f + s)) -ge 1454 ] && echo true || echo false)"
# They need photographs, or models that only GitHub has.
check "at most 60 skipped" true "$([ "$s" -le 60 ] && echo true || echo false)"
finish
