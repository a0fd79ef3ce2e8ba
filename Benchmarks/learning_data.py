"""Prepares the sets of the learning benchmark: one safetensors file each, from which `assay bench learn` trains.

A file holds "train", "validation" and "test", each with ".inputs", ".labels" and, for texts, ".lengths"; the citation
graph, which is one whole, has features, edges and the numbers of the nodes of each part. Vocabulary and means are those
of the training part. Where a set brings no validation part, one is drawn from training by a seed."""

import gzip
import io
import tarfile
import wave

import numpy as np
from PIL import Image
from safetensors.numpy import save_file

from common import DATA, OUTPUT, say

SEED = 1
PADDING, UNKNOWN = 0, 1


def held_out(labels, per_class, random):
    """Rows to keep and rows to set aside, as many of each class."""
    aside = []
    for value in np.unique(labels):
        aside.extend(random.permutation(np.flatnonzero(labels == value))[:per_class])
    aside = np.sort(np.array(aside))
    return np.setdiff1d(np.arange(len(labels)), aside), aside


def parts(**named):
    """The tensors of a file, by the names of its parts."""
    tensors = {}
    for part, (inputs, labels) in named.items():
        tensors[f"{part}.inputs"] = np.ascontiguousarray(inputs)
        tensors[f"{part}.labels"] = np.ascontiguousarray(labels, dtype=np.int32)
    return tensors


def mnist(folder):
    def read(name):
        content = gzip.decompress((folder / name).read_bytes())
        sizes = np.frombuffer(content, dtype=">i4", count=content[3], offset=4)
        return np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * len(sizes)).reshape(sizes)

    images, labels = read("train-images-idx3-ubyte.gz")[..., None], read("train-labels-idx1-ubyte.gz")
    kept, aside = held_out(labels, 500, np.random.default_rng(SEED))
    test = read("t10k-images-idx3-ubyte.gz")[..., None], read("t10k-labels-idx1-ubyte.gz")
    return parts(train=(images[kept], labels[kept]), validation=(images[aside], labels[aside]), test=test)


def cifar10(folder):
    """50 images of each class to be tested on, 30 for validation; the official test images are not at hand."""
    names, images = [], []
    with tarfile.open(folder / "train-images.tar.gz") as archive:
        for entry in sorted(archive.getnames()):
            if entry.endswith(".png"):
                content = archive.extractfile(entry).read()
                images.append(np.asarray(Image.open(io.BytesIO(content)).convert("RGB")))
                names.append(entry.split("/")[-2])
    images, labels = np.stack(images), np.unique(names, return_inverse=True)[1]
    random = np.random.default_rng(SEED)
    rest, test = held_out(labels, 50, random)
    kept, aside = held_out(labels[rest], 30, random)
    kept, aside = rest[kept], rest[aside]
    return parts(**{
        part: (images[rows], labels[rows]) for part, rows in (("train", kept), ("validation", aside), ("test", test))})


def texts(train, validation, test, least):
    """Numbers of words for lists of words; 0 fills up, 1 stands for words seen less than `least` times in training."""
    counts = {}
    for words, _ in train:
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    known = sorted((word for word in counts if counts[word] >= least), key=lambda word: (-counts[word], word))
    numbers = {word: index + 2 for index, word in enumerate(known)}
    tensors = {"vocabulary": np.array([len(known) + 2], dtype=np.int32)}
    for part, rows in (("train", train), ("validation", validation), ("test", test)):
        lengths = np.array([len(words) for words, _ in rows], dtype=np.int32)
        inputs = np.full((len(rows), lengths.max()), PADDING, dtype=np.int32)
        for row, (words, _) in enumerate(rows):
            inputs[row, :len(words)] = [numbers.get(word, UNKNOWN) for word in words]
        tensors |= parts(**{part: (inputs, np.array([label for _, label in rows]))})
        tensors[f"{part}.lengths"] = lengths
    return tensors


def trec(folder):
    classes = ["ABBR", "DESC", "ENTY", "HUM", "LOC", "NUM"]

    def read(name):
        rows = []
        for line in gzip.decompress((folder / name).read_bytes()).decode("latin-1").splitlines():
            kind, *words = line.lower().split()
            rows.append((words, classes.index(kind.split(":")[0].upper())))
        return rows

    training = read("TREC.train.gz")
    order = np.random.default_rng(SEED).permutation(len(training))
    return texts(
        [training[row] for row in np.sort(order[500:])], [training[row] for row in np.sort(order[:500])],
        read("TREC.test.gz"), least=1)


