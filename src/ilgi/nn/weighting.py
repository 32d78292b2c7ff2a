"""How much each entry of a target counts, and how sure a target is: weights and label smoothing.

All are made once before training, so the training loop only multiplies.
"""

import numpy as np

from ilgi.arrays import AnyArray
from ilgi.errors import InputError


def balanced_class_weight(target: AnyArray, sample_weight: AnyArray | None = None) -> AnyArray:
    """Return (2, L) weights that let the absent (row 0) and present (row 1) entries of each label count alike in sum.

    A label that holds in n1 of n rows gets n / (2 n1) where present and n / (2 (n - n1)) where absent (King and Zeng
    2001; scikit-learn's "balanced"). A label that always or never holds has nothing to balance and gets 1 and 1.

    Args:
        target: (n, L) in [0, 1].
        sample_weight: (n,) not negative; rows are counted with it.
    """
    rows = np.ones(len(target)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
    present = rows @ np.asarray(target, dtype=np.float64)
    total = rows.sum()
    counts = np.stack([total - present, present])
    usable = (counts > 0).all(axis=0)
    result = np.ones_like(counts)
    result[:, usable] = total / (2.0 * counts[:, usable])
    return result


def entry_weight(
    target: AnyArray,
    *,
    sample_weight: AnyArray | None = None,
    class_weight: AnyArray | None = None,
) -> AnyArray | None:
    """Return how much each entry counts: s_i (y_ij c_1j + (1 - y_ij) c_0j), or None where all count 1.

    Args:
        target: (n, L) in [0, 1]; a soft target mixes both class weights.
        sample_weight: (n,) not negative, of any scale: it is divided by its mean, so that the learning rate keeps its
            meaning.
        class_weight: (2, L) not negative: the weight of an absent (row 0) and of a present entry (row 1).

    Returns:
        (n, L), or (n, 1) without class weights, in the target's type.

    Raises:
        InputError: A shape doesn't fit, a weight is negative or not finite, or all sample weights are 0.
    """
    weight: AnyArray | None = None
    if class_weight is not None:
        c = np.asarray(class_weight, dtype=target.dtype)
        if c.shape != (2, target.shape[1]) or not np.isfinite(c).all() or (c < 0).any():
            raise InputError(f"class_weight needs two rows of {target.shape[1]} numbers of at least 0")
        weight = c[0] + target * (c[1] - c[0])
    if sample_weight is not None:
        s = np.asarray(sample_weight, dtype=np.float64)
        if s.shape != (len(target),) or not np.isfinite(s).all() or (s < 0).any() or s.sum() <= 0:
            raise InputError("sample_weight needs one number per row, none negative, not all zero")
        scaled = (s / s.mean()).astype(target.dtype)[:, None]
        weight = scaled if weight is None else weight * scaled
    return weight


def smooth_labels(target: AnyArray, amount: float, *, exclusive: bool = False) -> AnyArray:
    """Return targets moved a little towards not knowing (Szegedy et al. 2016, section 7).

    y (1 - ε) + ε / K, where K is the number of outcomes: L where exactly one label holds, 2 (present or absent) where
    several may. In the first case, a row without any label stays a row of zeros.

    Args:
        target: (n, L) in [0, 1].
        amount: ε in [0, 1); 0 changes nothing.
        exclusive: Whether exactly one label of a row holds.

    Raises:
        InputError: ε is out of range.
    """
    if not 0.0 <= amount < 1.0:
        raise InputError(f"label smoothing must lie in [0, 1), not {amount}")
    unsure = target.sum(axis=1, keepdims=True) * (amount / target.shape[1]) if exclusive else amount / 2.0
    smooth: AnyArray = target * (1.0 - amount) + unsure
    return smooth
