"""Trains on a simulated table larger than the memory limit, and watches time and memory: by default 20,000,000 rows of
20 columns under a limit of 1 GB, from Parquet and from CSV (a few GB of disk in the folder given)."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from common import ASSAY, OUTPUT, markdown, number, say, warn_if_busy, write_table
from larger_than_memory_data import prepare

STEPS = {"looking at": "read", "dividing": "read", "drawing": "read", "features of": "fit", "growing": "fit"}


def resident(process):
    """The resident memory of a process in MB: what it has now beside files, and the largest of all so far."""
    fields = {}
    try:
        for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in ("VmHWM", "RssAnon"):
                fields[name] = int(value.split()[0]) * 1024 / 1e6
    except (FileNotFoundError, ProcessLookupError):
        pass
    return fields.get("RssAnon", 0), fields.get("VmHWM", 0)


def train(path, memory, budget, threads, home):
    """Runs `assay train`; the seconds of its steps, its memory, and what it found."""
    output = home / "output"
    command = [ASSAY, "train", path, "--target", "bought", "--memory", memory, "--budget", budget, "--threads", threads,
               "--output", output]
    errors = home / "progress.txt"
    with open(errors, "w") as progress:
        process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=progress,
                                   env={**os.environ, "ASSAY_HOME": str(home)})
    start = last = time.perf_counter()
    seconds = {"read": 0.0, "search": 0.0, "fit": 0.0}
    anonymous = peak = 0
    step = "read"
    while process.poll() is None:
        time.sleep(0.2)
        now = time.perf_counter()
        now_anonymous, now_peak = resident(process.pid)
        anonymous, peak = max(anonymous, now_anonymous), max(peak, now_peak)
        lines = errors.read_text().splitlines()
        text = (lines[-1] if lines else "").split("] ", 1)[-1]
        step = next((name for words, name in STEPS.items() if text.startswith(words)),
                    "search" if "candidate" in text else step)
        seconds[step] += now - last
        last = now
    if process.returncode != 0:
        raise SystemExit(errors.read_text())
    results = json.loads((output / "results.json").read_text())
    losses = {entry["name"]: entry["test"]["value"] for entry in results["leaderboard"] if entry.get("test")}
    on_all = [name for name in losses if name.endswith(" on all rows")]
    return {
        "seconds": time.perf_counter() - start, **seconds, "anonymous": anonymous, "peak": peak,
        "rows": results["problem"]["trainingRows"],
        "sample": losses.get(on_all[0].removesuffix(" on all rows")) if on_all else None,
        "all": losses[on_all[0]] if on_all else None, "chosen": results["metrics"][0]["value"]["value"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--memory", default="1GB")
    parser.add_argument("--budget", default="6m")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--kinds", nargs="+", default=["parquet", "csv"], choices=["parquet", "csv"])
    parser.add_argument("--folder", type=pathlib.Path, default=OUTPUT / "larger", help="where the files go")
    parser.add_argument("--keep", action="store_true", help="keep the simulated files")
    parser.add_argument("--no-table", action="store_true", help="leave BENCHMARKS.md as it is")
    options = parser.parse_args()
    warn_if_busy()
    rows = []
    for kind in options.kinds:
        path = prepare(options.folder, options.rows, kind)
        with tempfile.TemporaryDirectory(dir=options.folder) as home:
            say(f"training on {path}")
            found = train(path, options.memory, options.budget, options.threads, pathlib.Path(home))
        say(json.dumps(found))
        rows.append([
            f"{kind}, {path.stat().st_size / 1e9:.1f} GB", number(found["rows"], 0), number(found["seconds"], 0),
            number(found["read"], 0), number(found["search"], 0), number(found["fit"], 0), number(found["anonymous"], 0),
            number(found["peak"], 0), number(found["sample"], 4), number(found["all"], 4), number(found["chosen"], 4)])
    if not options.keep:
        shutil.rmtree(options.folder)
    text = (f"{options.rows:,} rows of 20 columns, 3 GB as a table in memory; limit {options.memory}, budget "
            f"{options.budget}, {options.threads} threads; the log loss of test rows.\n\n" + markdown(
                ["source", "rows learned from", "seconds", "read, sample", "search", "fit on all rows",
                 "peak MB without files", "peak MB", "log loss, sample", "fitted on all rows", "chosen model"],
                rows))
    if options.no_table:
        print(text)
    else:
        write_table("larger", text, "make bench TABLES=larger")
    return 0


if __name__ == "__main__":
    sys.exit(main())
