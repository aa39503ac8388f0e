#!/usr/bin/env bash
# Kills the published server (kill -9) at random moments, and MySQL at a quarter as many, inside bulk enrolment, import,
# re-embedding and erasure in turn. After each it starts what was killed, repeats the call as a client would, waits, and
# compares the faces with those of a run without faults.
#
#   tests/faults.sh [kills]     20 without a number; prints, last: faults kills=… lost=… twice=… back=…
#
# lost: faces that are missing, or that have another model than the collection. twice: faces too many. back: removed or
# erased faces that are stored or found again.
# Needs the server of tests/services/mysql.sh fetch, and ../shared/faces and models of two profiles in ../shared/models.
# SEED repeats the moments of a run.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh

kills=${1:-20}
RANDOM=${SEED:=$RANDOM}
work=$(mktemp -d)
lost=0 twice=0 back=0 broken=0
mysql_port=$(free_port)
trap 'stop_server; tests/services/mysql.sh stop "$work/mysql"; rm -rf "$work"' EXIT

start_mysql() { mysql_connection=$(MYSQLD_OPTIONS=--innodb-redo-log-capacity=256M tests/services/mysql.sh start "$work/mysql" "$mysql_port"); }
sql() { artifacts/mysql/bin/mysql --no-defaults -h 127.0.0.1 -P "$mysql_port" -u app -papp -N faults -e "$1" 2>/dev/null; }
start() {
  start_server "$work/server" Database__Provider=MySql "Database__MySql=$mysql_connection;Database=faults" \
    Engine__Profile=mfn Engine__OtherProfiles__0=mobile Enrolment__LeaseSeconds=2 Serilog__MinimumLevel__Default=Error
}
# api METHOD PATH [curl options]: prints the status; the answer is in $work/answer.
api() { curl -s -m 120 -o "$work/answer" -w '%{http_code}' -X "$1" -H "X-Api-Key: $server_key" "${@:3}" "$server_url$2"; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }

# post PATH [curl options]: starts a job, whose id is then in $job.
post() {
  [ "$(api POST "$@")" = 202 ] || { cat "$work/answer" >&2; return 1; }
  job=$(jq -r .jobId "$work/answer")
}
post_enrolment() { post /v1/collections/default/jobs -F "file=@$work/lfw.zip"; }
post_import() { post /v1/collections/copy/import -F "file=@$work/export.zip"; }
post_reembedding() { post "/v1/collections/copy/reembed?profile=$1"; }

wait_for_job() { # until it has ended, however often the server answers 503 on the way
  for _ in $(seq 1200); do
    [ "$(api GET "/v1/jobs/$job")" = 200 ] && [ "$(jq -r .endedAt "$work/answer")" != null ] && return
    sleep 0.1
  done
  echo "job $job did not end" >&2; return 1
}
# The job without a job: one that was not stored is posted again, as its client has no answer.
wait_or_repeat() { # wait_or_repeat COMMAND...
  [ -n "${job:-}" ] || "$@" || { broken=$((broken + 1)); return; }
  wait_for_job && [ "$(jq -r .state "$work/answer")" = succeeded ] && return
  broken=$((broken + 1)); jq -c 'del(.failures)' "$work/answer" >&2
}

# The enrolled pictures of a collection, one line per face.
faces_of() { sql "SELECT i.Sha256 FROM faces f JOIN images i ON i.Id = f.ImageId WHERE f.CollectionId = $1 ORDER BY 1"; }
copy_id() { sql "SELECT Id FROM collections WHERE Name = 'copy'"; }
empty_default() {
  sql "DELETE FROM enrolment_items; DELETE FROM enrolment_jobs; DELETE FROM faces WHERE CollectionId = 1;
       DELETE c FROM image_contents c JOIN images i ON i.Id = c.ImageId WHERE i.CollectionId = 1;
       DELETE FROM images WHERE CollectionId = 1; DELETE FROM persons WHERE CollectionId = 1"
}
remove_copy() {
  local status; status=$(api DELETE /v1/collections/copy)
  [ "$status" = 202 ] || return
  until [ -z "$(sql "SELECT Id FROM enrolment_jobs WHERE State < 3")" ]; do sleep 0.1; done
}

