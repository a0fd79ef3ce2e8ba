"""Simulates a table that is larger than memory, piece by piece, as CSV and as Parquet: 20 columns and a label of two
classes, of the kind that more rows keep helping: two categories of thousands of levels with effects of their own, and
interactions."""

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from common import say

PIECE = 500_000
SHOPS, GOODS = 5_000, 2_000


def simulate(rows, piece):
    """The rows of one piece; the effects of levels are the same in all."""
    fixed = np.random.default_rng(7)
    shop_effect, good_effect = fixed.normal(0, 0.8, SHOPS), fixed.normal(0, 0.6, GOODS)
    shop_names = np.array([f"shop-{i:04d}" for i in range(SHOPS)])
    good_names = np.array([f"item-{i:04d}" for i in range(GOODS)])
    random = np.random.default_rng([11, piece])
    x = random.normal(0, 1, (12, rows)).astype(np.float32)
    shop = np.minimum((random.random(rows) ** 2 * SHOPS).astype(np.int64), SHOPS - 1)
    good = np.minimum((random.random(rows) ** 2 * GOODS).astype(np.int64), GOODS - 1)
    hour, age, visits = random.integers(0, 24, rows), random.integers(18, 90, rows), random.poisson(3, rows)
    channel = random.integers(0, 5, rows)
    price, discount = np.exp(random.normal(3, 0.8, rows)), random.integers(0, 5, rows) * 0.05
    signal = (
        0.7 * x[0] * x[1] + 0.6 * np.sin(2 * x[2]) + 0.5 * (x[3] > 0.5) * x[4] + 0.4 * np.abs(x[5]) * (channel == 2)
        + shop_effect[shop] + good_effect[good] * (1 + 4 * discount) + 0.5 * np.cos(hour / 24 * 2 * np.pi)
        - 0.02 * np.abs(age - 45) + 0.15 * np.minimum(visits, 6) - 0.4 * np.log(price) + 0.3 * x[6] * x[7] * (age < 40))
    bought = random.random(rows) < 1 / (1 + np.exp(-signal))
    missing = random.random(rows) < 0.05
    columns = {
        "bought": pa.array(np.where(bought, "yes", "no")),
        "shop": pa.array(shop_names[shop]), "good": pa.array(good_names[good]),
        "channel": pa.array(np.array(["web", "app", "phone", "post", "store"])[channel]),
        "hour": pa.array(hour), "age": pa.array(age), "visits": pa.array(visits),
        "price": pa.array(price.astype(np.float32).round(2)), "discount": pa.array(discount.astype(np.float32)),
        **{f"x{i + 1:02d}": pa.array(x[i].round(4), mask=missing if i == 3 else None) for i in range(12)},
    }
    return pa.table(columns)


def prepare(folder, rows, kind):
    """The file of that many rows, "csv" or "parquet", made once."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"purchases-{rows}.{kind}"
    if path.exists():
        return path
    say(f"simulating {rows:,} rows as {kind}")
    temporary = path.with_suffix(".tmp")
    writer = None
    for piece in range(-(-rows // PIECE)):
        table = simulate(min(PIECE, rows - piece * PIECE), piece)
        if writer is None:
            writer = (pq.ParquetWriter(temporary, table.schema) if kind == "parquet"
                      else pyarrow.csv.CSVWriter(temporary, table.schema))
        writer.write_table(table)
    writer.close()
    temporary.rename(path)
    return path
