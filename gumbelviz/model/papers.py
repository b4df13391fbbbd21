"""Where the ideas come from: the papers by their id, and what the article of the two examples prints.

Texts of lectures name these in places such as ``{paper:gumbel_softmax}``, so that no year or number is typed there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: who wrote it, as a text and as a list names them, when, its title, and where it appeared."""

    short: str
    authors: str
    year: int
    title: str
    venue: str


PAPERS: dict[str, Paper] = {
    "gumbel": Paper(
        "Gumbel", "Gumbel", 1954, "Statistical Theory of Extreme Values and Some Practical Applications",
        "National Bureau of Standards",
    ),
    "a_star": Paper("Maddison, Tarlow and Minka", "Maddison, Tarlow and Minka", 2014, "A* Sampling", "NeurIPS"),
    "gumbel_softmax": Paper(
        "Jang, Gu and Poole", "Jang, Gu and Poole", 2017, "Categorical Reparameterization with Gumbel-Softmax", "ICLR",
    ),
    "concrete": Paper(
        "Maddison, Mnih and Teh", "Maddison, Mnih and Teh", 2017,
        "The Concrete Distribution: A Continuous Relaxation of Discrete Random Variables", "ICLR",
    ),
    "rebar": Paper(
        "Tucker et al.", "Tucker, Mnih, Maddison, Lawson and Sohl-Dickstein", 2017,
        "REBAR: Low-variance, Unbiased Gradient Estimates for Discrete Latent Variable Models", "NeurIPS",
    ),
    "rao_blackwell": Paper(
        "Paulus, Maddison and Krause", "Paulus, Maddison and Krause", 2021,
        "Rao-Blackwellizing the Straight-Through Gumbel-Softmax Gradient Estimator", "ICLR",
    ),
    "reinmax": Paper(
        "Liu et al.", "Liu, Dong, Liu, Yu and Gao", 2023,
        "Bridging Discrete and Backpropagation: Straight-Through and Beyond", "NeurIPS",
    ),
    "top_k": Paper(
        "Kool, van Hoof and Welling", "Kool, van Hoof and Welling", 2019,
        "Stochastic Beams and Where to Find Them: The Gumbel-Top-k Trick for Sampling Sequences Without Replacement",
        "ICML",
    ),
    "review": Paper(
        "Huijben et al.", "Huijben, Kool, Paulus and van Sloun", 2022,
        "A Review of the Gumbel-max Trick and its Extensions for Discrete Stochasticity in Machine Learning",
        "IEEE TPAMI",
    ),
}  # fmt: skip

ARTICLE_PRINTS: dict[str, str] = {"ice-cream": "60 / 40", "hiring": "55 / 45"}
"""What the article prints for its two examples, by the id of the scene; quoted, not computed: both are wrong."""
