#!/usr/bin/env bash
# bench/profiles.sh [mfn|faceplugin|dlib|dlib-yunet]...: compares these with mobile, by default all.
# Compares engine profiles on ../shared/faces/open, by the main face of each picture. The 700 people that the
# projections were fitted on are left out. 20 draws with fixed seeds: a gallery of 900 people with one picture each, all
# with several pictures among them; their other pictures search, and so does a picture of each stranger. TPIR at FPIR 0.01
# over all draws, 95% intervals by drawing people with replacement. Times are paired and on one thread; memory is that of a
# process per profile. The last line is
#   profiles tpir_mobile=… tpir_mfn=… tpir_faceplugin=… tpir_dlib=… gain=… mfn_ratio=… pairs_mfn=…
# gain: TPIR of mfn minus that of mobile; mfn_ratio: a portrait's time over that of mobile, median of pairs; pairs_mfn: the
# share of all genuine pairs of these people and as many of strangers that are right with mfn at 0.6. n/a: not
# requested, or its files are missing.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build bench/FaceSearch.ProfileBenchmarks -c Release -v quiet --nologo >&2
echo "cores $(nproc), $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), load $(cut -d' ' -f1 /proc/loadavg)"
benchmark() { # verb, labels...
  dotnet bench/FaceSearch.ProfileBenchmarks/bin/Release/net10.0/FaceSearch.ProfileBenchmarks.dll "$1" \
    ../shared/faces/open ../shared/models artifacts/models "${@:2}"
}
for label in mobile mfn faceplugin dlib dlib-yunet; do
  [ "$label" != mobile ] && [ $# -gt 0 ] && [[ " $* " != *" $label "* ]] || benchmark memory "$label"
done
benchmark profiles "$@"
