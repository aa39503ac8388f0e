#!/usr/bin/env bash
# Search time and memory from 10 thousand to 10 million faces, and a snapshot file of them: bench/growth.sh [rows]
# Draws docs/growth.svg. 10 million rows take some 7 GB of memory.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! /usr/bin/python3 -c 'import matplotlib' 2>/dev/null; then
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq --no-install-recommends python3-matplotlib
fi

dotnet build -c Release -v quiet --nologo bench/FaceSearch.SearchBenchmarks
bench/FaceSearch.SearchBenchmarks/bin/Release/net10.0/FaceSearch.SearchBenchmarks growth "${1:-10000000}" | tee /dev/stderr |
    /usr/bin/python3 bench/plot_growth.py docs/growth.svg
