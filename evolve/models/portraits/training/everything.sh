#!/usr/bin/env bash
# Trains what ships further, on a machine with PyTorch that has neither node nor a network.
#
#   bash everything.sh BUNDLE OUT MINUTES [--device cuda] [--batch N] [--count N] ...
#
# BUNDLE is what `train pack` has written, OUT gets what `train adopt` takes in, and log.txt. WORK
# names a folder for what is not handed over; with the same one a second call goes on.
set -euo pipefail
bundle=$(realpath "$1") out=$(mkdir -p "$2" && realpath "$2") minutes=$3
shift 3
work=${WORK:-/tmp/portraits}
mkdir -p "$work"
if ls "$bundle"/packages/*.whl >/dev/null 2>&1; then
  python3 -m pip install --quiet --no-index --no-deps --no-compile --upgrade --target "$work/packages" "$bundle"/packages/*.whl
fi
cd "$(dirname "$0")/../../../.."
PYTHONPATH="$work/packages:$PWD" PYTHONUNBUFFERED=1 python3 -m evolve.models.portraits.training.train everything \
  --work "$work" --bundle "$bundle" --to "$out" --minutes "$minutes" "$@" 2>&1 | tee -a "$out/log.txt"
