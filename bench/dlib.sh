#!/usr/bin/env bash
# Compares this engine with dlib's fastest build, one thread each, the fastest of alternated rounds.
# Needs ../shared (pictures, models). ROUNDS=5 by default. The last line is
#   dlib resnet_b1=…x resnet_b16=…x mmod_500=…x chain_cnn=…x chain_hog=…x max_diff=…
# Ratios are dlib's time over ours; chain_cnn: mmod chains; chain_hog: dlib's HOG chain without upsampling over ours with
# YuNet; max_diff: the largest difference of any embedding float over 64 chips.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C OPENBLAS_NUM_THREADS=1 DLIB_NUM_THREADS=1
rounds=${ROUNDS:-5}
tests/Oracle/build.sh native
dotnet build -c Release -v quiet --nologo bench/FaceSearch.DlibBenchmarks >&2
ours=bench/FaceSearch.DlibBenchmarks/bin/Release/net10.0/FaceSearch.DlibBenchmarks
# dlib allocates memory for every picture and frees it. With slow page faults, as on virtual machines, that is most of its
# time. The rows with "kept" set the allocator to keep the memory, which is not dlib's default.
theirs() {
  if [ "${KEEP:-0}" = 1 ]; then
    local -x MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=4000000000 MALLOC_TOP_PAD_=100000000
  fi
  artifacts/oracle/oracle-native "$@"
}
shared=../shared
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Models: the published ones when present, else a ResNet that dlib writes, because the speed does not depend on the weights.
for model in mmod_human_face_detector; do
  bzip2 -dc "$shared/models/$model.dat.bz2" >"$work/$model.dat"
done
mmod=$work/mmod_human_face_detector.dat
resnet=dlib-models/dlib_face_recognition_resnet_model_v1.dat
if [ ! -f "$resnet" ]; then resnet=$work/resnet.dat; theirs write-network resnet used 1 "$resnet"; fi
landmarks=dlib-models/shape_predictor_5_face_landmarks.dat
[ -f "$landmarks" ] || landmarks=$shared/models/face_landmarks_5.dat
yunet=$shared/models/yunet_n_dynamic.onnx

# Pictures.
mkdir "$work/ppm"
find "$shared/faces/lfw" -name '*_0001.jpg' | sort | sed -n 1,24p | xargs "$ours" decode "$work/ppm" >/dev/null
find "$work/ppm" -name '*.ppm' | sort >"$work/list"
small=$(head -1 "$work/list")
find "$shared/faces/chips" -type f | sort | sed -n 1,54p | xargs "$ours" decode "$work" >/dev/null
for chip in "$work"/*.ppm; do tail -c 67500 "$chip"; done >"$work/chips"
tail -c +16 "$small" >"$work/pixels"
# 1280x720 of repeated pixels: the detector's time does not depend on the content.
{ printf 'P6\n1280 720\n255\n'; for _ in $(seq 15); do cat "$work/pixels"; done | head -c $((1280 * 720 * 3)) || true; } >"$work/hd.ppm"

# dlib's BLAS selects its kernels by the processor's vendor; use those that are faster here.
least() { sort -g | sed -n 1p; }
haswell=$(theirs bench embed resnet "$resnet" "$work/chips" 1 30)
skylake=$(OPENBLAS_CORETYPE=SKYLAKEX theirs bench embed resnet "$resnet" "$work/chips" 1 30 || echo 1e9)
if awk "BEGIN { exit !($skylake < $haswell) }"; then export OPENBLAS_CORETYPE=SKYLAKEX; fi
echo "dlib's kernels: as found $haswell ms, SKYLAKEX $skylake ms; taken: ${OPENBLAS_CORETYPE:-as found}"

theirs embed resnet "$resnet" "$work/chips" 16 "$work/expected"
difference=$("$ours" difference resnet "$resnet" "$work/chips" "$work/expected")

declare -A ratio
compare() { # name, ours' input list or -, ours' arguments, --, theirs' arguments
  local name=$1 list=$2 a=() b=()
  shift 2
  while [ "$1" != -- ]; do a+=("$1"); shift; done
  shift
  b=("$@")
  for _ in $(seq "$rounds"); do
    "$ours" "${a[@]}" <"$list" >>"$work/$name.ours"
    theirs bench "${b[@]}" <"$list" >>"$work/$name.theirs"
  done
  local x y
  x=$(least <"$work/$name.ours")
  y=$(least <"$work/$name.theirs")
  ratio[$name]=$(awk "BEGIN { printf \"%.1f\", $y / $x }")
  printf '%-14s ours %9.3f ms   dlib %9.3f ms   %sx\n' "$name" "$x" "$y" "${ratio[$name]}"
}

uptime
none=/dev/null
compare resnet_b1 $none embed resnet "$resnet" "$work/chips" 1 40 -- embed resnet "$resnet" "$work/chips" 1 15
compare resnet_b16 $none embed resnet "$resnet" "$work/chips" 16 6 -- embed resnet "$resnet" "$work/chips" 16 2
compare mmod_250 $none mmod "$mmod" "$small" 0 10 -- mmod "$mmod" "$small" 0 3
compare mmod_500 $none mmod "$mmod" "$small" 1 5 -- mmod "$mmod" "$small" 1 2
KEEP=1 compare mmod_500_kept $none mmod "$mmod" "$small" 1 5 -- mmod "$mmod" "$small" 1 2
compare mmod_720p $none mmod "$mmod" "$work/hd.ppm" 0 3 -- mmod "$mmod" "$work/hd.ppm" 0 1
compare chain_cnn "$work/list" chain mmod 0 "$mmod" "$landmarks" "$resnet" 2 -- chain cnn 0 "$mmod" "$landmarks" "$resnet" 1
KEEP=1 compare chain_cnn_kept "$work/list" chain mmod 0 "$mmod" "$landmarks" "$resnet" 2 -- chain cnn 0 "$mmod" "$landmarks" "$resnet" 1
compare chain_hog "$work/list" chain yunet 0 "$yunet" "$landmarks" "$resnet" 2 -- chain hog 0 "$mmod" "$landmarks" "$resnet" 2
compare chain_hog_up1 "$work/list" chain yunet 0 "$yunet" "$landmarks" "$resnet" 2 -- chain hog 1 "$mmod" "$landmarks" "$resnet" 1

"$ours" steps "$yunet" "$landmarks" "$resnet" "$rounds" <"$work/list"
read -r operations gemm < <("$ours" roof "$resnet" 150)
one=$(least <"$work/resnet_b1.ours") many=$(least <"$work/resnet_b16.ours")
awk "BEGIN { printf \"ResNet: %.3f GFLOP a face; %.0f GFLOP/s at batch 1, %.0f at 16; a plain GEMM reaches %.0f here\\n\", \
  $operations, $operations / $one * 1e3, $operations / $many * 1e3, $gemm }"

{ printf 'P6\n4000 3000\n255\n'; for _ in $(seq 193); do cat "$work/pixels"; done | head -c $((4000 * 3000 * 3)) || true; } >"$work/huge.ppm"
read -r loaded after < <("$ours" memory "$mmod" "$resnet" "$work/huge.ppm")
echo "resident: $loaded MB with both sessions, $after MB after three pictures of 4000x3000"

echo "dlib resnet_b1=${ratio[resnet_b1]}x resnet_b16=${ratio[resnet_b16]}x mmod_500=${ratio[mmod_500]}x" \
  "chain_cnn=${ratio[chain_cnn]}x chain_hog=${ratio[chain_hog]}x max_diff=$difference"
