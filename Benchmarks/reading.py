"""From a CSV file to typed columns in memory: Assay against DuckDB's Python client to pandas, and pandas alone."""

import argparse
import sys

from common import (ASSAY, HERE, Failed, load_results, markdown, median, number, run_json, save_results, say,
                    warn_if_busy, write_table)
from reading_data import prepare

CONTENDERS = {"assay": "Assay", "duckdb": "DuckDB to pandas", "pandas": "pandas, dates stay text"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--no-table", action="store_true", help="leave BENCHMARKS.md as it is")
    options = parser.parse_args()
    path = prepare(options.rows)
    runs = load_results("reading")
    for contender in options.only:
        runs[contender] = []
    failed = set()
    # The first round fills the system's cache of the file and is not counted.
    for repeat in range(options.repeats + 1):
        for contender in options.only:
            if contender in failed:
                continue
            warn_if_busy()
            if contender == "assay":
                command = [ASSAY, "bench", "csv", "--data", path, "--threads", options.threads, "--json"]
            else:
                command = [sys.executable, HERE / "reading_peer.py", contender, path, options.threads]
            try:
                run = run_json(command)
            except Failed as failure:
                say(f"{CONTENDERS[contender]} failed: {failure}")
                failed.add(contender)
                continue
            if repeat > 0:
                runs[contender].append(run)
                say(f"{contender}: {run['load_s']:.3f} s, {run['peak_mb']:.0f} MB")
    save_results("reading", runs)
    ours = median(runs.get("assay", []), "load_s")
    size = path.stat().st_size / 1e6
    rows = []
    for contender, title in CONTENDERS.items():
        values = runs.get(contender, [])
        if not values:
            continue
        seconds = median(values, "load_s")
        rows.append([
            f"{title} {values[-1].get('version', '')}".strip(), number(seconds, 3), number(size / seconds, 0),
            "1" if contender == "assay" else number(seconds / ours if ours else None),
            number(median(values, "peak_mb"), 0), len(values)])
    text = (
        f"A CSV file of {options.rows:,} rows and 14 columns ({size:.0f} MB), {options.threads} threads; medians of "
        "fresh processes, taking turns, the file in the system's cache.\n\n"
        + markdown(["reader", "seconds", "MB/s", "ratio to ours", "peak MB", "runs"], rows))
    print(text)
    if not options.no_table:
        write_table("csv", text, "make bench TABLES=csv")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
