"""Training steps and predictions of networks against PyTorch, both on the CPU.

Each figure is the median over rounds of the medians of fresh processes, Assay and PyTorch in turn. A step is forward,
backward and Adam (PyTorch's fused one) on one batch of random data; PyTorch has its images in channels-last order."""

import argparse
import statistics
import sys
import time

from common import (ASSAY, HERE, Failed, load_results, markdown, median, number, run_json, save_results, say,
                    warn_if_busy, write_table)

MODELS = {
    "cnn": "CNN, 3 x (3 x 3 convolution, batch norm, ReLU, 2 x 2 max pool), 3-32-64-128, 32 x 32, batch 64",
    "lstm": "LSTM, 2 layers x 128, 100 steps, 32 inputs, batch 64",
    "transformer": "transformer encoder, 4 layers, width 128, 4 heads, 512 hidden, 64 tokens, batch 32",
    "mlp": "MLP 64-256-256-10, batch 256",
    "gru": "GRU, 2 layers x 128, 100 steps, 32 inputs, batch 64",
    "depthwise": "the CNN with depthwise convolutions, batch 64",
    "gcn": "graph convolution, 2,708 nodes, 1,433 inputs, 16 hidden, 13,264 edges",
    "dqn": "MLP 4-128-128-2, batch 32",
}
MAIN = ["cnn", "lstm", "transformer", "mlp"]


def ours(model, threads, steps, *more):
    command = [ASSAY, "bench", "step", "--model", model, "--threads", threads, "--steps", steps, "--json", *more]
    return run_json(command)


def theirs(model, threads, steps, *more):
    script = HERE / "steps_peer.py"
    return run_json([sys.executable, script, "--model", model, "--threads", threads, "--steps", steps, *more])


def pair(model, threads, options, our_words=(), their_words=()):
    """Both contenders in turn; None for one that fails."""
    mine, peers = [], []
    for _ in range(options.rounds):
        mine.append(ours(model, threads, options.steps, *our_words))
        try:
            peers.append(theirs(model, threads, options.steps, *their_words))
        except Failed as error:
            say(f"PyTorch, {model}: {str(error)[-300:]}")
    return {
        "ours": median(mine, "median_ms"), "theirs": median(peers, "median_ms"), "our_mb": median(mine, "peak_mb"),
        "their_mb": median(peers, "peak_mb"), "version": peers[0]["version"] if peers else None,
        "rounds": options.rounds, "steps": options.steps}


def ratio(result):
    return number(result["theirs"] / result["ours"]) if result["theirs"] else "failed"


def milliseconds(value):
    return number(value, 3 if value is not None and value < 1 else 2)


def row(first, result):
    return [*first, milliseconds(result["ours"]), milliseconds(result["theirs"]), ratio(result)]


def training(results, options):
    for model in options.models:
        for threads in (1, 2):
            results[f"{model} {threads}"] = pair(model, threads, options)
            say(model, threads, results[f"{model} {threads}"])


def training_text(results):
    rows = []
    for model, words in MODELS.items():
        for threads in (1, 2):
            result = results.get(f"{model} {threads}")
            if result:
                rows.append([*row([words if threads == 1 else "", threads], result), number(result["our_mb"], 0),
                             number(result["their_mb"], 0)])
    header = ["step", "threads", "Assay ms", "PyTorch ms", "PyTorch / Assay", "Assay MB", "PyTorch MB"]
    return "### Training steps\n\n" + markdown(header, rows)


def inference(results, options):
    for model in options.models:
        for batch in (1, 256) if model != "gcn" else (1,):
            for threads in (1, 2):
                words = ("--inference", batch)
                results[f"{model} {batch} {threads}"] = pair(model, threads, options, words, words)
                say(model, batch, threads, results[f"{model} {batch} {threads}"])


def inference_text(results):
    rows = []
    for model in MODELS:
        for batch in (1, 256):
            for threads in (1, 2):
                result = results.get(f"{model} {batch} {threads}")
                if result:
                    rows.append(row([model, batch if model != "gcn" else "the graph", threads], result))
    return "### Predictions\n\n" + markdown(["model", "batch", "threads", "Assay ms", "PyTorch ms", "PyTorch / Assay"],
                                            rows)


