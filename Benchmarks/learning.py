"""Networks trained from their first weights on real data: how well they do on the test parts, and how long it takes.

Every run is a fresh process with a seed of its own. The best epoch is chosen by the validation part; the test part is
looked at once, at the end. Runs are kept in output/learning.json; `--only cora` repeats one set and reuses the others'
runs. The sets are in the folder that ASSAY_DATA names; those that are not there are left out."""

import argparse
import sys

from common import (ASSAY, DATA, Failed, load_results, markdown, median, number, run_json, save_results, say,
                    warn_if_busy, write_table)
from learning_data import SETS, prepare

# By name: the title, and how many seeds are run unless another number is asked for.
TITLES = {
    "mnist": ("MNIST digits, convolutions", 1),
    "cifar10": ("CIFAR-10, 3,200 images, convolutions", 1),
    "trec": ("TREC questions, 6 classes, LSTM on words", 3),
    "sst2": ("SST-2 sentences, LSTM on words", 3),
    "fsdd": ("FSDD spoken digits, convolutions on log-mel", 3),
    "cora": ("Cora citations, graph convolutions", 3),
}


def mean(values):
    return sum(values) / len(values)


def table(runs):
    rows = []
    for name, (title, _) in TITLES.items():
        values = runs.get(name, [])
        if not values:
            continue
        tests = [100 * run["test_accuracy"] for run in values]
        rows.append([
            title, number(mean(tests)), f"{number(min(tests))} to {number(max(tests))}" if len(tests) > 1 else "",
            number(mean([100 * run["validation_accuracy"] for run in values])), number(median(values, "seconds"), 0),
            number(median(values, "epochs"), 0), f"{values[-1]['parameters']:,}", len(values)])
    header = ["set, network", "test accuracy %", "range", "validation %", "training s", "epochs", "weights", "seeds"]
    return markdown(header, rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seeds", type=int, help="seeds of each set, instead of 3 (MNIST and CIFAR-10: 1)")
    parser.add_argument("--only", nargs="+", choices=SETS, default=list(TITLES))
    parser.add_argument("--bfloat16", action="store_true", help="round the operands of products; writes no table")
    parser.add_argument("--no-table", action="store_true", help="leave BENCHMARKS.md as it is")
    options = parser.parse_args()

    name = "learning-bfloat16" if options.bfloat16 else "learning"
    runs = load_results(name)
    is_failed = False
    for each in options.only:
        path = prepare(each)
        if path is None:
            say(f"skipped {each}: there is no folder {DATA / SETS[each][0]}; set ASSAY_DATA to the one that holds it")
            continue
        found = []
        for seed in range(1, (options.seeds or TITLES[each][1]) + 1):
            warn_if_busy()
            command = [
                ASSAY, "bench", "learn", "--set", each, "--data", path, "--threads", options.threads, "--seed", seed,
                "--json"]
            try:
                run = run_json(command + ["--bfloat16"] if options.bfloat16 else command)
            except Failed as failure:
                say(f"{each} failed: {failure}")
                is_failed = True
                break
            found.append(run | {"seed": seed, "threads": options.threads})
            say(f"{each}, seed {seed}: test {100 * run['test_accuracy']:.2f} %, "
                f"validation {100 * run['validation_accuracy']:.2f} %, {run['seconds']:.0f} s, {run['epochs']} epochs")
        else:
            runs[each] = found
            save_results(name, runs)
    threads = sorted({run["threads"] for found in runs.values() for run in found})
    text = (
        f"From first weights, {' or '.join(map(str, threads))} threads, {'bfloat16' if options.bfloat16 else 'float32'}; "
        f"the best epoch chosen by a validation part, then tested once. Means over seeds; times are medians.\n\n"
        + table(runs))
    print(text)
    if runs and not options.bfloat16 and not options.no_table:
        write_table("learning", text, "make bench TABLES=learning")
    return 1 if is_failed else 0


if __name__ == "__main__":
    sys.exit(main())
