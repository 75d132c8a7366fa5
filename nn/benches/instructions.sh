#!/usr/bin/env bash
# Counts the instructions of a training step by hand, in matrix form and on the tape, on one thread. The counts come
# from valgrind's callgrind, so the load of the machine does not matter. valgrind emulates a processor without AVX-512.
#
#     nn/benches/instructions.sh [CASE …]
set -euo pipefail
cd "$(dirname "$0")/../.."
program=$(cargo bench -p nn --bench instructions --no-run 2>&1 | sed -n 's/.*Executable.*(\(.*\)).*/\1/p')
counts=$(mktemp)
trap 'rm -f "$counts"' EXIT
count() { valgrind --tool=callgrind --callgrind-out-file="$counts" "$program" "$@" 2>&1 | sed -n 's/.*Collected : //p'; }
for case in "${@:-mlp_2-8-1_b4 mlp_64-32-10_b32}"; do
  for name in $case; do
    for contender in by_hand matrix_form tape; do
      few=$(count "$name" "$contender" 100)
      many=$(count "$name" "$contender" 300)
      printf '%-24s %-11s %9d instructions per step\n' "$name" "$contender" $(((many - few) / 200))
    done
  done
done
