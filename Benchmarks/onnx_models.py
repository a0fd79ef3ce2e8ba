"""More networks that PyTorch writes as ONNX: residual blocks, causal attention, operations on tensors."""

import torch
from torch import nn
from torch.nn import functional as F


class Residual(nn.Module):
    """Grouped, dilated and transposed convolutions beside a shortcut."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.grouped = nn.Conv2d(8, 16, 3, padding=2, dilation=2, groups=4)
        self.norm = nn.GroupNorm(4, 16)
        self.shortcut = nn.Conv2d(8, 16, 1)
        self.up = nn.ConvTranspose2d(16, 6, 3, stride=2, padding=1, output_padding=1)
        self.head = nn.Linear(6, 5)

    def forward(self, x):
        x = F.relu(self.first(x))
        x = F.silu(self.norm(self.grouped(x)) + self.shortcut(x))
        x = F.avg_pool2d(F.leaky_relu(self.up(x)), 3, stride=2, padding=1)
        return F.log_softmax(self.head(x.mean((2, 3))), -1)


class Lines(nn.Module):
    """Convolutions over sequences, normalised and gated."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv1d(4, 8, 3, padding=1), nn.Conv1d(8, 8, 5, stride=2, groups=8)
        self.norm, self.pool = nn.LayerNorm(8), nn.MaxPool1d(2)

    def forward(self, x):
        x = self.pool(F.gelu(self.first(x)))
        x = self.norm(F.elu(self.second(x)).transpose(1, 2))
        return torch.tanh(x) * torch.sigmoid(x.mean(1, keepdim=True))


class Larger(nn.Module):
    """Images made larger in three ways, with a convolution between them."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(3, 4, 3, padding=1)

    def forward(self, x):
        x = F.interpolate(x, scale_factor=2, mode="nearest")
        x = F.interpolate(self.convolution(x), size=(9, 7), mode="bilinear", align_corners=False)
        return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=True)


class Decoder(nn.Module):
    """Causal attention, normalised before."""

    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(16, 4, 32, 0.0, F.gelu, batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, 2, nn.LayerNorm(16), enable_nested_tensor=False)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(7))

    def forward(self, x):
        return self.blocks(x, mask=self.mask, is_causal=True)


class Operations(nn.Module):
    """Operations on tensors, one behind the other."""

    def forward(self, x):
        a, b = x.chunk(2, -1)
        c = torch.einsum("bij,bkj->bik", a, b).clamp(-2, 2)
        d = torch.where(c > 0, c.exp(), torch.erf(c)).cumsum(-1)
        values, places = d.topk(2, -1)
        e = torch.cat([values, d.gather(-1, places), F.pad(d, (1, 0))[..., ::2], places.float()], -1)
        sums = e.logsumexp(-1, keepdim=True) + (e.abs() ** 1.5).amax(1, keepdim=True)
        return e.std(-1, keepdim=True) + e.softmax(1) + sums


def more_models():
    """Models with inputs, in PyTorch: (name, model, inputs)."""
    return [
        ("residual", Residual(), torch.randn(3, 3, 12, 10)), ("lines", Lines(), torch.randn(3, 4, 20)),
        ("larger", Larger(), torch.randn(3, 3, 6, 5)),
        ("decoder", Decoder(), torch.randn(3, 7, 16)), ("operations", Operations(), torch.randn(3, 5, 8))]
