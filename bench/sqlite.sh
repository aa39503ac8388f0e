#!/usr/bin/env bash
# 100,000 faces on SQLite (real embeddings, repeated with noise): the loading of the index in rows a second.
# bench/sqlite.sh [faces]; needs ../shared. Prints, last: sqlite faces=… load_rows_per_s=…
set -euo pipefail
cd "$(dirname "$0")/.."
. tests/server.sh
faces=${1:-100000}
work=$(mktemp -d)
trap 'stop_server; rm -rf "$work"' EXIT

publish_server
(cd ../shared/faces && zip -q -r -0 "$work/lfw.zip" lfw)
start() { start_server "$work/server" Serilog__MinimumLevel__Default=Information; }
ms() { echo $((($(date +%s%N) - $1) / 1000000)); }

start
curl -fs -o "$work/answer" -H "X-Api-Key: $server_key" -F "file=@$work/lfw.zip" "$server_url/add_faces_in_bulk/"
stop_server
began=$(date +%s%N); start; few_ms=$(ms "$began"); stop_server

rows=$(/usr/bin/python3 - "$work/server/data/facesearch.db" "$faces" <<'PY'
import random, sqlite3, sys

db = sqlite3.connect(sys.argv[1])
random.seed(1)
def columns(table):
    return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]

def noisy(embedding):
    noisy = bytearray(embedding)
    for i in range(0, len(noisy), 128):
        noisy[i] = random.randrange(256)
    return bytes(noisy)

def insert(table, rows):
    names = columns(table)
    db.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * len(names))})", rows)

image_at, face_at = columns("images").index, columns("faces").index
images = db.execute("SELECT * FROM images").fetchall()
faces = db.execute("SELECT * FROM faces").fetchall()
def copies(rows, change):
    for i in range(int(sys.argv[2])):
        row = list(rows[i % len(rows)])
        change(row, 1000 + i)
        yield row

def image(row, i):
    row[image_at("Id")], row[image_at("Sha256")] = i, f"{i:064x}"

def face(row, i):
    row[face_at("Id")], row[face_at("ImageId")] = i, i
    row[face_at("Embedding")] = noisy(row[face_at("Embedding")])

insert("images", copies(images, image))
insert("faces", copies(faces, face))
db.commit()
print(db.execute("SELECT COUNT(*) FROM faces").fetchone()[0])
PY
)

began=$(date +%s%N); start; many_ms=$(ms "$began"); stop_server
began=$(date +%s%N); start; again_ms=$(ms "$began")
echo "start to ready: $few_ms ms with a few faces, $many_ms ms with $rows from the database, $again_ms ms from the snapshot; load $(cut -d' ' -f1 /proc/loadavg)"
echo "sqlite faces=$rows load_rows_per_s=$(((rows - 372) * 1000 / (many_ms > few_ms ? many_ms - few_ms : 1)))"
