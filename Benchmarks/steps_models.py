"""The bench models in PyTorch, with the shapes of Sources/Tools/assay/Bench/StepModels.swift."""

import torch
from torch import nn
from torch.nn import functional as F


class ConvNet(nn.Module):
    def __init__(self, depthwise=False):
        super().__init__()
        layers, channels = [], 3
        for width in (32, 64, 128):
            if depthwise and channels > 3:
                layers += [nn.Conv2d(channels, channels, 3, padding=1, groups=channels),
                           nn.Conv2d(channels, width, 1)]
            else:
                layers += [nn.Conv2d(channels, width, 3, padding=1)]
            layers += [nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(2)]
            channels = width
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(128 * 16, 10)

    def forward(self, x):
        # The features as (row, column, channel), as ours lie in memory.
        return self.head(self.features(x).permute(0, 2, 3, 1).flatten(1))


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.cell = getattr(nn, kind)(32, 128, num_layers=2, batch_first=True)
        self.head = nn.Linear(128, 10)

    def forward(self, x):
        return self.head(self.cell(x)[0][:, -1])


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(5000, 128)
        self.positions = nn.Parameter(torch.randn(64, 128) * 0.02)
        layer = nn.TransformerEncoderLayer(128, 4, 512, dropout=0.0, activation="relu", batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 4, enable_nested_tensor=False)
        self.head = nn.Linear(128, 10)

    def forward(self, tokens):
        return self.head(self.encoder(self.embedding(tokens) + self.positions).mean(1))


class GraphConvolution(nn.Module):
    """Two graph convolutions on a graph of cora's size, with the normalised adjacency as a sparse matrix."""

    def __init__(self, adjacency):
        super().__init__()
        self.adjacency = adjacency
        self.first, self.second = nn.Linear(1433, 16, bias=False), nn.Linear(16, 7, bias=False)
        self.b1, self.b2 = nn.Parameter(torch.zeros(16)), nn.Parameter(torch.zeros(7))

    def forward(self, x):
        hidden = F.relu(torch.sparse.mm(self.adjacency, self.first(x)) + self.b1)
        return torch.sparse.mm(self.adjacency, self.second(hidden)) + self.b2


def cora_sized_graph():
    nodes, edges = 2708, 5278
    generator = torch.Generator().manual_seed(3)
    pairs = torch.randint(0, nodes, (2, edges), generator=generator)
    index = torch.cat([pairs, pairs.flip(0), torch.arange(nodes).repeat(2, 1)], 1)
    degree = torch.zeros(nodes).index_add_(0, index[0], torch.ones(index.shape[1]))
    weights = (degree[index[0]] * degree[index[1]]).rsqrt()
    return torch.sparse_coo_tensor(index, weights, (nodes, nodes)).coalesce().to_sparse_csr()


def build(name, batch):
    """Model, input, labels."""
    def labels(count, classes):
        return torch.randint(0, classes, (count,))

    if name in ("cnn", "depthwise"):
        model = ConvNet(name == "depthwise").to(memory_format=torch.channels_last)
        images = torch.randn(batch or 64, 3, 32, 32).to(memory_format=torch.channels_last)
        return model, images, labels(batch or 64, 10)
    if name in ("lstm", "gru"):
        return Recurrent(name.upper()), torch.randn(batch or 64, 100, 32), labels(batch or 64, 10)
    if name == "transformer":
        return Transformer(), torch.randint(0, 5000, (batch or 32, 64)), labels(batch or 32, 10)
    if name == "mlp":
        model = nn.Sequential(
            nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 10))
        return model, torch.randn(batch or 256, 64), labels(batch or 256, 10)
    if name == "dqn":
        model = nn.Sequential(nn.Linear(4, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 2))
        return model, torch.randn(batch or 32, 4), labels(batch or 32, 2)
    if name == "gcn":
        features = (torch.rand(2708, 1433) < 0.0127).float()
        return GraphConvolution(cora_sized_graph()), features, labels(2708, 7)
    raise SystemExit(f"there is no bench model {name}")
