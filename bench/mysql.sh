#!/usr/bin/env bash
# 100,000 faces on MySQL (real embeddings, repeated with noise): the plans of the service's queries, the loading of the
# index in rows per second, a search. bench/mysql.sh [faces]; needs ../shared and the server of tests/services/mysql.sh fetch.
# Prints, last: mysql faces=… load_rows_per_s=… search_ms=…
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh
faces=${1:-100000}
work=$(mktemp -d)
port=$(free_port)
trap 'stop_server; tests/services/mysql.sh stop "$work/mysql"; rm -rf "$work"' EXIT

publish_server
(cd ../shared/faces && zip -q -r -0 "$work/lfw.zip" lfw)
mysql=$(tests/services/mysql.sh start "$work/mysql" "$port")
sql() { artifacts/mysql/bin/mysql --no-defaults -h 127.0.0.1 -P "$port" -u app -papp bench "$@" 2> >(grep -v 'Using a password' >&2); }
start() { start_server "$work/server" Database__Provider=MySql "Database__MySql=$mysql;Database=bench" Serilog__MinimumLevel__Default=Information; }
ms() { echo $((($(date +%s%N) - $1) / 1000000)); }

start
curl -fs -o "$work/answer" -H "X-Api-Key: $server_key" -F "file=@$work/lfw.zip" "$server_url/add_faces_in_bulk/"
stop_server
began=$(date +%s%N); start; few_ms=$(ms "$began"); stop_server

sql <<SQL
SET SESSION cte_max_recursion_depth = $faces;
CREATE TEMPORARY TABLE n (i INT PRIMARY KEY, source BIGINT);
INSERT INTO n WITH RECURSIVE r AS (SELECT 1000 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 999 + $faces)
  SELECT i, 1 + i % 370 FROM r;
INSERT IGNORE INTO images (Id, CollectionId, FileName, Sha256, Bytes, Format, Width, Height, AddedAt)
  SELECT i, 1, CONCAT(i, '.jpg'), SHA2(i, 256), 1, 1, 250, 250, NOW(6) FROM n;
INSERT INTO faces (Id, CollectionId, ImageId, PersonId, Score, AddedAt, BoxX, BoxY, BoxWidth, BoxHeight)
  SELECT i, 1, i, PersonId, Score, NOW(6), BoxX, BoxY, BoxWidth, BoxHeight
  FROM n JOIN faces ON faces.Id = n.source;
INSERT INTO face_embeddings
  SELECT i, Model, CAST(INSERT(INSERT(INSERT(Embedding, 2, 1, CHAR(RAND() * 255)), 130, 1, CHAR(RAND() * 255)), 258, 1, CHAR(RAND() * 255)) AS BINARY)
  FROM n JOIN face_embeddings ON FaceId = n.source;
INSERT INTO enrolment_items (JobId, Position, Name, Outcome)
  SELECT (SELECT Id FROM enrolment_jobs LIMIT 1), i, CONCAT(i, '.jpg'), 1 + i % 4 FROM n;
ANALYZE TABLE images, faces, face_embeddings, persons, enrolment_jobs, enrolment_items;
SQL
rows=$(sql -N -e 'SELECT COUNT(*) FROM faces')

job=$(sql -N -e 'SELECT Id FROM enrolment_jobs LIMIT 1')
explain() { echo; echo "$1"; sql -N -r -e "EXPLAIN FORMAT=TREE $2"; }
explain "is this picture enrolled" "SELECT Id FROM images WHERE CollectionId = 1 AND Sha256 = SHA2(5000, 256)"
explain "which of a batch are enrolled" "SELECT Sha256 FROM images WHERE CollectionId = 1 AND Sha256 IN (SHA2(5000, 256), SHA2(6000, 256), SHA2(7000, 256))"
explain "who are the matches of a search" "SELECT f.Id, f.ImageId, p.Name, i.Version FROM faces f LEFT JOIN persons p ON p.Id = f.PersonId JOIN images i ON i.Id = f.ImageId WHERE f.Id IN (5, 5000, 50000)"
explain "the persons of a batch" "SELECT Id, Name FROM persons WHERE CollectionId = 1 AND Name IN ('Ashanti', 'Unknown')"
explain "faces of other processes" "SELECT Id, CollectionId FROM faces WHERE Id > $((rows - 10)) ORDER BY Id"
explain "the embeddings of a collection" "SELECT f.Id, e.Embedding FROM faces f JOIN face_embeddings e ON f.Id = e.FaceId WHERE f.CollectionId = 1 AND f.Id > 500 AND e.Model = (SELECT Model FROM collections WHERE Id = 1) ORDER BY f.Id LIMIT 8192"
explain "removals of other processes" "SELECT * FROM face_removals WHERE Id > 0 OR Id IN (1, 2) ORDER BY Id"
explain "the next job" "SELECT Id FROM enrolment_jobs WHERE State IN (1, 2) AND (Owner IS NULL OR Owner = 'x' OR LeasedUntil < UTC_TIMESTAMP(6)) ORDER BY Id LIMIT 1"
explain "a page of a job's failures" "SELECT * FROM enrolment_items WHERE JobId = '$job' AND Outcome = 4 AND Position > 500 ORDER BY Position LIMIT 51"

began=$(date +%s%N); start; many_ms=$(ms "$began")
best=999999
for _ in 1 2 3 4 5; do
  took=$(curl -fs -o "$work/answer" -w '%{time_total}' -H "X-Api-Key: $server_key" -F file=@../shared/faces/lfw/Ashanti/Ashanti_0001.jpg "$server_url/search_faces/?k=5")
  best=$(awk "BEGIN { t = $took * 1000; printf \"%.0f\", t < $best ? t : $best }")
done
echo
echo "start to ready: $few_ms ms with a few faces, $many_ms ms with $rows; load $(cut -d' ' -f1 /proc/loadavg)"
echo "mysql faces=$rows load_rows_per_s=$(((rows - 372) * 1000 / (many_ms > few_ms ? many_ms - few_ms : 1))) search_ms=$best"
