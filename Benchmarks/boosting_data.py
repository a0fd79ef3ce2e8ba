"""Simulates the table of the boosting benchmark: like HIGGS (Baldi, Sadowski and Whiteson 2014) in shape, size and
difficulty, so that no download is needed: 28 columns in single precision, 21 "measured" and 7 derived from them."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from common import OUTPUT, say


def simulate(rows, seed):
    random = np.random.default_rng(seed)
    signal = random.random(rows) < 0.53
    shift = signal.astype(np.float64)
    columns = []
    # Five objects of momentum, two angles, and a tag of three levels (the lepton and the missing energy have no tag).
    momenta = []
    for index in range(5):
        momentum = random.gamma(2.2 + 0.35 * shift * (index < 3), 0.45, rows)
        direction = random.normal(0, 1, rows) * (1 - 0.08 * shift)
        angle = random.uniform(-np.pi, np.pi, rows)
        momenta.append((momentum, direction, angle))
        columns += [momentum, direction, angle]
        if index in (1, 2, 3, 4):
            tag = np.searchsorted([0.4, 0.8], random.random(rows) + 0.1 * shift)
            columns.append(np.array([0.0, 1.086, 2.173])[np.minimum(tag, 2)])
    columns += [random.gamma(2.0 + 0.2 * shift, 0.5, rows), random.uniform(-np.pi, np.pi, rows)]

    def mass(a, b):
        return np.sqrt(2 * a[0] * b[0] * (np.cosh(a[1] - b[1]) - np.cos(a[2] - b[2])) + 1e-9)

    pairs = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4), (1, 3), (2, 4)]
    for index, (a, b) in enumerate(pairs):
        peak = 1.0 + 0.05 * index
        invariant = mass(momenta[a], momenta[b]) * 0.6
        # A part of the signal has its resonance at a peak.
        resonant = signal & (random.random(rows) < 0.22)
        columns.append(np.where(resonant, random.normal(peak, 0.12, rows), invariant))
    features = np.column_stack(columns).astype(np.float32)
    assert features.shape[1] == 28, features.shape
    return features, signal.astype(np.int8)


def write(path, rows, seed):
    features, label = simulate(rows, seed)
    names = [f"f{i + 1:02d}" for i in range(28)]
    arrays = [pa.array(label)] + [pa.array(features[:, i]) for i in range(28)]
    temporary = path.with_suffix(".tmp")
    pq.write_table(pa.Table.from_arrays(arrays, names=["label"] + names), temporary)
    temporary.rename(path)


def prepare(rows, test_rows):
    """The training and the test file, made once."""
    folder = OUTPUT / "boosting"
    folder.mkdir(parents=True, exist_ok=True)
    train, test = folder / f"train-{rows}.parquet", folder / f"test-{test_rows}.parquet"
    for path, count, seed in ((train, rows, 1), (test, test_rows, 2)):
        if not path.exists():
            say(f"simulating {count:,} rows")
            write(path, count, seed)
    return train, test
