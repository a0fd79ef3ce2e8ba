#!/bin/bash
# Runs benchmarks against the peers and rewrites their tables in BENCHMARKS.md:
#   Benchmarks/bench.sh all | [startup] [csv] [boosting] [tabular] [steps] [operations] [curves] [onnx] [learning]
#     [solutions] [larger]
# "larger" takes a quarter of an hour and some GB of disk, "learning" and "solutions" half an hour; they are no part of
# "all".
# The peers live in Python environments beside this file, made once from the pinned requirements. "tabular" looks for
# its tables in the folder that the environment variable ASSAY_DATA names (it holds tabular-suite), "learning" its sets
# (mnist, cora-citation, ...); without, they skip.
# A part of a table is repeated by calling its script: Benchmarks/.venv/bin/python Benchmarks/boosting.py --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

known=(startup csv boosting tabular steps operations curves onnx learning solutions larger)
chosen=("$@")
if [[ ${#chosen[@]} -eq 0 || ${chosen[*]} == all ]]; then
  chosen=(startup csv boosting tabular steps operations curves onnx)
fi
for name in "${chosen[@]}"; do
  if [[ " ${known[*]} " != *" $name "* ]]; then
    echo "bench: there is no benchmark \"$name\"; choose from: ${known[*]}" >&2
    exit 1
  fi
done

Scripts/setup.sh bench

# Makes an environment from a file of requirements, unless it was made from the same file before.
environment() {
  local folder=$1 requirements=$2 log
  if [[ -x $folder/bin/python ]] && cmp -s "$requirements" "$folder/made-from.txt"; then return 0; fi
  echo "Installing the peers of $requirements (once)" >&2
  rm -rf "$folder"
  /usr/bin/python3 -m venv "$folder"
  log=$(mktemp)
  if ! "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" \
    >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "bench: the peers could not be installed (see above)" >&2
    exit 1
  fi
  rm -f "$log"
  cp "$requirements" "$folder/made-from.txt"
}

environment Benchmarks/.venv Benchmarks/requirements.txt
python=Benchmarks/.venv/bin/python
status=0
for name in "${chosen[@]}"; do
  case $name in
    startup) "$python" Benchmarks/startup.py || status=1 ;;
    csv) "$python" Benchmarks/reading.py || status=1 ;;
    boosting) "$python" Benchmarks/boosting.py || status=1 ;;
    larger) "$python" Benchmarks/larger_than_memory.py || status=1 ;;
    tabular)
      environment Benchmarks/.venv-autogluon Benchmarks/requirements-autogluon.txt
      "$python" Benchmarks/tabular.py || status=1
      ;;
    solutions) "$python" Benchmarks/solutions.py || status=1 ;;
    steps | operations | curves | onnx | learning)
      environment Benchmarks/.venv-torch Benchmarks/requirements-torch.txt
      torch=Benchmarks/.venv-torch/bin/python
      case $name in
        steps) "$torch" Benchmarks/steps.py || status=1 ;;
        operations) "$torch" Benchmarks/operations.py || status=1 ;;
        curves) "$torch" Benchmarks/curves.py || status=1 ;;
        onnx) "$torch" Benchmarks/onnx_check.py || status=1 ;;
        learning) "$torch" Benchmarks/learning.py || status=1 ;;
      esac
      ;;
  esac
done
exit "$status"
