"""Textbook formulas in mpmath: many digits, not their form, keep them accurate."""

import mpmath as mp


def x_log_y(x, y):
    return mp.mpf(0) if x == 0 else x * mp.log(y) if y else -mp.inf


def information_content(p):
    return -mp.log(p) if p else mp.inf


def cross_entropy(p, q):
    return -mp.fsum(x_log_y(x, y) for x, y in zip(p, q, strict=True))


def entropy(p):
    return cross_entropy(p, p)


def binary_entropy(p):
    return entropy([p, 1 - p])


def kl_divergence(p, q):
    terms = (x_log_y(x, x / y if y else mp.inf) - x + y for x, y in zip(p, q, strict=True))
    return mp.fsum(terms)


def jensen_shannon_divergence(p, q):
    middle = [(x + y) / 2 for x, y in zip(p, q, strict=True)]
    if all(x * y == 0 for x, y in zip(p, q, strict=True)):
        return mp.log(2)
    return min((kl_divergence(p, middle) + kl_divergence(q, middle)) / 2, mp.log(2))


def binary_cross_entropy(y, q):
    return cross_entropy([y, 1 - y], [q, 1 - q])


def binary_cross_entropy_from_logits(y, z):
    return y * mp.log1p(mp.exp(-z)) + (1 - y) * mp.log1p(mp.exp(z))


def softmax(z, temperature=1):
    weights = [mp.exp(x / temperature) for x in z]
    return [weight / mp.fsum(weights) for weight in weights]


def categorical_cross_entropy_from_logits(y, z):
    partition = mp.log(mp.fsum(mp.exp(x) for x in z))
    return mp.fsum(x * (partition - score) for x, score in zip(y, z, strict=True) if x)


def shannon_code_lengths(p):
    return [-mp.floor(mp.log(x, 2)) if x else mp.inf for x in p]


def expected_length(p, lengths):
    return mp.fsum(x * length for x, length in zip(p, lengths, strict=True) if x)


def kraft_sum(lengths):
    return mp.fsum(mp.mpf(2) ** -length for length in lengths)


def log_pdf(g, x):
    return -(((x - g[0]) / g[1]) ** 2) / 2 - mp.log(g[1] * mp.sqrt(2 * mp.pi))


def pdf(g, x):
    return mp.exp(log_pdf(g, x))


def gaussian_entropy(g):
    return mp.log(g[1] * mp.sqrt(2 * mp.pi * mp.e))


def gaussian_cross_entropy(p, q):
    square = (p[1] ** 2 + (p[0] - q[0]) ** 2) / q[1] ** 2
    return mp.log(q[1] * mp.sqrt(2 * mp.pi)) + square / 2


def gaussian_kl(p, q):
    return gaussian_cross_entropy(p, q) - gaussian_entropy(p)


def kl_integrand(x, p, q):
    return mp.exp(log_pdf(p, x)) * (log_pdf(p, x) - log_pdf(q, x))


def gaussian_jensen_shannon(p, q):
    if p == q:
        return mp.mpf(0)

    def height(x):
        a, b = log_pdf(p, x), log_pdf(q, x)
        middle = mp.log((mp.exp(a) + mp.exp(b)) / 2)
        return (mp.exp(a) * (a - middle) + mp.exp(b) * (b - middle)) / 2

    edges = {g[0] + k * g[1] for g in (p, q) for k in (*range(-12, 13, 2), -3, -1, 1, 3)}
    return mp.quad(height, sorted(edges), maxdegree=7)


def marginals(joint):
    return [mp.fsum(row) for row in joint], [mp.fsum(column) for column in zip(*joint, strict=True)]


def mutual_information(joint):
    rows, columns = marginals(joint)
    whole = mp.fsum(rows)
    return mp.fsum(
        x_log_y(p, p * whole / (r * c) if r * c else mp.inf)
        for r, row in zip(rows, joint, strict=True)
        for c, p in zip(columns, row, strict=True)
    )


def conditional_entropy(joint, given="x"):
    table = joint if given == "x" else list(zip(*joint, strict=True))
    rows, _ = marginals(table)
    return -mp.fsum(
        x_log_y(p, p / r if r else mp.inf) for r, row in zip(rows, table, strict=True) for p in row
    )


def binned_mutual_information(x, y, bins=20, correction=None):
    least, width = min(x), max(x) - min(x)
    places = [min(int(bins * (value - least) / width), bins - 1) if width else 0 for value in x]
    labels, n = sorted(set(y)), len(x)
    pairs = list(zip(places, y, strict=True))
    joint = [[mp.mpf(pairs.count((i, label))) / n for label in labels] for i in range(bins)]
    occupied = len(set(pairs)) - len(set(places)) - len(labels) + 1
    return mutual_information(joint) - (mp.mpf(occupied) / (2 * n) if correction else 0)


def perplexity(log_probs, base=mp.e):
    return perplexity_from_loss(-mp.fsum(log_probs) / len(log_probs), base)


def perplexity_from_loss(loss, base=mp.e):
    return mp.inf if mp.isinf(loss) else mp.mpf(base) ** loss


def bits(log_probs, units, base=mp.e):
    return -mp.fsum(log_probs) * mp.log(base, 2) / units
