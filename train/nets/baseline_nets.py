"""The networks of the five systems this project grew from, layer by layer, their bugs mended.

    s0_autoencoder, s0_vae   S0, vae_hairstyle          96 px, latent 2 or 128
    s1                       S1, VAEriation             128 px, latent 256
    s2                       S2, face-generator-VAE     128 px, latent 2048
    s3                       S3, VAEs-face-producer     64 px, latent 256
    s4                       S4, VAE animeface          64 px, latent 10

They are here to be compared with: `python -m train evaluate --against seeds`. S0, S1 and S2 were written
in Keras, where a layer of stride 2 pads one pixel more on the right and below; here the same layer pads
evenly, which moves its output by a pixel and changes nothing else. Batch norm forgets as fast as
PyTorch's does (Keras: ten times slower), or a run of minutes would be judged with stale statistics.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from train.nets.autoencoders import Burgess, PictureNet


def build_seed(net: str, size: int, latent: int) -> PictureNet:
    """One of the networks with fresh weights.

    Args:
        net: s0_autoencoder, s0_vae, s1, s2, s3 or s4.
        size: side of the pictures, one of train.nets.spec.SIZES.
        latent: numbers in the code.

    Raises:
        KeyError: no such network (train.nets.spec.Spec refuses it before).

    Example:
        >>> build_seed("s4", 64, 10).encode(torch.rand(2, 3, 64, 64))[0].shape
        torch.Size([2, 10])
    """
    kinds: dict[str, Callable[[int, int], PictureNet]] = {
        "s0_autoencoder": HairstyleAutoencoder,
        "s0_vae": HairstyleVAE,
        "s1": VAEriation,
        "s2": FaceGenerator,
        "s3": FaceProducer,
        "s4": Burgess,
    }
    return kinds[net](size, latent)


class HairstyleAutoencoder(PictureNet):
    """S0's plain autoencoder: three times convolution, ReLU and max-pooling, back by upsampling.

    Its notebook is not published with the code that could be read. What is known: Keras, 96 px, no
    distribution. The layers are rebuilt from that in the manner of its time, not from its code.
    """

    def __init__(self, size: int, latent: int, *, widths: tuple[int, ...] = (32, 64, 64)) -> None:
        super().__init__(size, latent, variational=False)
        self.base, self.deep = size // 2 ** len(widths), widths[-1]
        down: list[nn.Module] = []
        for a, b in zip((3, *widths), widths, strict=False):
            down += [nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        up: list[nn.Module] = []
        for a, b in zip(widths[::-1], (*widths[-2::-1], widths[0]), strict=True):
            up += [nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.Upsample(scale_factor=2.0)]
        self.down = nn.Sequential(*down)
        self.to_code = nn.Linear(self.deep * self.base**2, latent)
        self.from_code = nn.Linear(latent, self.deep * self.base**2)
        self.up = nn.Sequential(*up, nn.Conv2d(widths[0], 3, 3, padding=1))
        self.apply(glorot)

    def encode(self, image: Tensor) -> tuple[Tensor, None]:
        return self.to_code(self.down(image).flatten(1)), None

    def logits(self, z: Tensor) -> Tensor:
        return self.up(torch.relu(self.from_code(z)).view(-1, self.deep, self.base, self.base))


class HairstyleVAE(PictureNet):
    """S0's VAE: convolutions of stride 2 (32, 64, 64, 64), a narrow dense layer, mean and log-variance.

    Its notebook is not published with the code that could be read. What is known: Keras, 96 px, latent 2
    with 0.29 million weights or 128 with 4.9. The difference, 36,600 weights for each number of the code,
    says that the decoder begins with a dense layer to 24 x 24 x 64; the rest is rebuilt in the manner of
    its time so that the counts come near (0.297 and 4.946 million with a middle of 16), not from its code.

    Args:
        middle: width of the dense layer before the mean. By default twice as wide as the code, 16 at
            least: a narrower one would limit the rank of the mean, and some units of a ReLU are silent.
    """

    def __init__(self, size: int, latent: int, *, middle: int | None = None) -> None:
        super().__init__(size, latent, variational=True)
        self.base = size // 4
        middle = middle or max(16, 2 * latent)
        down: list[nn.Module] = []
        for a, b in ((3, 32), (32, 64), (64, 64), (64, 64)):
            down += [halving(a, b), nn.ReLU()]
        self.down = nn.Sequential(*down, nn.Flatten(), nn.Linear(64 * (size // 16) ** 2, middle), nn.ReLU())
        self.to_mean, self.to_logvar = nn.Linear(middle, latent), nn.Linear(middle, latent)
        self.from_code = nn.Linear(latent, 64 * self.base**2)
        self.up = nn.Sequential(
            doubling(64, 64), nn.ReLU(), doubling(64, 32), nn.ReLU(), nn.ConvTranspose2d(32, 3, 3, padding=1)
        )
        self.apply(glorot)

    def encode(self, image: Tensor) -> tuple[Tensor, Tensor]:
        x = self.down(image)
        return self.to_mean(x), self.to_logvar(x)

    def logits(self, z: Tensor) -> Tensor:
        return self.up(torch.relu(self.from_code(z)).view(-1, 64, self.base, self.base))


class VAEriation(PictureNet):
    """S1: four times convolution, ReLU and max-pooling (120, 160, 200, 240); back by stride 2.

    Args:
        middle: width of the linear layer between features and mean. Its code has latent / 4, so that its
            mean of 256 numbers had rank 64; by default it is as wide as the code. (6.76 million weights at
            128 px with 64, 9.80 with 256.)
    """

    def __init__(self, size: int, latent: int, *, middle: int | None = None) -> None:
        super().__init__(size, latent, variational=True)
        widths, self.base = (120, 160, 200, 240), size // 16
        middle = middle or latent
        down: list[nn.Module] = []
        for a, b in zip((3, *widths), widths, strict=False):
            down += [nn.Conv2d(a, b, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        self.down = nn.Sequential(*down, nn.Flatten(), nn.Linear(240 * self.base**2, middle))
        self.to_mean, self.to_logvar = nn.Linear(middle, latent), nn.Linear(middle, latent)
        self.from_code = nn.Linear(latent, 240 * self.base**2)
        up: list[nn.Module] = []
        for a, b in zip(widths[:0:-1], widths[-2::-1], strict=True):
            up += [doubling(a, b), nn.ReLU()]
        self.up = nn.Sequential(*up, doubling(120, 3))
        self.apply(glorot)

    def encode(self, image: Tensor) -> tuple[Tensor, Tensor]:
        x = self.down(image)
        return self.to_mean(x), self.to_logvar(x)

    def logits(self, z: Tensor) -> Tensor:
        return self.up(self.from_code(z).view(-1, 240, self.base, self.base))


class FaceGenerator(PictureNet):
    """S2: convolutions of stride 2 (3x3 to 32 and 64, 5x5 to 128 and 128), a dense layer of 8192.

    118.7 million weights at 128 px. Above 128 px it takes more 5x5 levels, down to 8 pixels a side as at
    128 px: its own four would mean 350 million at 256. Pictures go in from -1 to 1 and came out of a tanh;
    tanh(x) from -1 to 1 is sigmoid(2x) from 0 to 1.
    """

    def __init__(self, size: int, latent: int, *, dense: int = 8192) -> None:
        super().__init__(size, latent, variational=True)
        more = max(0, size.bit_length() - 8)
        self.base = size // 2 ** (4 + more)
        flat = 128 * self.base**2
        deep = [(128, 128, 5)] * (1 + more)
        down: list[nn.Module] = []
        for a, b, kernel in ((3, 32, 3), (32, 64, 3), (64, 128, 5), *deep):
            down += [halving(a, b, kernel), *([nn.BatchNorm2d(64)] if b == 64 else []), nn.LeakyReLU(0.2)]
        self.down = nn.Sequential(*down, nn.Flatten(), nn.Linear(flat, dense), nn.ReLU())
        self.to_mean, self.to_logvar = nn.Linear(dense, latent), nn.Linear(dense, latent)
        self.from_code = nn.Sequential(nn.Linear(latent, flat), nn.ReLU())
        up: list[nn.Module] = []
        for a, b, kernel in (*deep, (128, 64, 5), (64, 32, 3)):
            up += [doubling(a, b, kernel), nn.LeakyReLU(0.2)]
        self.up = nn.Sequential(*up, doubling(32, 3))
        self.apply(he_normal)

    def encode(self, image: Tensor) -> tuple[Tensor, Tensor]:
        x = self.down(image * 2 - 1)
        return self.to_mean(x), self.to_logvar(x)

    def logits(self, z: Tensor) -> Tensor:
        return 2 * self.up(self.from_code(z).view(-1, 128, self.base, self.base))


class FaceProducer(PictureNet):
    """S3: unpadded convolutions of stride 2 with batch norm (64, 128, 256, 512); back by 32, 16, 8, 8.

    5.37 million weights at 64 px. The decoder's first layer, 4x4 without padding, makes up for the
    encoder's missing padding at every size: size / 16 - 1 pixels a side become size / 8. Convolutions begin
    with N(0, 0.02), which its code meant to do and applied to no layer.
    """

    def __init__(self, size: int, latent: int) -> None:
        super().__init__(size, latent, variational=True)
        self.base = size // 16 - 1
        down: list[nn.Module] = []
        for a, b in ((3, 64), (64, 128), (128, 256), (256, 512)):
            down += [nn.Conv2d(a, b, 3, 2), nn.BatchNorm2d(b), nn.ReLU()]
        up: list[nn.Module] = []
        for a, b, padding in ((512, 32, 0), (32, 16, 1), (16, 8, 1), (8, 8, 1)):
            up += [nn.ConvTranspose2d(a, b, 4, 2, padding), nn.BatchNorm2d(b), nn.LeakyReLU()]
        self.down = nn.Sequential(*down, nn.Flatten())
        flat = 512 * self.base**2
        self.to_mean, self.to_logvar = nn.Linear(flat, latent), nn.Linear(flat, latent)
        self.from_code = nn.Linear(latent, flat)
        self.up = nn.Sequential(*up, nn.Conv2d(8, 3, 3, padding=1))
        self.apply(narrow_normal)

    def encode(self, image: Tensor) -> tuple[Tensor, Tensor]:
        x = self.down(image)
        return self.to_mean(x), self.to_logvar(x)

    def logits(self, z: Tensor) -> Tensor:
        return self.up(self.from_code(z).view(-1, 512, self.base, self.base))


def halving(inside: int, outside: int, kernel: int = 3) -> nn.Conv2d:
    """A convolution of stride 2 that halves the side."""
    return nn.Conv2d(inside, outside, kernel, 2, kernel // 2)


def doubling(inside: int, outside: int, kernel: int = 3) -> nn.ConvTranspose2d:
    """A transposed convolution of stride 2 that doubles the side."""
    return nn.ConvTranspose2d(inside, outside, kernel, 2, kernel // 2, output_padding=1)


def glorot(module: nn.Module) -> None:
    """Keras's own start: uniform by Glorot & Bengio 2010 (eq. 16), biases 0."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)


def he_normal(module: nn.Module) -> None:
    """Normal by He et al. 2015 (eq. 10), biases 0."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)


def narrow_normal(module: nn.Module) -> None:
    """N(0, 0.02) for convolutions, biases 0 (Radford et al. 2015, section 4); dense layers as they are."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
        nn.init.zeros_(module.bias)