def main_models(options):
    return [model for model in options.models if model in MAIN]


def variants(results, options):
    for model in main_models(options):
        results[f"{model} bfloat16"] = pair(model, 2, options, ("--bfloat16",), ("--bfloat16",))
        results[f"{model} eager"] = pair(model, 2, options)
        results[f"{model} compiled"] = pair(model, 2, options, (), ("--compile",))
        say(model, *(results[f"{model} {kind}"] for kind in ("bfloat16", "eager", "compiled")))


def variants_text(results):
    rows = [row([model, words], results[f"{model} {key}"]) for model in MAIN
            for key, words in (("bfloat16", "bfloat16 against autocast"), ("eager", "float32 against PyTorch as it is"),
                               ("compiled", "float32 against torch.compile"))
            if f"{model} {key}" in results]
    return "### Training steps, two threads: bfloat16, and a compiled PyTorch\n\n" + markdown(
        ["model", "", "Assay ms", "PyTorch ms", "PyTorch / Assay"], rows)


def start(results, options):
    """The time of a whole process that takes one step, and that time without the step itself."""
    for model in main_models(options):
        for name, command in (
                ("ours", [ASSAY, "bench", "step", "--threads", 2, "--json", "--warm-up", 0]),
                ("theirs", [sys.executable, HERE / "steps_peer.py", "--threads", 2, "--warm-up", 0])):
            whole, before = [], []
            for _ in range(options.rounds + 2):
                begin = time.perf_counter()
                step = run_json([*command, "--model", model, "--steps", 1])["median_ms"]
                whole.append(1000 * (time.perf_counter() - begin))
                before.append(whole[-1] - step)
            results.setdefault(f"{model} start", {})[name] = statistics.median(whole)
            results[f"{model} start"][f"{name} before"] = statistics.median(before)
        say(model, results[f"{model} start"])


def start_text(results):
    rows = []
    for model in MAIN:
        times = results.get(f"{model} start")
        if times:
            before = [number(times[f"{name} before"], 0) for name in ("ours", "theirs")]
            rows.append([model, *before, number(times["ours"], 0), number(times["theirs"], 0), ratio(times)])
    header = ["model", "Assay, before the step, ms", "PyTorch, before the step, ms", "Assay, with it, ms",
              "PyTorch, with it, ms", "PyTorch / Assay"]
    return "### A process that takes one step, two threads\n\n" + markdown(header, rows)


PARTS = {"training": (training, training_text), "inference": (inference, inference_text),
         "variants": (variants, variants_text), "start": (start, start_text)}


def span(values):
    """The numbers that there are: "3", or "2 to 4"."""
    return str(min(values)) if min(values) == max(values) else f"{min(values)} to {max(values)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="+", default=list(PARTS), choices=list(PARTS))
    parser.add_argument("--models", nargs="+", default=list(MODELS), choices=list(MODELS),
                        help="measure these anew; the others' results are kept")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--no-table", action="store_true", help="leave BENCHMARKS.md as it is")
    options = parser.parse_args()
    warn_if_busy()
    results = load_results("steps")
    for part in options.parts:
        PARTS[part][0](results.setdefault(part, {}), options)
        save_results("steps", results)
    texts = [PARTS[part][1](results[part]) for part in PARTS if part in results]
    version = next((result["version"] for result in results.get("training", {}).values() if result["version"]), "")
    pairs = [result for part in results.values() for result in part.values() if "steps" in result]
    rounds, steps = (span([result[key] for result in pairs]) for key in ("rounds", "steps"))
    text = f"PyTorch {version}. Medians of {rounds} rounds of {steps} steps.\n\n" + "\n\n".join(texts)
    print(text)
    if not options.no_table:
        write_table("steps", text, "make bench TABLES=steps")
    return 0


if __name__ == "__main__":
    sys.exit(main())
