#!/usr/bin/env bash
# Compares the exact search with FAISS on the same vectors, in one run: bench/search.sh [rows]
set -euo pipefail
cd "$(dirname "$0")/.."

if ! /usr/bin/python3 -c 'import faiss, numpy' 2>/dev/null; then
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq python3-faiss python3-numpy
fi

# The fastest FAISS: its BLAS selects its kernels for this processor.
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE

dotnet build -c Release -v quiet --nologo bench/FaceSearch.SearchBenchmarks
exec bench/FaceSearch.SearchBenchmarks/bin/Release/net10.0/FaceSearch.SearchBenchmarks compare "${1:-1000000}"
