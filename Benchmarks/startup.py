"""How long the program takes to answer: `assay --help` against importing the peers in Python."""

import argparse
import statistics
import subprocess
import sys
import time

from common import ASSAY, markdown, number, say, warn_if_busy, write_table

CONTENDERS = {
    "assay --help": [ASSAY, "--help"],
    "python: import lightgbm": [sys.executable, "-c", "import lightgbm"],
    "python: import xgboost": [sys.executable, "-c", "import xgboost"],
    "python: import sklearn.ensemble": [sys.executable, "-c", "import sklearn.ensemble"],
}


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
    print(text)
    if not options.no_table:
        write_table("startup", text, "make bench TABLES=startup")
    return 0


if __name__ == "__main__":
    sys.exit(main())