# Kills at a random moment of the time that the work takes, and starts it again.
kill_within() { # kill_within ROUND MS
  local moment=$((RANDOM * $2 / 32768))
  sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
  if [ $(($1 % 5)) -ne 0 ]; then
    kill -9 "$server_pid"; wait "$server_pid" 2> /dev/null
    what="server killed after $moment of $2 ms"
    start || exit 1
  else
    what="MySQL killed after $moment of $2 ms"
    local pid; pid=$(cat "$work/mysql/mysqld.pid")
    kill -9 "$pid"
    while kill -0 "$pid" 2> /dev/null; do sleep 0.05; done
    start_mysql || exit 1
    until [ "$(api GET /health/ready)" = 200 ]; do sleep 0.1; done
  fi
}

judge() { # judge ROUND COLLECTION EXPECTED: compares the collection's faces with a file of them
  local missing more
  faces_of "$2" > "$work/faces"
  missing=$(comm -23 "$3" "$work/faces" | wc -l) more=$(comm -13 "$3" "$work/faces" | wc -l)
  lost=$((lost + missing)) twice=$((twice + more))
  echo "$1: $what: $(wc -l < "$work/faces") faces, $missing lost, $more twice"
}
# Matches of a search with this picture that are one of these faces.
count_found() { # count_found FACE_IDS PICTURE COLLECTION
  api POST "/v1/collections/$3/search?k=50&tolerance=0.8" -F "file=@$2" > /dev/null
  jq --arg ids ",$1," '[.faces[].matches[] | select(.faceId as $id | $ids | contains(",\($id),"))] | length' "$work/answer"
}
require_found() { [ "$(count_found "$@")" -gt 0 ] || { echo "a search does not find the faces $1" >&2; exit 1; }; }
count_back() { # as count_found, with the rows
  local found; found=$(($(count_found "$@") + $(sql "SELECT COUNT(*) FROM faces WHERE Id IN ($1)")))
  [ "$found" -eq 0 ] || echo "back: $found of faces $1" >&2
  back=$((back + found))
}

enrolment() { # round
  empty_default; job=
  post_enrolment || exit 1
  kill_within "$1" "$enrolment_ms"
  wait_or_repeat post_enrolment
  judge "$1 enrolment" 1 "$work/expected"
}

import() { # round
  remove_copy; job=
  post_import || exit 1
  kill_within "$1" "$import_ms"
  wait_or_repeat post_import
  judge "$1 import" "$(copy_id)" "$work/expected"
}

