"""SimpleBaseline: a residual network and three deconvolutions (arXiv 1804.06208), the host of RMPG's own experiments.

Names as in MMPose: `backbone.`, `keypoint_head.`; the official release's names differ by these prefixes alone.
"""

from __future__ import annotations

from torch import Tensor, nn

BLOCKS = (3, 4, 6, 3)
EXPANSION = 4
DECONV_WIDTH = 256


class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 with a shortcut; the stride is at the 3x3."""

    def __init__(self, inp: int, width: int, stride: int) -> None:
        super().__init__()
        out = width * EXPANSION
        self.conv1, self.bn1 = nn.Conv2d(inp, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, out, 1, bias=False), nn.BatchNorm2d(out)
        self.relu = nn.ReLU()
        self.downsample: nn.Module | None = None
        if stride != 1 or inp != out:
            self.downsample = nn.Sequential(nn.Conv2d(inp, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.relu(self.bn2(self.conv2(y)))
        shortcut = x if self.downsample is None else self.downsample(x)
        return self.relu(self.bn3(self.conv3(y)) + shortcut)


class ResNet50(nn.Module):
    """(B, 3, H, W) → (B, 2048, H/32, W/32)."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        self.relu, self.maxpool = nn.ReLU(), nn.MaxPool2d(3, 2, 1)
        inp = 64
        for stage, count in enumerate(BLOCKS):
            width, blocks = 64 << stage, []
            for block in range(count):
                blocks.append(Bottleneck(inp, width, 2 if stage and block == 0 else 1))
                inp = width * EXPANSION
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))

    def forward(self, image: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(image))))
        for stage in range(len(BLOCKS)):
            x = getattr(self, f"layer{stage + 1}")(x)
        return x


class DeconvHead(nn.Module):
    """Three deconvolutions to 1/4 of the input, a neck that keeps the shape, and a 1x1 convolution to K heatmaps."""

    def __init__(self, num_keypoints: int, neck: nn.Module | None) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        inp = 512 * EXPANSION
        for _ in range(3):
            layers.append(nn.ConvTranspose2d(inp, DECONV_WIDTH, 4, 2, 1, bias=False))
            layers += [nn.BatchNorm2d(DECONV_WIDTH), nn.ReLU()]
            inp = DECONV_WIDTH
        self.deconv_layers = nn.Sequential(*layers)
        self.neck = neck or nn.Identity()
        self.final_layer = nn.Conv2d(DECONV_WIDTH, num_keypoints, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.final_layer(self.neck(self.deconv_layers(x)))


class SimpleBaseline(nn.Module):
    """A crop of one person (B, 3, H, W), normalised RGB, sides multiples of 32 → heatmaps (B, K, H/4, W/4)."""

    def __init__(self, num_keypoints: int, neck: nn.Module | None = None) -> None:
        super().__init__()
        self.num_keypoints = num_keypoints
        self.backbone = ResNet50()
        self.keypoint_head = DeconvHead(num_keypoints, neck)

    def forward(self, image: Tensor) -> Tensor:
        return self.keypoint_head(self.backbone(image))
