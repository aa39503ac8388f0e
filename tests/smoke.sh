#!/usr/bin/env bash
# Publishes the server, starts it as a user would, and calls the four routes with curl.
# Ends with 'N passed, N failed, N skipped'.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh

faces=../shared/faces
work=$(mktemp -d)
passed=0 failed=0 skipped=0
trap 'stop_server; umount "$work/small" 2>/dev/null; rm -rf "$work"' EXIT

check() { # check NAME EXPECTED ACTUAL
  if [ "$2" = "$3" ]; then echo "ok   $1"; passed=$((passed + 1));
  else echo "FAIL $1: expected '$2', got '$3'"; failed=$((failed + 1)); fi
}
finish() { echo "$passed passed, $failed failed, $skipped skipped"; [ "$failed" -eq 0 ]; exit; }
post() { curl -s -o "$work/answer" -w '%{http_code}' -H "X-Api-Key: $server_key" "$@"; }
answer() { jq -r "$1" "$work/answer"; }

publish_server || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
if ! [ -d "$faces" ]; then
  echo "skip everything: no photographs at $faces"; skipped=1; finish
fi
start_server "$work/first" || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
check "the first start shows a key" 67 "${#server_key}"

ada=$faces/lfw/Ashanti/Ashanti_0001.jpg
check "no key: 401" 401 "$(curl -s -o /dev/null -w '%{http_code}' -F file=@$ada "$server_url/search_faces/")"
check "search in an empty collection: 200" 200 "$(post -F file=@$ada "$server_url/search_faces/?k=5&tolerance=0.6/")"
check "one face found" 1 "$(answer '.faces | length')"
check "an unknown face has no matches" 0 "$(answer '.faces[0].matches | length')"
check "add a face: 201" 201 "$(post -F file=@$ada "$server_url/add_face/")"
check "its person" Ashanti "$(answer .face.person)"
image_id=$(answer .face.imageId)
check "add it again: 409" 409 "$(post -F file=@$ada "$server_url/add_face/")"
check "search another picture of her: 200" 200 \
  "$(post --data-binary @$faces/lfw/Ashanti/Ashanti_0002.jpg -H 'Content-Type: image/jpeg' "$server_url/search_faces/")"
check "she is found" Ashanti "$(answer '.faces[0].matches[0].person')"
check "face info: 200" 200 "$(curl -s -o "$work/answer" -w '%{http_code}' -d "image_id=$image_id&api_key=$server_key" "$server_url/get_face_info/")"
check "its hash" "$(sha256sum "$ada" | cut -d' ' -f1)" "$(answer .sha256)"
check "text named .jpg: 415" 415 "$(post -F file=@$faces/broken/text.jpg "$server_url/add_face/")"

(cd "$faces" && zip -q -r -0 "$work/lfw.zip" lfw)
check "372 pictures in a zip: 200" 200 "$(post -F "file=@$work/lfw.zip" "$server_url/add_faces_in_bulk/")"
echo "     inserted $(answer .inserted), duplicates $(answer .duplicates), failed $(answer .failed): $(answer '[.failures[].name] | join(" ")')"
check "at least 370 of them are enrolled" true "$(answer '.inserted + .duplicates >= 370')"
check "again: 200" 200 "$(post -F "file=@$work/lfw.zip" "$server_url/add_faces_in_bulk/")"
check "no picture is enrolled twice" 0 "$(answer .inserted)"
check "asynchronously: 202" 202 "$(post -H 'Prefer: respond-async' -F "file=@$work/lfw.zip" "$server_url/add_faces_in_bulk/")"
check "the document" 3.1.1 "$(curl -s "$server_url/openapi/v1.json" | jq -r .openapi)"
check "no key, picture or embedding in the log" 1 "$(grep -c "$server_key" "$work/first/server.log")"

# A client that disconnects during an upload.
exec 3<>"/dev/tcp/127.0.0.1/${server_url##*:}"
printf 'POST /add_faces_in_bulk/ HTTP/1.1\r\nHost: x\r\nX-Api-Key: %s\r\nContent-Type: application/zip\r\nContent-Length: 9000000\r\n\r\nPK' "$server_key" >&3
exec 3>&-
check "the server works after a client disconnects: 200" 200 "$(post -F file=@$ada "$server_url/search_faces/?k=1")"
uploads_left=1
for _ in $(seq 100); do
  uploads_left=$(find "$work/first/data/uploads" -type f | wc -l)
  [ "$uploads_left" -eq 0 ] && break
  sleep 0.1
done
check "no upload file is left" 0 "$uploads_left"

key=$server_key
stop_server
start_server "$work/first" || { failed=$((failed + 1)); finish; }
server_key=$key
check "after a restart she is still found: 200" 200 "$(post -F file=@$ada "$server_url/search_faces/?k=1")"
check "by the same face" Ashanti "$(answer '.faces[0].matches[0].person')"
stop_server

# A full disk: a small one in memory.
mkdir -p "$work/small"
if mount -t tmpfs -o size=4m tmpfs "$work/small" 2>/dev/null; then
  start_server "$work/small" Serilog__MinimumLevel__Default=Fatal || { failed=$((failed + 1)); finish; }
  statuses=$(for picture in "$faces"/lfw/*/*_0001.jpg "$faces"/deepface/*/*.jpg; do post -F "file=@$picture" "$server_url/add_face/"; echo; done | sort | uniq -c)
  check "a full disk is 503, nothing else" true "$(echo "$statuses" | awk '$2 == 503 { full = 1 } $2 !~ /^(201|409|422|503)$/ { bad = 1 } END { print full && !bad ? "true" : "false" }')"
  check "the server still works: 200" 200 "$(post -F "file=@$ada" "$server_url/search_faces/?k=1")"
  stop_server
else
  echo "skip a full disk: mounting needs root"; skipped=$((skipped + 1))
fi
finish
