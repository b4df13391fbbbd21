"""`scipy.special`, loaded when one of its functions is first needed: it takes longer to load than our first picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scipy.special import chdtrc as chdtrc
    from scipy.special import expit as expit
    from scipy.special import gammaln as gammaln
    from scipy.special import kolmogorov as kolmogorov
    from scipy.special import loggamma as loggamma
    from scipy.special import logit as logit
    from scipy.special import logsumexp as logsumexp
    from scipy.special import ndtr as ndtr
    from scipy.special import ndtri as ndtri


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    from scipy import special

    found = globals()[name] = getattr(special, name)
    return found
