"""Our ONNX files in ONNX Runtime, and PyTorch's in our importer: both must compute the same.

`python onnx_check.py` lets `assay bench onnx` write networks and operations with what they compute, runs each file in
ONNX Runtime at every number of rows that it was computed for, and prints the largest difference relative to
max(1, |value|). Then PyTorch models, written by torch.onnx.export, run in `assay bench onnx --import`. It fails where a
difference is above the tolerance, or a file is not valid. Needs onnx, onnxruntime, onnxscript, safetensors, torch."""

import argparse
import contextlib
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import onnx
import onnxruntime
import safetensors.numpy

import common

TOLERANCE = 1e-5


def difference(result, expected):
    """The largest difference relative to max(1, |value|); infinite where shapes, types or NaNs differ."""
    if result.shape != expected.shape or result.dtype != expected.dtype:
        return float("inf")
    if result.size == 0:
        return 0.0
    a, b = result.astype(np.float64), expected.astype(np.float64)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    with np.errstate(invalid="ignore"):
        distance = np.where(same, 0, np.abs(a - b) / np.maximum(1, np.abs(b)))
    return float(np.where(np.isnan(distance), np.inf, distance).max())


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def check_file(path):
    """For each number of rows, the largest difference of ONNX Runtime's outputs from ours."""
    onnx.checker.check_model(str(path), full_check=True)
    groups = {}
    for name, tensor in safetensors.numpy.load_file(path.with_suffix(".safetensors")).items():
        rows, _, value = name.partition("/")
        groups.setdefault(int(rows), {})[value] = tensor
    runtime = session(path)
    results = {}
    for rows, tensors in sorted(groups.items()):
        feed = {value.name: tensors[value.name] for value in runtime.get_inputs()}
        outputs = runtime.run(None, feed)
        pairs = [(output, tensors[value.name]) for output, value in zip(outputs, runtime.get_outputs())]
        results[rows] = max(difference(np.asarray(output), expected) for output, expected in pairs)
    return results


def torch_models():
    """Models with inputs, in PyTorch: (name, model, inputs, names of the inputs)."""
    import torch
    from torch import nn

    from onnx_models import more_models

    torch.manual_seed(1)

    class ConvNet(nn.Module):
        def __init__(self):
            super().__init__()
            # The exporters merge a batch norm into a convolution before it; the first one stays.
            self.features = nn.Sequential(
                nn.BatchNorm2d(3), nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
                nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.Conv2d(8, 12, 1), nn.BatchNorm2d(12), nn.SiLU(),
                nn.Conv2d(12, 12, 3, stride=2, dilation=2, padding=2), nn.GroupNorm(3, 12), nn.GELU(),
                nn.ConvTranspose2d(12, 6, 3, stride=2, padding=1, output_padding=1), nn.AvgPool2d(2))
            self.head = nn.Linear(6 * 4 * 4, 5)

        def forward(self, x):
            return self.head(self.features(x).flatten(1)).log_softmax(-1)

    class Recurrent(nn.Module):
        def __init__(self, kind):
            super().__init__()
            self.cell = getattr(nn, kind)(6, 8, num_layers=2, batch_first=True, bidirectional=True)
            self.head = nn.Linear(16, 3)

        def forward(self, x):
            return self.head(self.cell(x)[0].mean(1))

    class Encoder(nn.Module):
        def __init__(self, norm_first):
            super().__init__()
            self.embedding = nn.Embedding(50, 16)
            layer = nn.TransformerEncoderLayer(
                16, 4, 32, dropout=0.0, activation="gelu", batch_first=True, norm_first=norm_first)
            self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
            self.head = nn.Linear(16, 3)

        def forward(self, tokens):
            # What a padded token, number 0, holds is not seen.
            hidden = self.encoder(self.embedding(tokens), src_key_padding_mask=tokens == 0)
            return self.head(hidden.mean(1))

    dense = nn.Sequential(
        nn.Linear(10, 32), nn.ReLU(), nn.BatchNorm1d(32), nn.LayerNorm(32), nn.Linear(32, 16), nn.Tanh(),
        nn.Linear(16, 4), nn.Softmax(-1))
    tokens = torch.randint(1, 50, (3, 7))
    tokens[:, 5:] = torch.tensor([[0, 0], [4, 0], [3, 9]])
    images = ConvNet()
    for _ in range(3):
        # Running statistics other than those at the start.
        images(torch.randn(8, 3, 16, 16) * 2 + 1)
        dense(torch.randn(8, 10) * 2 + 1)
    models = [
        ("mlp", dense, torch.randn(3, 10)), ("cnn", images, torch.randn(3, 3, 16, 16)),
        ("lstm", Recurrent("LSTM"), torch.randn(3, 7, 6)), ("gru", Recurrent("GRU"), torch.randn(3, 7, 6)),
        ("rnn", Recurrent("RNN"), torch.randn(3, 7, 6)), ("encoder", Encoder(False), tokens),
        ("encoder_norm_first", Encoder(True), tokens), *more_models()]
    return [(name, model.eval(), x) for name, model, x in models]