def sst2(folder):
    """Its own development part is the validation part."""
    def read(name):
        rows = []
        for line in gzip.decompress((folder / name).read_bytes()).decode("utf-8").splitlines():
            sentence, label = line.rsplit("\t", 1)
            rows.append((sentence.lower().split(), int(label)))
        return rows

    return texts(read("train.tsv.gz"), read("dev.tsv.gz"), read("test.tsv.gz"), least=2)


def log_mel(samples, rate=8_000, size=256, window=200, hop=80, bands=40, frames=128):
    """Logarithms of the energy in bands of the mel scale, [frames, bands], with silence behind the end."""
    samples = np.append(samples[:1], samples[1:] - 0.97 * samples[:-1])
    samples = np.pad(samples, (window // 2, window))[:hop * (frames - 1) + window]
    starts = np.arange(0, len(samples) - window + 1, hop)
    pieces = samples[starts[:, None] + np.arange(window)] * np.hanning(window)
    power = np.abs(np.fft.rfft(pieces, size)) ** 2
    top = 2595 * np.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, bands + 2) / 2595) - 1)
    bins = np.arange(size // 2 + 1) * rate / size
    rising = (bins[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    energies = power @ np.clip(np.minimum(rising, falling), 0, None)
    floor = 1e-5
    result = np.full((frames, bands), np.log(floor))
    result[:len(starts)] = np.log(energies + floor)
    return result


def fsdd(folder):
    """Recordings 0 to 4 of each speaker and digit are the test part, as its authors say."""
    spectra, labels, is_test = [], [], []
    with tarfile.open(folder / "fsdd-index-0-14.tar.gz") as archive:
        for entry in sorted(archive.getnames()):
            if not entry.endswith(".wav"):
                continue
            with wave.open(io.BytesIO(archive.extractfile(entry).read())) as recording:
                samples = np.frombuffer(recording.readframes(recording.getnframes()), dtype="<i2")
            digit, _, index = entry.split("/")[-1].removesuffix(".wav").split("_")
            # Recordings differ in loudness, which says nothing about the digit.
            spectra.append(log_mel(samples / max(np.abs(samples).max(), 1)))
            labels.append(int(digit))
            is_test.append(int(index) < 5)
    spectra, labels, is_test = np.stack(spectra), np.array(labels), np.array(is_test)
    training = np.flatnonzero(~is_test)
    kept, aside = held_out(labels[training], 10, np.random.default_rng(SEED))
    kept, aside = training[kept], training[aside]
    mean, deviation = spectra[kept].mean(axis=(0, 1)), spectra[kept].std(axis=(0, 1))
    inputs = ((spectra - mean) / deviation).astype(np.float32)[..., None]
    return parts(**{
        part: (inputs[rows], labels[rows])
        for part, rows in (("train", kept), ("validation", aside), ("test", np.flatnonzero(is_test)))})


def cora(folder):
    def rows(name):
        return gzip.decompress((folder / name).read_bytes()).decode().splitlines()[1:]

    nodes = [line.split(",") for line in rows("nodes.csv.gz")]
    features = np.zeros((len(nodes), 1_433), dtype=np.float32)
    for row, (_, _, _, words) in enumerate(nodes):
        present = [int(word) for word in words.split()]
        features[row, present] = 1 / max(len(present), 1)
    tensors = {
        "features": features,
        "edges": np.array([[int(end) for end in line.split(",")] for line in rows("edges.csv.gz")], dtype=np.int32),
    }
    labels = np.array([int(label) for _, label, _, _ in nodes])
    for part, name in (("train", "train"), ("validation", "valid"), ("test", "test")):
        numbers = np.array([row for row, node in enumerate(nodes) if node[2] == name], dtype=np.int32)
        tensors |= parts(**{part: (numbers, labels[numbers])})
    return tensors


# By name: the folder of the data, and what prepares it.
SETS = {
    "mnist": ("mnist", mnist),
    "cifar10": ("cifar10-4k", cifar10),
    "trec": ("trec", trec),
    "sst2": ("sst2", sst2),
    "fsdd": ("fsdd", fsdd),
    "cora": ("cora-citation", cora),
}


def prepare(name):
    """The file of a set, made once; None where its folder is missing."""
    folder, make = SETS[name]
    if not (DATA / folder).is_dir():
        return None
    path = OUTPUT / "learning" / f"{name}.safetensors"
    if not path.exists():
        say(f"preparing {name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        save_file(make(DATA / folder), temporary)
        temporary.rename(path)
    return path


if __name__ == "__main__":
    for each in SETS:
        print(prepare(each) or f"{each}: its folder is not in {DATA}")
