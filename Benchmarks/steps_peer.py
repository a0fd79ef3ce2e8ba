"""One training step, or inference, of the bench models in PyTorch: what `assay bench step` is set beside.

Prints {"median_ms", "min_ms", "peak_mb", "loss", "version"}. The models and the shapes are those of
Sources/Tools/assay/Bench/StepModels.swift."""

import argparse
import json
import os
import statistics
import time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--model", required=True)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--steps", type=int, default=30)
parser.add_argument("--warm-up", type=int, default=5, help="steps that are not timed")
parser.add_argument("--bfloat16", action="store_true")
parser.add_argument("--compile", action="store_true")
parser.add_argument("--inference", type=int, default=0, help="time the forward pass with this batch instead of a step")
options = parser.parse_args()
os.environ["OMP_NUM_THREADS"] = str(options.threads)

import torch  # noqa: E402
from torch.nn import functional as F  # noqa: E402

from common import peak_megabytes  # noqa: E402
from steps_models import build  # noqa: E402

torch.set_num_threads(options.threads)
torch.manual_seed(1)


def times(body, count):
    for _ in range(options.warm_up):
        body()
    durations = []
    for _ in range(count):
        start = time.perf_counter()
        result = body()
        durations.append((time.perf_counter() - start) * 1000)
    return durations, result


model, inputs, targets = build(options.model, options.inference)
run = torch.compile(model) if options.compile else model
precision = torch.autocast("cpu", dtype=torch.bfloat16, enabled=options.bfloat16)
if options.inference:
    model.eval()

    def forward():
        with torch.inference_mode(), precision:
            return run(inputs)

    durations, result = times(forward, options.steps)
    loss = float(result.float().mean())
else:
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)

    def step():
        optimizer.zero_grad()
        with precision:
            loss = F.cross_entropy(run(inputs), targets)
        loss.backward()
        optimizer.step()
        return loss

    durations, result = times(step, options.steps)
    loss = float(result.detach())
print(json.dumps({
    "median_ms": statistics.median(durations), "min_ms": min(durations), "peak_mb": peak_megabytes(), "loss": loss,
    "version": torch.__version__}))