# A face is removed while the job runs, and must not come back with it.
reembedding() { # round
  local id removed picture other
  # An import has the export's model, that of profile mfn.
  local profile=mobile
  id=$(copy_id); job=
  read -r removed picture < <(sql "SELECT f.Id, CONCAT(p.Name, '/', i.FileName) FROM faces f JOIN images i ON i.Id = f.ImageId
    JOIN persons p ON p.Id = f.PersonId WHERE f.CollectionId = $id ORDER BY f.Id LIMIT 1 OFFSET $((RANDOM % 300))" | tr ' ' '_' | tr '\t' ' ')
  sql "SELECT i.Sha256 FROM faces f JOIN images i ON i.Id = f.ImageId WHERE f.CollectionId = $id AND f.Id <> $removed ORDER BY 1" > "$work/kept"
  picture=../shared/faces/lfw/$picture
  require_found "$removed" "$picture" copy
  post_reembedding "$profile" || exit 1
  api DELETE "/v1/collections/copy/faces/$removed" > /dev/null &
  local removal=$!
  kill_within "$1" "$reembedding_ms"
  wait "$removal"
  wait_or_repeat post_reembedding "$profile"
  [ "$(api DELETE "/v1/collections/copy/faces/$removed")" != 503 ] || broken=$((broken + 1))
  judge "$1 re-embedding to $profile" "$id" "$work/kept"
  other=$(sql "SELECT COUNT(*) FROM faces f JOIN collections c ON c.Id = f.CollectionId LEFT JOIN face_embeddings e ON e.FaceId = f.Id
    WHERE c.Id = $id AND (e.Model IS NULL OR e.Model <> c.Model)")
  [ "$other" -eq 0 ] || echo "$other faces without an embedding, or embeddings of another model" >&2
  lost=$((lost + other))
  count_back "$removed" "$picture" copy
}

erasure() { # round
  local person name ids picture
  read -r person name < <(sql "SELECT p.Id, p.Name FROM persons p JOIN faces f ON f.PersonId = p.Id WHERE p.CollectionId = 1
    GROUP BY p.Id, p.Name HAVING COUNT(*) > 3 ORDER BY p.Id LIMIT 1 OFFSET $((RANDOM % 20))")
  ids=$(sql "SELECT GROUP_CONCAT(Id) FROM faces WHERE PersonId = $person")
  picture=$(ls ../shared/faces/lfw/"${name// /_}"/* | head -1)
  sql "SELECT i.Sha256 FROM faces f JOIN images i ON i.Id = f.ImageId WHERE f.CollectionId = 1
    AND (f.PersonId IS NULL OR f.PersonId <> $person) ORDER BY 1" > "$work/kept"
  require_found "$ids" "$picture" default
  api DELETE "/v1/collections/default/persons/$person" > /dev/null &
  local removal=$!
  kill_within "$1" "$erasure_ms"
  wait "$removal"
  local status; status=$(api DELETE "/v1/collections/default/persons/$person")
  [ "$status" = 202 ] && { job=$(jq -r .pendingJobId "$work/answer"); wait_for_job || broken=$((broken + 1)); }
  [ "$status" = 200 ] || [ "$status" = 202 ] || { broken=$((broken + 1)); cat "$work/answer" >&2; }
  judge "$1 erasure" 1 "$work/kept"
  count_back "$ids" "$picture" default
}

[ -d ../shared/faces/lfw ] || { echo "no photographs at ../shared/faces" >&2; exit 1; }
publish_server || exit 1
(cd ../shared/faces && zip -q -r -0 "$work/lfw.zip" lfw)
start_mysql && start || exit 1
# Without faults: the faces to expect, and how long each kind of work takes.
began=$(now_ms); post_enrolment && wait_for_job || exit 1; enrolment_ms=$(($(now_ms) - began))
faces_of 1 > "$work/expected"
curl -fs -H "X-Api-Key: $server_key" -o "$work/export.zip" "$server_url/v1/collections/default/export?pictures=true" || exit 1
began=$(now_ms); post_import && wait_for_job || exit 1; import_ms=$(($(now_ms) - began))
began=$(now_ms); post_reembedding mobile && wait_for_job || exit 1; reembedding_ms=$(($(now_ms) - began))
began=$(now_ms); api DELETE "/v1/collections/default/persons/$(sql "SELECT MIN(Id) FROM persons WHERE CollectionId = 1")" > /dev/null; erasure_ms=$(($(now_ms) - began))
echo "without faults: $(wc -l < "$work/expected") faces; enrolment $enrolment_ms ms, import $import_ms ms, re-embedding $reembedding_ms ms, erasure $erasure_ms ms (seed $SEED)"
[ "$(wc -l < "$work/expected")" -gt 300 ] || exit 1

kinds=(enrolment import reembedding erasure)
for round in $(seq $((kills + (kills + 3) / 4))); do
  "${kinds[$(((round - 1) % 4))]}" "$round"
done

leftovers=$(find "$work/server/data/uploads" -name '*.part' | wc -l)
echo "temporary files left: $leftovers; jobs that failed: $broken"
echo "faults kills=$kills lost=$lost twice=$twice back=$back"
[ "$lost$twice$back$broken$leftovers" = 00000 ]
