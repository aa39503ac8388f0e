#!/usr/bin/env bash
# Kills the published server (kill -9) at random moments of a bulk job of real photographs, and MySQL at a quarter as
# many, and checks after each that the restarted job ended with exactly the right faces.
#
#   tests/faults.sh [kills]     20 without a number; prints, last: faults kills=… lost=… twice=…
#
# Needs the server of tests/services/mysql.sh fetch, and ../shared/faces. SEED repeats the moments of a run.
set -uo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh

kills=${1:-20}
RANDOM=${SEED:=$RANDOM}
work=$(mktemp -d)
lost=0 twice=0 broken=0
mysql_port=$(free_port)
trap 'stop_server; tests/services/mysql.sh stop "$work/mysql"; rm -rf "$work"' EXIT

start_mysql() { mysql_connection=$(MYSQLD_OPTIONS=--innodb-redo-log-capacity=256M tests/services/mysql.sh start "$work/mysql" "$mysql_port"); }
sql() { artifacts/mysql/bin/mysql --no-defaults -h 127.0.0.1 -P "$mysql_port" -u app -papp -N faults -e "$1" 2>/dev/null; }
start() {
  start_server "$work/server" Database__Provider=MySql "Database__MySql=$mysql_connection;Database=faults" \
    Enrolment__LeaseSeconds=2 Serilog__MinimumLevel__Default=Error
}
post_job() {
  curl -fs -o "$work/job" -H "X-Api-Key: $server_key" -H 'Prefer: respond-async' -F "file=@$work/lfw.zip" \
    "$server_url/add_faces_in_bulk/" && job=$(jq -r .jobId "$work/job")
}
wait_for_job() { # until it has ended, however often the server answers 503 on the way
  for _ in $(seq 1200); do
    curl -fs -o "$work/job" -H "X-Api-Key: $server_key" "$server_url/v1/jobs/$job" \
      && [ "$(jq -r .endedAt "$work/job")" != null ] && return
    sleep 0.1
  done
  echo "job $job did not end" >&2; return 1
}
# The enrolled pictures, one line per face.
faces() { sql "SELECT i.Sha256 FROM faces f JOIN images i ON i.Id = f.ImageId ORDER BY 1"; }
wipe() { sql "DELETE FROM enrolment_items; DELETE FROM enrolment_jobs; DELETE FROM faces; DELETE FROM image_contents; DELETE FROM images; DELETE FROM persons"; }

judge() { # judge WHAT: compares the faces with those of the run without faults
  faces > "$work/faces"
  local missing more counted
  missing=$(comm -23 "$work/expected" "$work/faces" | wc -l)
  more=$(comm -13 "$work/expected" "$work/faces" | wc -l)
  counted=$(jq -r '[.state, .inserted, .done == .total] | join(" ")' "$work/job")
  lost=$((lost + missing)) twice=$((twice + more))
  [ "$counted" = "succeeded $expected true" ] || { broken=$((broken + 1)); jq -c 'del(.failures)' "$work/job" >&2; }
  echo "$1: $(wc -l < "$work/faces") faces, $missing lost, $more twice, job $counted"
}

[ -d ../shared/faces/lfw ] || { echo "no photographs at ../shared/faces" >&2; exit 1; }
publish_server || exit 1
(cd ../shared/faces && zip -q -r -0 "$work/lfw.zip" lfw)
start_mysql && start || exit 1

began=$(date +%s%N)
post_job && wait_for_job || exit 1
took_ms=$((($(date +%s%N) - began) / 1000000))
faces > "$work/expected"
expected=$(wc -l < "$work/expected")
echo "without faults: $expected faces of $(jq .total "$work/job") pictures in $took_ms ms (seed $SEED)"
[ "$expected" -gt 300 ] || exit 1

for round in $(seq $((kills + (kills + 3) / 4))); do
  wipe
  post_job || exit 1
  moment=$((RANDOM * took_ms / 32768))
  sleep "$(printf '%d.%03d' $((moment / 1000)) $((moment % 1000)))"
  if [ $((round % 5)) -ne 0 ]; then
    kill -9 "$server_pid"; wait "$server_pid" 2> /dev/null
    what="server killed after $moment ms at $(sql "SELECT COUNT(*) FROM enrolment_items") items"
    start || exit 1
  else
    what="MySQL killed after $moment ms"
    mysql_pid=$(cat "$work/mysql/mysqld.pid")
    kill -9 "$mysql_pid"
    while kill -0 "$mysql_pid" 2> /dev/null; do sleep 0.05; done
    start_mysql || exit 1
  fi
  wait_for_job || broken=$((broken + 1))
  judge "$round $what"
done

leftovers=$(find "$work/server/data/uploads" -name '*.part' | wc -l)
echo "temporary files left: $leftovers"
echo "faults kills=$kills lost=$lost twice=$twice"
[ "$lost$twice$broken$leftovers" = 0000 ]
