"""Copies the faces of a SQLite database, with noise, until the given number is added: grow_sqlite.py DATABASE FACES

Prints how many there are then. With a third argument, all embeddings go to that file, as floats.
"""
import random
import sqlite3
import sys

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


image_at, face_at, embedding_at = (columns(table).index for table in ("images", "faces", "face_embeddings"))
images = db.execute("SELECT * FROM images").fetchall()
faces = db.execute("SELECT * FROM faces ORDER BY Id").fetchall()
embeddings = db.execute("SELECT * FROM face_embeddings ORDER BY FaceId").fetchall()


def copies(rows, change):
    for i in range(int(sys.argv[2])):
        row = list(rows[i % len(rows)])
        change(row, 1000 + i)
        yield row


def image(row, i):
    row[image_at("Id")], row[image_at("Sha256")] = i, f"{i:064x}"


def face(row, i):
    row[face_at("Id")], row[face_at("ImageId")] = i, i


def embedding(row, i):
    row[embedding_at("FaceId")] = i
    row[embedding_at("Embedding")] = noisy(row[embedding_at("Embedding")])


insert("images", copies(images, image))
insert("faces", copies(faces, face))
insert("face_embeddings", copies(embeddings, embedding))
db.commit()
print(db.execute("SELECT COUNT(*) FROM faces").fetchone()[0])
if len(sys.argv) > 3:
    with open(sys.argv[3], "wb") as file:
        for row in db.execute("SELECT Embedding FROM face_embeddings ORDER BY FaceId"):
            file.write(row[0])
