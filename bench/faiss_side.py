"""The FAISS side of search.sh: reads one JSON command per line on stdin, writes one JSON line per answer on stdout."""
import json
import sys
import time

import faiss
import numpy as np

DIMENSIONS = 128
TOP = 10
state = {}


def vectors(path, rows=None):
    values = np.fromfile(path, dtype=np.float32, count=-1 if rows is None else rows * DIMENSIONS)
    return values.reshape(-1, DIMENSIONS)


def timed_search(index, probes, one_by_one):
    """The ids found, and the milliseconds of each probe alone or per probe of the batch."""
    ids, milliseconds = [], []
    for part in np.split(probes, len(probes)) if one_by_one else [probes]:
        start = time.perf_counter()
        ids.append(index.search(part, TOP)[1])
        milliseconds.append((time.perf_counter() - start) * 1000 / len(part))
    return np.concatenate(ids), milliseconds


def load(command):
    state["probes"] = vectors(command["probes"])
    state["flat"] = faiss.IndexFlatL2(DIMENSIONS)
    state["flat"].add(vectors(command["gallery"]))
    return {"version": faiss.__version__}


def flat(command):
    faiss.omp_set_num_threads(command["threads"])
    probes = state["probes"][:command["count"]]
    ids, ms = timed_search(state["flat"], probes, command["one_by_one"])
    return {"ms": ms, "ids": (ids + 1).tolist()}


def hnsw_build(command):
    """Adds rows until the time limit; returns the number of rows added, which may be less than requested."""
    faiss.omp_set_num_threads(command["threads"])
    rows = vectors(command["gallery"], command["rows"])
    state["hnsw"] = faiss.IndexHNSWFlat(DIMENSIONS, 32)
    state["hnsw"].hnsw.efConstruction = command["ef_construction"]
    start = time.perf_counter()
    added = 0
    while added < len(rows) and time.perf_counter() - start < command["seconds"]:
        state["hnsw"].add(rows[added:added + 10_000])
        added = min(len(rows), added + 10_000)
    seconds = time.perf_counter() - start
    exact = faiss.IndexFlatL2(DIMENSIONS)
    exact.add(rows[:added])
    state["truth"] = exact.search(state["probes"], TOP)[1]
    return {"seconds": seconds, "rows": added}


def hnsw(command):
    faiss.omp_set_num_threads(1)
    state["hnsw"].hnsw.efSearch = command["ef"]
    ids, ms = timed_search(state["hnsw"], state["probes"], True)
    found = [len(set(a) & set(b)) for a, b in zip(ids.tolist(), state["truth"].tolist())]
    return {"ms": ms, "recall": sum(found) / len(found) / TOP}


def main():
    actions = {"load": load, "flat": flat, "hnsw_build": hnsw_build, "hnsw": hnsw}
    for line in sys.stdin:
        command = json.loads(line)
        print(json.dumps(actions[command["action"]](command)), flush=True)


main()
