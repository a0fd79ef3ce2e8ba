"""Loss curves of the bench models against PyTorch: the same first weights, the same batches, 100 steps of Adam.

`assay bench curve` writes weights, a fresh batch for each step and its losses; the model in PyTorch takes them up.
The largest relative difference of a loss must stay below 1e-3. Adam divides each gradient by its size, so gradients
that are rounding errors alone, such as those of biases before a batch norm, move their weights as much as others do,
and differences grow from step to step: how far PyTorch in float32 strays from itself in float64 stands beside. The
convolutions stray further than 1e-3 at Adam's usual rate, PyTorch's as well, so they are judged at a tenth of it."""

import argparse
import math
import subprocess
import sys

import torch
from safetensors.torch import load_file
from torch.nn import functional as F

from common import ASSAY, OUTPUT, markdown, number, say, write_table
from steps_models import build

LIMIT = 1e-3


def images(weight):
    """[height, width, inputs, outputs] as PyTorch has it."""
    return weight.permute(3, 2, 0, 1)


def dense(ours, theirs, weights, state):
    state[f"{theirs}.weight"] = weights[f"{ours}.weight"].T
    state[f"{theirs}.bias"] = weights[f"{ours}.bias"]


def convolutional(weights):
    state = {}
    for i in range(3):
        conv, norm = f"layers.{3 * i}", f"layers.{3 * i + 1}"
        state[f"features.{4 * i}.weight"] = images(weights[f"{conv}.weight"])
        state[f"features.{4 * i}.bias"] = weights[f"{conv}.bias"]
        for ours, theirs in (("scale", "weight"), ("shift", "bias"), ("mean", "running_mean"),
                             ("variance", "running_var")):
            state[f"features.{4 * i + 1}.{theirs}"] = weights[f"{norm}.{ours}"]
        state[f"features.{4 * i + 1}.num_batches_tracked"] = torch.tensor(0)
    dense("layers.10", "head", weights, state)
    return state


def recurrent(weights):
    state = {}
    for i in range(2):
        cell = f"layers.0.layers.{i}.forward"
        state[f"cell.weight_ih_l{i}"] = weights[f"{cell}.inputWeight"].T
        state[f"cell.weight_hh_l{i}"] = weights[f"{cell}.recurrentWeight"].T
        state[f"cell.bias_ih_l{i}"] = weights[f"{cell}.bias"]
        state[f"cell.bias_hh_l{i}"] = torch.zeros_like(weights[f"{cell}.bias"])
    dense("layers.1", "head", weights, state)
    return state


def transformer(weights):
    state = {"embedding.weight": weights["embedding.weight"], "positions": weights["positions"]}
    for i in range(4):
        ours, theirs = f"encoder.blocks.{i}", f"encoder.layers.{i}"
        parts = [f"{ours}.attention.{name}" for name in ("query", "key", "value")]
        state[f"{theirs}.self_attn.in_proj_weight"] = torch.cat([weights[f"{part}.weight"].T for part in parts])
        state[f"{theirs}.self_attn.in_proj_bias"] = torch.cat([weights[f"{part}.bias"] for part in parts])
        dense(f"{ours}.attention.output", f"{theirs}.self_attn.out_proj", weights, state)
        dense(f"{ours}.feedForward.up", f"{theirs}.linear1", weights, state)
        dense(f"{ours}.feedForward.down", f"{theirs}.linear2", weights, state)
        for norm, number_of_norm in (("attentionNorm", 1), ("feedForwardNorm", 2)):
            state[f"{theirs}.norm{number_of_norm}.weight"] = weights[f"{ours}.{norm}.gain"]
            state[f"{theirs}.norm{number_of_norm}.bias"] = weights[f"{ours}.{norm}.bias"]
    dense("head", "head", weights, state)
    return state


def perceptron(weights):
    state = {}
    for i in range(3):
        dense(f"layers.{i}", str(2 * i), weights, state)
    return state


STATES = {"cnn": convolutional, "lstm": recurrent, "transformer": transformer, "mlp": perceptron}
# The model, Adam's rate, and whether the limit holds for it.
RUNS = [("cnn", 1e-4, True), ("cnn", 1e-3, False), ("lstm", 1e-3, True), ("transformer", 1e-3, True),
        ("mlp", 1e-3, True)]


def freeze_second_bias(model):
    """One bias for both products, as ours has: two would each take Adam's step."""
    for name, parameter in model.named_parameters():
        if "bias_hh" in name:
            parameter.requires_grad_(False)


def losses(name, problem, rate, kind=torch.float32):
    """The losses of PyTorch in a floating-point type."""
    def cast(tensor):
        return tensor.to(kind) if tensor.is_floating_point() else tensor

    weights = {path.removeprefix("weights/"): cast(value) for path, value in problem.items()
               if path.startswith("weights/")}
    model, _, _ = build(name, 0)
    model.load_state_dict(STATES[name](weights))
    model.to(kind)
    freeze_second_bias(model)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=rate)
    result = []
    for inputs, labels in zip(problem["inputs"], problem["labels"]):
        if inputs.ndim == 4:
            inputs = inputs.permute(0, 3, 1, 2)
        optimizer.zero_grad()
        loss = F.cross_entropy(model(cast(inputs)), labels)
        loss.backward()
        optimizer.step()
        result.append(float(loss.detach()))
    return result


def largest_difference(some, others):
    """Relative, with the step at which it is."""
    differences = [abs(a - b) / abs(b) for a, b in zip(some, others)]
    if not all(math.isfinite(difference) for difference in differences):
        return math.inf, 1 + [math.isfinite(difference) for difference in differences].index(False)
    return max(differences), differences.index(max(differences)) + 1


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", nargs="+", default=list(STATES), choices=list(STATES))
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--no-table", action="store_true", help="leave BENCHMARKS.md as it is")
    options = parser.parse_args()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    rows, wrong = [], []
    for name, rate, is_judged in RUNS:
        if name not in options.models:
            continue
        path = OUTPUT / f"curve-{name}.safetensors"
        subprocess.run([ASSAY, "bench", "curve", "--model", name, "--output", path, "--steps", str(options.steps),
                        "--rate", str(rate)], check=True)
        problem = load_file(path)
        ours = problem["losses"].tolist()
        theirs = losses(name, problem, rate)
        exact = losses(name, problem, rate, torch.float64)
        largest, step = largest_difference(ours, theirs)
        if is_judged and largest > LIMIT:
            wrong.append(name)
        rows.append([name, rate, number(ours[0], 4), number(ours[-1], 4), number(theirs[-1], 4), f"{largest:.1e}", step,
                     f"{largest_difference(ours, exact)[0]:.1e}", f"{largest_difference(theirs, exact)[0]:.1e}"])
        say(rows[-1])
    header = ["model", "rate", "first loss", "last loss", "PyTorch's", "largest relative difference", "at step",
              "ours from PyTorch's float64", "PyTorch's float32 from its float64"]
    text = (f"{options.steps} steps of Adam from the same weights, each on a fresh batch of random data.\n\n"
            + markdown(header, rows))
    print(text)
    if not options.no_table:
        write_table("curves", text, "make bench TABLES=curves")
    if wrong:
        say(f"losses of {', '.join(wrong)} differ by more than {LIMIT}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
