"""Losses with a latent variable: an autoencoder's code, and the steps of a diffusion."""

from __future__ import annotations

import math

import numpy as np

from infocore import Gaussian, MultivariateGaussian, gaussian_kl

from ...contract.result import Result

SEEN = 1.2, 0.8  # the x that is encoded
NOISE = 0.25  # the variance of x around the z that it is decoded from
SHRUNK = 1 / (1 + NOISE)  # the true posterior is N(SHRUNK·x, NOISE·SHRUNK)
EVIDENCE = math.log(2 * math.pi * (1 + NOISE)) + (SEEN[0] ** 2 + SEEN[1] ** 2) * SHRUNK / 2


def autoencoder(*, z1: float, z2: float, sigma: float) -> Result:
    """Return -ELBO of an encoder q(z|x) = N((z1, z2), σ²) in two dimensions, prior N(0, 1).

    The decoder is fixed, x = z + noise, so that -log p(x) is known.
    """
    encoder = MultivariateGaussian((z1, z2), (sigma**2, sigma**2))
    truth = MultivariateGaussian(
        (SHRUNK * SEEN[0], SHRUNK * SEEN[1]), (NOISE * SHRUNK, NOISE * SHRUNK)
    )
    rate = gaussian_kl(encoder, MultivariateGaussian((0, 0), (1, 1)), base=math.e)
    gap = gaussian_kl(encoder, truth, base=math.e)
    missed = (z1 - SEEN[0]) ** 2 + (z2 - SEEN[1]) ** 2
    distortion = math.log(2 * math.pi * NOISE) + (missed + 2 * sigma**2) / (2 * NOISE)
    side = math.sqrt(NOISE * SHRUNK)
    return Result(
        tables={
            "prior": {"x": [0], "y": [0], "rx": [1], "ry": [1]},
            "encoder": {"x": [z1], "y": [z2], "rx": [sigma], "ry": [sigma]},
            "truth": {"x": [SHRUNK * SEEN[0]], "y": [SHRUNK * SEEN[1]], "rx": [side],
                      "ry": [side]},
            "floor": {"distortion": [0, EVIDENCE], "rate": [EVIDENCE, 0]},
            "now": {"distortion": [distortion], "rate": [rate]},
        },
        readouts={
            "elbo_loss": distortion + rate, "elbo_distortion": distortion, "elbo_rate": rate,
            "elbo_evidence": EVIDENCE, "elbo_gap": gap,
        },
        ranges={"plane.x": (0, 1.05 * max(distortion, 1)), "plane.y": (0, 1.05 * max(rate, 1))},
    )  # fmt: skip


def diffusion(*, early: float, late: float, steps: int) -> Result:
    """Return the divergences of the steps of a diffusion, given how wrong its noise is.

    The squared error of the predicted noise goes from `early` at the first step to `late` at the
    last. The schedule is the linear one of Ho et al., of so many steps instead of 1000.
    """
    step = np.arange(1, steps + 1)
    betas = np.linspace(0.1, 20.0, steps) / steps
    kept = np.cumprod(1 - betas)
    errors = early + (late - early) * (step - 1) / (steps - 1)
    variances = betas[1:] * (1 - kept[:-1]) / (1 - kept[1:])
    gains = betas[1:] / np.sqrt((1 - betas[1:]) * (1 - kept[1:]))  # of an error in the mean
    weights = gains**2 / (2 * variances)
    nats = [
        gaussian_kl(Gaussian(0, math.sqrt(v)), Gaussian(g * math.sqrt(e), math.sqrt(v)),
                    base=math.e)
        for v, g, e in zip(variances, gains, errors[1:], strict=True)
    ]  # fmt: skip
    return Result(
        tables={
            "steps": {"step": step[1:], "nats": nats},
            "errors": {"step": step[1:], "error": errors[1:]},
            "first": {"step": [2], "error": [early]},
            "last": {"step": [steps], "error": [late]},
        },
        readouts={
            "diffusion_bound": float(np.sum(nats)), "diffusion_simple": float(np.mean(errors[1:])),
            "diffusion_ratio": float(weights[0] / weights[-1]),
        },
        ranges={"steps.x": (0, float(steps)), "errors.x": (0, float(steps))},
    )  # fmt: skip
