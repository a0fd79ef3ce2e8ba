"""How long the program takes to answer: `assay --help` against importing the peers in Python, and one row scored from a
bundle inside the process (the model of the demo, trained once into output/demo)."""

import argparse
import statistics
import subprocess
import sys
import time

from common import ASSAY, OUTPUT, Failed, markdown, number, run_json, say, warn_if_busy, write_table

CONTENDERS = {
    "assay --help": [ASSAY, "--help"],
    "python: import lightgbm": [sys.executable, "-c", "import lightgbm"],
    "python: import xgboost": [sys.executable, "-c", "import xgboost"],
    "python: import sklearn.ensemble": [sys.executable, "-c", "import sklearn.ensemble"],
}


def scoring_sentence():
    """One row, and all rows, scored from the demo's bundle."""
    folder = OUTPUT / "demo"
    if not (folder / "results.json").exists():
        say("training the demo's model (once)")
        answer = subprocess.run([ASSAY, "demo", "--output", folder], capture_output=True, text=True)
        if answer.returncode != 0:
            raise Failed(answer.stderr[-2000:])
    run = run_json(
        [ASSAY, "bench", "score", "--model", folder / "model", "--data", folder / "customers.csv", "--json"])
    return (
        f"Scoring from a bundle, inside the process: one row in {number(run['one_row_median_ms'], 3)} ms "
        f"(median of 200); {run['rows']:,} rows in {number(run['all_rows_s'])} s on two threads. The bundle is the "
        f"demo's, of {run['members']} models; it opens in {number(1000 * run['load_s'], 0)} ms.")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--no-table", action="store_true", help="leave BENCHMARKS.md as it is")
    options = parser.parse_args()
    warn_if_busy()
    times = {name: [] for name in CONTENDERS}
    for repeat in range(options.repeats + 1):
        for name, command in CONTENDERS.items():
            start = time.perf_counter()
            answer = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            seconds = time.perf_counter() - start
            if answer.returncode != 0:
                say(f"{name} failed: {answer.stderr.decode()[-1000:]}")
                return 1
            if repeat > 0:
                times[name].append(seconds)
    medians = {name: statistics.median(values) for name, values in times.items()}
    ours = medians["assay --help"]
    rows = [[f"`{name}`", number(1000 * seconds, 1), "1" if seconds == ours else number(seconds / ours, 1)]
            for name, seconds in medians.items()]
    text = (f"Medians of {options.repeats} fresh processes.\n\n"
            + markdown(["command", "milliseconds", "ratio to ours"], rows))
    status = 0
    try:
        text += "\n\n" + scoring_sentence()
    except Failed as failure:
        say(f"scoring failed: {failure}")
        status = 1
    print(text)
    if not options.no_table:
        write_table("startup", text, "make bench TABLES=startup")
    return status


if __name__ == "__main__":
    sys.exit(main())
