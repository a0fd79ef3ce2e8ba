"""The thirteen tables of the tabular suite with fixed splits, written as plain CSV once, the same for every contender.

Values stay as published ("?" and "unknown" are values like others) but for: blanks after separators, the full stop at
the end of adult's test labels, headers where there are none, and columns that give the target away or number the rows
(named below). Splits: the given one where there is one, else a quarter held out with seed 7, stratified by class."""

import gzip
import io
import json

import numpy as np
import pandas as pd

from common import DATA, OUTPUT, say

SUITE = DATA / "tabular-suite"
FOLDER = OUTPUT / "tabular"

ADULT = ["age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation", "relationship",
         "race", "sex", "capital_gain", "capital_loss", "hours_per_week", "native_country", "income"]
ABALONE = ["sex", "length", "diameter", "height", "whole_weight", "shucked_weight", "viscera_weight", "shell_weight",
           "rings"]
CONCRETE = ["cement", "slag", "fly_ash", "water", "superplasticizer", "coarse_aggregate", "fine_aggregate", "age",
            "strength"]


def read(name, **options):
    text = gzip.decompress((SUITE / f"{name}.gz").read_bytes()).decode("utf-8")
    return pd.read_csv(io.StringIO(text), keep_default_na=False, na_values=[""], **options)


def held_out(count, key=None, share=0.25, seed=7):
    """Which rows are the test: a share of each class, or of all rows."""
    random = np.random.default_rng(seed)
    test = np.zeros(count, dtype=bool)
    groups = [np.arange(count)] if key is None else [np.flatnonzero(key == value) for value in sorted(set(key))]
    for rows in groups:
        test[random.permutation(rows)[: round(share * len(rows))]] = True
    return test


def last(count, rows):
    return np.arange(count) >= count - rows


def adult():
    parts = [read(f"adult_{part}.csv", header=None, names=ADULT, skipinitialspace=True) for part in ("train", "test")]
    table = pd.concat(parts, ignore_index=True)
    table["income"] = table["income"].str.rstrip(".")
    return table, "income", "binary", last(len(table), len(parts[1])), "given files"


def bank():
    table = read("bank-full.csv", sep=";")
    return table, "y", "binary", held_out(len(table), table["y"]), "25 %, stratified; duration is kept, as published"


def german():
    table = read("german_credit.csv", header=None)
    table.columns = [f"c{i + 1}" for i in range(20)] + ["risk"]
    return table, "risk", "binary", held_out(len(table), table["risk"]), "25 %, stratified"


def credit():
    table = read("credit_default_taiwan.csv")
    target = "default payment"
    return table, target, "binary", held_out(len(table), table[target]), "25 %, stratified"


def mushrooms():
    table = read("mushrooms.csv")
    return table, "type", "binary", held_out(len(table), table["type"]), "25 %, stratified"


def car():
    table = read("car_evaluation.csv")
    return table, "class", "multiclass", held_out(len(table), table["class"]), "25 %, stratified"


def segment():
    table = read("segment.csv")
    return table, "class", "multiclass", held_out(len(table), table["class"]), "25 %, stratified"


def letter():
    table = read("letter.csv")
    return table, "letter", "multiclass", last(len(table), 4000), "last 4,000 rows"


def california():
    table = read("california_housing.csv")
    return table, "median_house_value", "regression", held_out(len(table)), "25 %"


def abalone():
    table = read("abalone.csv", header=None, names=ABALONE)
    return table, "rings", "regression", held_out(len(table)), "25 %"


def bike():
    table = read("bike_sharing_hour.csv").drop(columns=["instant", "casual", "registered"])
    return table, "cnt", "regression", last(len(table), round(0.2 * len(table))), "last 20 % in time"


def ames():
    table = read("ames_housing.csv").drop(columns=["rownames"])
    return table, "price", "regression", held_out(len(table)), "25 %"


def concrete():
    table = read("concrete.txt", header=None, sep=r"\s+", names=CONCRETE, index_col=False)
    splits = read("concrete_test_splits.csv")
    test = np.zeros(len(table), dtype=bool)
    test[splits.loc[splits["split"] == 0, "test_row_index"]] = True
    return table, "strength", "regression", test, "published split 0"


TABLES = {function.__name__: function for function in (
    adult, bank, german, credit, mushrooms, car, segment, letter, california, abalone, bike, ames, concrete)}


def prepare(name):
    """The folder with train.csv, test.csv and task.json of a table."""
    folder = FOLDER / name
    if not (folder / "task.json").exists():
        folder.mkdir(parents=True, exist_ok=True)
        table, target, task, test, split = TABLES[name]()
        table[~test].to_csv(folder / "train.csv", index=False)
        table[test].to_csv(folder / "test.csv", index=False)
        classes = [] if task == "regression" else sorted(str(value) for value in set(table[target]))
        description = {
            "name": name, "target": target, "task": task, "split": split, "classes": classes,
            "train_rows": int((~test).sum()), "test_rows": int(test.sum()), "columns": table.shape[1] - 1}
        (folder / "task.json").write_text(json.dumps(description, indent=1) + "\n")
        say(f"prepared {name}: {description['train_rows']} + {description['test_rows']} rows")
    return folder


def load(folder):
    """The description and the two parts, targets of classes as text."""
    description = json.loads((folder / "task.json").read_text())
    parts = []
    for part in ("train", "test"):
        table = pd.read_csv(folder / f"{part}.csv", keep_default_na=False, na_values=[""])
        if description["task"] != "regression":
            table[description["target"]] = table[description["target"]].astype(str)
        parts.append(table)
    return description, parts[0], parts[1]
