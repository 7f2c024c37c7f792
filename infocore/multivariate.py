"""Normal distributions of several dimensions, and their divergence by Cholesky factors."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from infocore._stable import NEAR, scale_penalty, scaled_difference
from infocore._validate import FloatArray, real_array

_ROUNDING = 1e-9  # relative to both variances: what two entries that should be equal may differ by


@dataclass(frozen=True, slots=True)
class MultivariateGaussian:
    """A normal distribution N(mean, cov) of d dimensions.

    Parameters
    ----------
    mean : array_like, shape (d,)
        The means, finite.
    cov : array_like, shape (d,) or (d, d)
        The variances of independent components, positive and finite; or a covariance matrix,
        positive definite and, but for rounding, symmetric: its lower triangle is kept, mirrored.

    Raises
    ------
    ValueError
        If the mean is no vector or not finite, or if `cov` does not fit it, holds what is not
        finite, is not symmetric or not positive definite.

    References
    ----------
    Murphy, *Probabilistic Machine Learning: An Introduction*, section 3.2.

    Examples
    --------
    >>> MultivariateGaussian([0, 1], [1, 4])
    MultivariateGaussian(mean=(0.0, 1.0), cov=(1.0, 4.0))
    """

    mean: tuple[float, ...]
    cov: tuple[float, ...] | tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        """Check both parameters and keep them as tuples."""
        mean, cov = real_array(self.mean, "mean"), real_array(self.cov, "cov")
        if mean.ndim != 1 or not mean.size:
            raise ValueError(f"mean must be a vector, got shape {mean.shape}")
        if cov.shape not in (mean.shape, 2 * mean.shape):
            fitting = f"{mean.shape} or {2 * mean.shape}"
            raise ValueError(f"cov must be of shape {fitting}, as mean is, got {cov.shape}")
        for values, name in ((mean, "mean"), (cov, "cov")):
            if not np.isfinite(values).all():
                raise ValueError(f"{name} must be finite, got {values[~np.isfinite(values)][0]}")
        _refuse_indefinite(cov)
        cov = np.tril(cov) + np.tril(cov, -1).T if cov.ndim == 2 else cov
        rows = map(tuple, cov.tolist()) if cov.ndim == 2 else cov.tolist()
        object.__setattr__(self, "mean", tuple(mean.tolist()))
        object.__setattr__(self, "cov", tuple(rows))


def multivariate_kl(p: MultivariateGaussian, q: MultivariateGaussian, scale: float) -> float:
    """Return D(p‖q) in nats divided by `scale`."""
    if len(p.mean) != len(q.mean):
        dimensions = f"{len(p.mean)} and {len(q.mean)}"
        raise ValueError(f"p and q must be of one dimension, got {dimensions}")
    of_p, of_q = np.array(p.cov), np.array(q.cov)
    means = np.array(p.mean), np.array(q.mean)
    if of_p.ndim == of_q.ndim == 1:
        terms = _diagonal(of_p, of_q, 0.5 / scale)
        return _plus_squares(terms, scaled_difference(*means, np.sqrt(of_q)), 0.5 / scale)
    of_p, of_q = (cov if cov.ndim == 2 else np.diag(cov) for cov in (of_p, of_q))
    factor = np.linalg.cholesky(of_q)
    with np.errstate(over="ignore"):  # halves of what is finite have a finite difference
        z = 2 * _solved(factor, 0.5 * means[0] - 0.5 * means[1])
    return _plus_squares(_full(of_p, of_q, factor, 0.5 / scale), z, 0.5 / scale)


def _plus_squares(terms: FloatArray, z: FloatArray, half: float) -> float:
    """Return the sum of the terms and of half·z², the factor going in before z² can overflow."""
    with np.errstate(over="ignore"):
        return float(terms.sum() + (half * z * z).sum())


def _diagonal(of_p: FloatArray, of_q: FloatArray, half: float) -> FloatArray:
    """Return half·(e - log1p(e)) for each pair of variances, with e their relative difference."""
    with np.errstate(over="ignore"):
        e = (of_p - of_q) / of_q
        direct = half * (of_p - of_q) / of_q - half * (np.log(of_p) - np.log(of_q))
    return np.where(abs(e) <= NEAR, half * scale_penalty(of_p, of_q, e), direct)


def _full(of_p: FloatArray, of_q: FloatArray, factor: FloatArray, half: float) -> FloatArray:
    """Return terms, none negative, that add up to what the two covariances contribute.

    Near equality they come from the eigenvalues of L⁻¹·(Σp - Σq)·L⁻ᵀ, with L the factor of Σq;
    elsewhere from the factor M of L⁻¹·Σp·L⁻ᵀ, whose squares add up to the trace and whose diagonal
    gives the determinant.
    """
    relative = _solved(factor, _solved(factor, of_p - of_q).T)
    if abs(relative).max() <= NEAR and np.linalg.norm(relative) <= NEAR:
        e = np.linalg.eigvalsh(0.5 * (relative + relative.T))
        return half * scale_penalty(1 + e, np.ones_like(e), e)
    of_p = np.linalg.cholesky(of_p)
    widths = np.diagonal(of_p), np.diagonal(factor)
    with np.errstate(over="ignore"):
        t, below = (widths[0] - widths[1]) / widths[1], np.tril(_solved(factor, of_p), -1)
        squares = half * t * t + (half * below * below).sum(axis=-1)
        return np.asarray(squares + 2 * half * scale_penalty(*widths, t))


def _solved(factor: FloatArray, right: FloatArray) -> FloatArray:
    """Return factor⁻¹·right, infinite where it exceeds the doubles."""
    with np.errstate(over="ignore", invalid="ignore"):
        solution = solve_triangular(factor, right, lower=True, check_finite=False)
    return np.where(np.isfinite(solution), solution, np.inf)


def _refuse_indefinite(cov: FloatArray) -> None:
    variances = cov if cov.ndim == 1 else np.diagonal(cov)
    if not (variances > 0).all():
        raise ValueError(f"cov must hold positive variances, got {variances[~(variances > 0)][0]}")
    if cov.ndim == 1:
        return
    deviations = np.sqrt(variances)
    uneven = abs(cov - cov.T) > _ROUNDING * np.outer(deviations, deviations)
    if uneven.any():
        place = tuple(np.argwhere(uneven)[0])
        raise ValueError(f"cov must be symmetric, got {cov[place]} and {cov.T[place]}")
    try:
        np.linalg.cholesky(cov)
    except np.linalg.LinAlgError as error:
        least = np.linalg.eigvalsh(cov / deviations[:, None] / deviations)[0]
        told = f"got correlations with the eigenvalue {least}"
        raise ValueError(f"cov must be positive definite, {told}") from error
