"""How the weights of a layer are drawn before training, each rule named after its formula.

Every rule has mean 0 and a variance made from fan_in (the units a weight reads from) and fan_out (the units it feeds),
so that signals neither grow nor fade from layer to layer. U(-b, b) has variance b²/3, so the uniform form of variance v
has b = √(3 v). Biases start at 0 and are not drawn.

    rule     variance                 made for                 source
    he       2 / fan_in               ReLU and its kin         He, Zhang, Ren and Sun 2015, eq. 10
    xavier   2 / (fan_in + fan_out)   tanh, sigmoid, softmax   Glorot and Bengio 2010, eq. 12 and 16
    lecun    1 / fan_in               identity, tanh           LeCun, Bottou, Orr and Müller 1998, eq. 16
    normal   0.01²                    comparison; no fan       Krizhevsky, Sutskever and Hinton 2012, section 5
"""

from collections.abc import Callable
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from ilgi.errors import UnknownName
from ilgi.vocabulary import nearest

InitializerName = Literal[
    "he_normal", "he_uniform", "xavier_normal", "xavier_uniform", "lecun_normal", "lecun_uniform", "normal", "uniform"
]
INITIALIZER_NAMES: Final[tuple[InitializerName, ...]] = get_args(InitializerName)

PLAIN_SD: Final = 0.01
"""The standard deviation of `normal` and `uniform`, whatever the size of the layer."""

Initializer = Callable[[int, int, np.random.Generator], NDArray[np.float64]]
"""(fan_in, fan_out, rng) → (fan_in, fan_out) weights. Always float64: one seed means one network in both types."""


def _normal(variance: float, fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray[np.float64]:
    return rng.normal(0.0, np.sqrt(variance), size=(fan_in, fan_out))


def _uniform(variance: float, fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray[np.float64]:
    bound = np.sqrt(3.0 * variance)
    return rng.uniform(-bound, bound, size=(fan_in, fan_out))


def he_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """N(0, 2 / fan_in): He, Zhang, Ren and Sun 2015, "Delving Deep into Rectifiers"."""
    return _normal(2.0 / fan_in, fan_in, fan_out, rng)


def he_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """U(-b, b) with b = √(6 / fan_in), the variance of `he_normal`."""
    return _uniform(2.0 / fan_in, fan_in, fan_out, rng)


def xavier_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """N(0, 2 / (fan_in + fan_out)): Xavier Glorot and Bengio 2010, "Understanding the Difficulty of Training …"."""
    return _normal(2.0 / (fan_in + fan_out), fan_in, fan_out, rng)


def xavier_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """U(-b, b) with b = √(6 / (fan_in + fan_out)), the paper's "normalized initialization"."""
    return _uniform(2.0 / (fan_in + fan_out), fan_in, fan_out, rng)


def lecun_normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """N(0, 1 / fan_in): LeCun, Bottou, Orr and Müller 1998, "Efficient BackProp"."""
    return _normal(1.0 / fan_in, fan_in, fan_out, rng)


def lecun_uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """U(-b, b) with b = √(3 / fan_in), the variance of `lecun_normal`."""
    return _uniform(1.0 / fan_in, fan_in, fan_out, rng)


def normal(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """N(0, 0.01²): Krizhevsky, Sutskever and Hinton 2012, "ImageNet Classification …"; deep layers learn slowly."""
    return _normal(PLAIN_SD**2, fan_in, fan_out, rng)


def uniform(fan_in: int, fan_out: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """U(-b, b) with b = 0.01 √3, the variance of `normal`."""
    return _uniform(PLAIN_SD**2, fan_in, fan_out, rng)


_INITIALIZERS: Final[dict[str, Initializer]] = {
    "he_normal": he_normal,
    "he_uniform": he_uniform,
    "xavier_normal": xavier_normal,
    "xavier_uniform": xavier_uniform,
    "lecun_normal": lecun_normal,
    "lecun_uniform": lecun_uniform,
    "normal": normal,
    "uniform": uniform,
}


def initializer(name: str) -> Initializer:
    """Return the initialiser called `name`.

    Raises:
        UnknownName: There is none; carries the nearest names.
    """
    if name not in _INITIALIZERS:
        raise UnknownName("initializer", name, INITIALIZER_NAMES, nearest(name, INITIALIZER_NAMES))
    return _INITIALIZERS[name]
