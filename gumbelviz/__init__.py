"""GumbelViz: see the Gumbel-Softmax trick happen."""

__version__ = "0.1.0"
