"""The numbers: every figure with its definition, the rows behind it, its weeks, and what it was before."""