def export(model, x, path, dynamo):
    """Writes a file by one of PyTorch's exporters, with any number of rows."""
    import torch

    names = {"input_names": ["x"], "output_names": ["y"]}
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    # Both exporters say much that does not matter here.
    with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing):
        warnings.simplefilter("ignore")
        if dynamo:
            torch.onnx.export(
                model, (x,), str(path), dynamo=True, verbose=False, external_data=False,
                dynamic_shapes=({0: torch.export.Dim("batch")},), **names)
        else:
            torch.onnx.export(
                model, (x,), str(path), dynamo=False, opset_version=17,
                dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}}, **names)


def check_torch(model, x, path, dynamo):
    """The largest difference of our outputs from PyTorch's, for the exported number of rows and for one row."""
    import torch

    export(model, x, path, dynamo)
    results = {}
    for rows in (len(x), 1, 2 * len(x)):
        given = x.repeat(2, *[1] * (x.dim() - 1))[:rows]
        inputs, outputs = path.with_suffix(".inputs"), path.with_suffix(".outputs")
        safetensors.numpy.save_file({"x": given.numpy()}, inputs)
        run = subprocess.run(
            [common.ASSAY, "bench", "onnx", "--import", path, "--inputs", inputs, "--output", outputs],
            capture_output=True, text=True)
        if run.returncode != 0:
            raise common.Failed(run.stderr.strip()[-300:])
        with torch.inference_mode():
            expected = model(given).numpy()
        results[rows] = difference(safetensors.numpy.load_file(outputs)["y"], expected)
    return results


def summary(table):
    """A table with a row for each kind of file."""
    kinds = {f"networks of `bench step`, in ONNX Runtime {onnxruntime.__version__}": [],
             "layers and operations, there": [], "networks of PyTorch, in Assay": []}
    for name, _, worst in table:
        kind = 0 if name.startswith("model_") else 2 if name.startswith("torch_") else 1
        kinds[list(kinds)[kind]].append((float(worst), name))
    rows = [[kind, len(values), f"{max(values)[0]:.1e}", max(values)[1]] for kind, values in kinds.items() if values]
    return common.markdown(["files", "number", "largest difference", "of"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", help="where to write the files; a temporary folder unless given")
    parser.add_argument("--only", default="", help="check names that contain this")
    parser.add_argument("--without-torch", action="store_true", help="check our own files only")
    parser.add_argument("--no-table", action="store_true", help="leave BENCHMARKS.md as it is")
    options = parser.parse_args()
    folder = pathlib.Path(options.folder or tempfile.mkdtemp(prefix="onnx-"))
    folder.mkdir(parents=True, exist_ok=True)

    failures, table = [], []

    def check(name, body):
        try:
            results = body()
            worst = max(results.values())
            problem = "" if worst <= TOLERANCE else f"differs by {worst:.1e} at {max(results, key=results.get)} rows"
            table.append((name, " ".join(str(rows) for rows in results), f"{worst:.1e}"))
        except Exception as error:  # noqa: BLE001: whatever a file does wrong, the others are checked too
            problem = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
            table.append((name, "", "failed"))
        if problem:
            failures.append(f"{name}: {problem}")

    written = subprocess.run(
        [common.ASSAY, "bench", "onnx", "--output", folder], capture_output=True, text=True)
    if written.returncode != 0:
        failures.append(written.stderr.strip())
    for path in sorted(folder.glob("*.onnx")):
        if options.only in path.stem and not path.stem.startswith("torch_"):
            check(path.stem, lambda path=path: check_file(path))
    if not options.without_torch:
        for name, model, x in torch_models():
            for kind in ("dynamo", "script"):
                full = f"torch_{name}_{kind}"
                if options.only in full:
                    check(full, lambda: check_torch(model, x, folder / f"{full}.onnx", kind == "dynamo"))

    print(common.markdown(["model", "rows", "largest difference"], table))
    print(f"\n{len(table)} files, {len(failures)} failures")
    for failure in failures:
        print(failure)
    if not failures:
        print(f"\n{summary(table)}")
        if not (options.no_table or options.only or options.without_torch):
            text = f"Each file for several numbers of rows; {len(table)} files.\n\n{summary(table)}"
            common.write_table("onnx", text, "make bench TABLES=onnx")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    main()
