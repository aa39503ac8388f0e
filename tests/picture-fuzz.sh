#!/usr/bin/env bash
# Fuzzes the engine with damaged pictures of every format: decoding, metadata and detection, in a child process. An input
# fails when the process ends, takes over 5 s or over 1 GB. It is kept in artifacts/picture-fuzz.
# tests/picture-fuzz.sh [inputs]; SEED=… repeats a run. Uses ../shared/faces where it is there. Prints, last:
#   picture_fuzz inputs=… crashes=0 hangs=0
set -euo pipefail
cd "$(dirname "$0")/.."
inputs=${1:-5000}
seed=${SEED:-$RANDOM}

dotnet build tests/picture-fuzz -v quiet --nologo -p:BuildPage=false >&2
rm -rf artifacts/picture-fuzz
exec tests/picture-fuzz/bin/Debug/net10.0/FaceSearch.PictureFuzz "$inputs" "$seed" artifacts/picture-fuzz
