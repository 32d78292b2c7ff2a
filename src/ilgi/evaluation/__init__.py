"""How good it is: metrics, splits, intervals and reports."""
