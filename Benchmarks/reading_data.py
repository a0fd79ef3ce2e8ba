"""Simulates the CSV file of the reading benchmark: numbers, categories, dates, texts with quotes, missing values."""

import numpy as np
import pandas as pd

from common import OUTPUT, say


def prepare(rows):
    path = OUTPUT / f"reading-{rows}.csv"
    if path.exists():
        return path
    say(f"simulating a CSV file of {rows:,} rows")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    words = np.array(["asked", "about", "the \"last\" bill", "offer, again", "line", "technician", "plan", "Größe"])
    count = np.arange(rows)
    table = pd.DataFrame({
        "id": [f"C-{100000 + i}" for i in count],
        "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(count * 37, unit="s"),
        "day": (pd.Timestamp("2020-01-01") + pd.to_timedelta(random.integers(0, 1500, rows), unit="D")).strftime(
            "%Y-%m-%d"),
        "region": np.array(["north", "south", "east", "west"])[random.integers(0, 4, rows)],
        "active": random.random(rows) < 0.5,
        "count": random.integers(0, 1000, rows),
        "large": random.integers(-10**12, 10**12, rows),
        **{f"x{i}": random.normal(0, 10**i, rows).round(6) for i in range(6)},
        "note": [f"{a} {b}" for a, b in zip(words[random.integers(0, 8, rows)], words[random.integers(0, 8, rows)])],
    })
    for name in ("region", "x1", "note", "day"):
        table.loc[random.random(rows) < 0.05, name] = None
    temporary = path.with_suffix(".tmp")
    table.to_csv(temporary, index=False)
    temporary.rename(path)
    return path
