"""One loss over all heads, in which a label that a source doesn't give has no say."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from torch import Tensor

LABEL_SHARE: Final = 0.3
"""What one label's cross-entropy weighs; a row of 28 weighs about as much as its mood."""
DIMENSION_SHARE: Final = 0.5
"""What one standardised rating's squared error weighs."""


def many_labels(scores: "Tensor", targets: "Tensor", known: "Tensor") -> "Tensor":
    """Return (b,): the sum of binary cross-entropies over the labels that are known.

    Args:
        scores: (b, L) before the sigmoid.
        targets: (b, L) in [0, 1].
        known: (b, L) 1 where the source says yes or no.
    """
    from torch.nn import functional

    each = functional.binary_cross_entropy_with_logits(scores, targets, reduction="none")
    return (each * known).sum(dim=1) * LABEL_SHARE


def one_of_known(scores: "Tensor", targets: "Tensor", known: "Tensor") -> "Tensor":
    """Return (b,): cross-entropy of a softmax among the labels that the source knows; 0 for a row without a yes.

    Args:
        scores: (b, L).
        targets: (b, L) in [0, 1]; several yeses share the row.
        known: (b, L) 1 where the source says yes or no.
    """
    import torch

    yes = targets * known
    total = yes.sum(dim=1, keepdim=True)
    logs = torch.log_softmax(scores.masked_fill(known < 0.5, -1e4), dim=1)
    return -(yes / total.clamp(min=1.0) * logs).sum(dim=1)


def ratings(scores: "Tensor", targets: "Tensor", known: "Tensor", spread: "Tensor") -> "Tensor":
    """Return (b,): the squared error of the ratings that are known, in units of the source's own spread.

    Args:
        scores: (b, D) as predicted, in the source's units.
        targets: (b, D).
        known: (b, D) 1 where rated.
        spread: (b, D) standard deviation of the source's ratings.
    """
    return ((((scores - targets) / spread) ** 2).clamp(max=9.0) * known).sum(dim=1) * DIMENSION_SHARE
