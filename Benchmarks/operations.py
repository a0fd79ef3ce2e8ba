"""Operations alone against PyTorch's, whose convolutions are oneDNN's primitives and whose products are MKL's.

Each figure is the median over rounds of the medians of fresh processes, Assay and PyTorch in turn: the operation
forward, and forward with the gradients of all its inputs from a given gradient of its output."""

import argparse
import json
import os
import statistics
import sys
import time

from common import ASSAY, HERE, load_results, markdown, median, number, run_json, save_results, say, warn_if_busy, \
    write_table

NAMES = {
    "convolution-3-32": "3 x 3 convolution, 3 to 32 channels, 32 x 32, batch 64",
    "convolution-32-64": "3 x 3 convolution, 32 to 64 channels, 16 x 16, batch 64",
    "convolution-64-128": "3 x 3 convolution, 64 to 128 channels, 8 x 8, batch 64",
    "depthwise-64": "3 x 3 depthwise convolution, 64 channels, 16 x 16, batch 64",
    "product-2048-128-512": "matrix product, 2,048 x 128 by 128 x 512",
    "product-1024": "matrix product, 1,024 x 1,024 by 1,024 x 1,024",
    "batch-norm-32": "batch norm, 32 channels, 32 x 32, batch 64",
    "max-pool-32": "2 x 2 max pool, 32 channels, 32 x 32, batch 64",
    "layer-norm-128": "layer norm, 2,048 rows of 128",
}


def peer(name, threads, repeats):
    """Times PyTorch's operation in this process and prints what `assay bench operation` prints."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    import torch
    from torch.nn import functional as F

    torch.set_num_threads(threads)
    torch.manual_seed(1)

    def images(*shape):
        return torch.randn(*shape).to(memory_format=torch.channels_last)

    same = {"padding": 1}
    inputs, operation = {
        "convolution-3-32": ([images(64, 3, 32, 32), images(32, 3, 3, 3)], lambda x, w: F.conv2d(x, w, **same)),
        "convolution-32-64": ([images(64, 32, 16, 16), images(64, 32, 3, 3)], lambda x, w: F.conv2d(x, w, **same)),
        "convolution-64-128": ([images(64, 64, 8, 8), images(128, 64, 3, 3)], lambda x, w: F.conv2d(x, w, **same)),
        "depthwise-64": (
            [images(64, 64, 16, 16), images(64, 1, 3, 3)], lambda x, w: F.conv2d(x, w, groups=64, **same)),
        "product-2048-128-512": ([torch.randn(2048, 128), torch.randn(128, 512)], torch.matmul),
        "product-1024": ([torch.randn(1024, 1024), torch.randn(1024, 1024)], torch.matmul),
        "batch-norm-32": (
            [images(64, 32, 32, 32), torch.randn(32), torch.randn(32)],
            lambda x, scale, shift: F.batch_norm(x, None, None, scale, shift, training=True)),
        "max-pool-32": ([images(64, 32, 32, 32)], lambda x: F.max_pool2d(x, 2)),
        "layer-norm-128": (
            [torch.randn(2048, 128), torch.randn(128), torch.randn(128)],
            lambda x, gain, bias: F.layer_norm(x, (128,), gain, bias)),
    }[name]
    with torch.no_grad():
        upstream = torch.randn_like(operation(*inputs))

    def forward():
        with torch.inference_mode():
            operation(*inputs)

    def training():
        leaves = [value.detach().requires_grad_() for value in inputs]
        torch.autograd.grad(operation(*leaves), leaves, upstream)

    def timed(body):
        for _ in range(5):
            body()
        durations = []
        for _ in range(repeats):
            start = time.perf_counter()
            body()
            durations.append((time.perf_counter() - start) * 1000)
        return statistics.median(durations)

    print(json.dumps({
        "forward_ms": timed(forward), "training_ms": timed(training), "version": torch.__version__}))


def measure(options):
    results = load_results("operations")
    for name in NAMES:
        for threads in (1, 2):
            mine, theirs = [], []
            common = ["--name", name, "--threads", threads, "--repeats", options.repeats]
            for _ in range(options.rounds):
                mine.append(run_json([ASSAY, "bench", "operation", *common, "--json"]))
                theirs.append(run_json([sys.executable, HERE / "operations.py", "--peer", *common]))
            results[f"{name} {threads}"] = {
                **{f"{who} {kind}": median(runs, f"{kind}_ms") for who, runs in (("ours", mine), ("theirs", theirs))
                   for kind in ("forward", "training")},
                "version": theirs[0]["version"]}
            say(name, threads, results[f"{name} {threads}"])
            save_results("operations", results)
    return results


def text(results, options):
    rows = []
    for name, words in NAMES.items():
        for threads in (1, 2):
            result = results.get(f"{name} {threads}")
            if result:
                cells = []
                for kind in ("forward", "training"):
                    ours, theirs = result[f"ours {kind}"], result[f"theirs {kind}"]
                    cells += [number(ours, 3), number(theirs, 3), number(theirs / ours)]
                rows.append([words if threads == 1 else "", threads, *cells])
    version = next(iter(results.values()))["version"]
    header = ["operation", "threads", "forward, Assay ms", "PyTorch ms", "PyTorch / Assay",
              "with gradients, Assay ms", "PyTorch ms", "PyTorch / Assay"]
    return (f"PyTorch {version}, images in channels-last order. Medians of {options.rounds} rounds of {options.repeats} "
            f"repeats.\n\n" + markdown(header, rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=30)
    parser.add_argument("--threads", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--name", choices=list(NAMES), help=argparse.SUPPRESS)
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--no-table", action="store_true", help="leave BENCHMARKS.md as it is")
    options = parser.parse_args()
    if options.peer:
        peer(options.name, options.threads, options.repeats)
        return 0
    warn_if_busy()
    table = text(measure(options), options)
    print(table)
    if not options.no_table:
        write_table("operations", table, "make bench TABLES=operations")
    return 0


if __name__ == "__main__":
    sys.exit(main())
