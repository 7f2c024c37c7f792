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


def jensen_shannon_divergence(*ps, weights=None):
    """Return the entropy of the weights where no two share an outcome, and never more."""
    given = [mp.mpf(w) for w in weights or [1] * len(ps)]
    shares, columns = [w / mp.fsum(given) for w in given], list(zip(*ps, strict=True))
    middle = [mp.fsum(w * x for w, x in zip(shares, column, strict=True)) for column in columns]
    parts = [w * kl_divergence(p, middle) for w, p in zip(shares, ps, strict=True) if w]
    apart = all(sum(x > 0 for x in column) <= 1 for column in columns)
    return entropy(shares) if apart else min(mp.fsum(parts), entropy(shares))


def binary_cross_entropy(y, q):
    return cross_entropy([y, 1 - y], [q, 1 - q])


def binary_cross_entropy_from_logits(y, z):
    return y * mp.log1p(mp.exp(-z)) + (1 - y) * mp.log1p(mp.exp(z))


def softmax(z, temperature=1):
    weights = [mp.exp(x / temperature) for x in z]
    return [weight / mp.fsum(weights) for weight in weights]


def smoothed(y, share):
    return [(1 - mp.mpf(share)) * x + mp.mpf(share) / len(y) for x in y]


def smoothed_cross_entropy(y, q, label_smoothing):
    return cross_entropy(smoothed(y, label_smoothing), q)


def categorical_cross_entropy_from_logits(y, z, label_smoothing=0):
    y = smoothed(y, label_smoothing)
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


def total_variation(p, q):
    return mp.fsum(abs(x - y) for x, y in zip(p, q, strict=True)) / 2


def renyi_entropy(p, order):
    if order == 1:
        return entropy(p)
    if order == mp.inf:
        return -mp.log(max(p))
    powers = mp.fsum(x ** mp.mpf(order) for x in p if x)
    return mp.log(powers / mp.fsum(p)) / (1 - mp.mpf(order))  # also where the sum is not 1


def tsallis_entropy(p, order):
    if order in (1, mp.inf):
        return entropy(p) if order == 1 else mp.mpf(0)
    return mp.fsum(x - x ** mp.mpf(order) for x in p if x) / (mp.mpf(order) - 1)


def renyi_divergence(p, q, order):
    """Return it in the form to which sums that are nearly 1 matter least."""
    pairs = list(zip(p, q, strict=True))
    if order == 1:
        return kl_divergence(p, q)
    if order == mp.inf:
        return max(mp.log(x / y) if y else mp.inf for x, y in pairs if x)
    if order > 1 and any(x and not y for x, y in pairs):
        return mp.inf
    order = mp.mpf(order)
    shared = mp.fsum(x**order * y ** (1 - order) for x, y in pairs if x and y)
    excess = shared - order * mp.fsum(p) - (1 - order) * mp.fsum(q)
    near = -0.5 <= excess < mp.mpf(2) ** 1024
    whole = mp.log1p(excess) if near else mp.log(shared) if shared else -mp.inf
    return whole / (order - 1)


def tilt(reference, reward, beta):
    """Return the policy and, last, the logarithm of its partition function."""
    weights = [p * mp.exp(r / beta) if p else 0 for p, r in zip(reference, reward, strict=True)]
    whole = mp.fsum(weights)
    return [*(weight / whole for weight in weights), mp.log(whole / mp.fsum(reference))]


def dpo_loss(chosen, rejected, beta):
    return mp.log1p(mp.exp(-beta * (chosen - rejected)))


def kl_estimators(log_ratio):
    return [-log_ratio, log_ratio**2 / 2, mp.exp(log_ratio) - 1 - log_ratio]


def info_nce(scores):
    n = len(scores)
    losses = [mp.log(mp.fsum(map(mp.exp, row))) - row[i] for i, row in enumerate(scores)]
    return [mp.fsum(losses) / n, mp.log(n) - mp.fsum(losses) / n]


def elbo_terms(posterior, prior, log_likelihood):
    distortion = -mp.fsum(q * x for q, x in zip(posterior, log_likelihood, strict=True) if q)
    *truth, _ = tilt(prior, log_likelihood, 1)
    return [distortion, kl_divergence(posterior, prior), kl_divergence(posterior, truth)]


def multivariate_kl(p, q):
    (mean_p, cov_p), (mean_q, cov_q) = p, q
    of_p, of_q = (
        mp.matrix(cov) if isinstance(cov[0], list) else mp.diag(cov) for cov in (cov_p, cov_q)
    )
    apart = mp.matrix(mean_q) - mp.matrix(mean_p)
    part = mp.inverse(of_q) * of_p
    trace = mp.fsum(part[i, i] for i in range(part.rows))
    square = (apart.T * mp.inverse(of_q) * apart)[0]
    return (trace - part.rows + square - mp.log(mp.det(of_p) / mp.det(of_q))) / 2


def conditional_mutual_information(joint):
    slices = [[[cell[k] for cell in row] for row in joint] for k in range(len(joint[0][0]))]
    masses = [mp.fsum(x for row in table for x in row) for table in slices]
    return mp.fsum(
        mass * mutual_information([[x / mass for x in row] for row in table])
        for table, mass in zip(slices, masses, strict=True)
        if mass
    )


def total_correlation(joint):
    cells = [(i, j, k, x) for i, plane in enumerate(joint)
             for j, row in enumerate(plane) for k, x in enumerate(row)]  # fmt: skip
    sides = [
        [mp.fsum(cell[3] for cell in cells if cell[axis] == place) for place in range(size)]
        for axis, size in enumerate((len(joint), len(joint[0]), len(joint[0][0])))
    ]
    whole = mp.fsum(cell[3] for cell in cells)
    return mp.fsum(
        x * mp.log(x * whole**2 / (sides[0][i] * sides[1][j] * sides[2][k]))
        for i, j, k, x in cells
        if x
    )


def normalized_mutual_information(joint, average):
    total = mp.fsum(map(mp.fsum, joint))
    x, y = (entropy([p / total for p in side]) for side in marginals(joint))
    averages = {"arithmetic": (x + y) / 2, "geometric": mp.sqrt(x * y), "min": min(x, y)}
    return mutual_information(joint) / total / averages.get(average, max(x, y))


def estimate_entropy(counts, method):
    n, p = mp.fsum(counts), [count / mp.fsum(counts) for count in counts if count]
    if method == "nsb":
        return nsb(counts)
    if method == "chao-shen":
        once = counts.count(1)
        shares = [x * (1 - mp.mpf(once - (once == n)) / n) for x in p]
        return -mp.fsum(x * mp.log(x) / (1 - (1 - x) ** n) for x in shares)
    return entropy(p) + ((len(p) - 1) / (2 * n) if method == "miller-madow" else 0)


@mp.workdps(40)
def nsb(counts):
    """Return the posterior mean, over the logarithm u of β, by mpmath's own quadrature."""
    n, size = mp.fsum(counts), len(counts)

    def log_weight(u):
        b = mp.exp(u)
        rising = mp.fsum(mp.loggamma(x + b) - mp.loggamma(b) for x in counts if x)
        prior = size * mp.psi(1, size * b + 1) - mp.psi(1, b + 1)
        return rising + mp.loggamma(size * b) - mp.loggamma(n + size * b) + mp.log(prior) + u

    top = max(range(-80, 81), key=log_weight)
    largest, edges = log_weight(mp.mpf(top)), [top + k for k in (-80, -40, *range(-20, 21), 40, 80)]

    def weight(u):
        return mp.exp(log_weight(u) - largest)

    def mean(u):
        b = mp.exp(u)
        parts = ((x + b) / (n + size * b) * mp.psi(0, x + b + 1) for x in counts)
        return mp.psi(0, n + size * b + 1) - mp.fsum(parts)

    whole = mp.quad(weight, edges)
    return mp.quad(lambda u: weight(u) * mean(u), edges) / whole


def ksg_mutual_information(x, y, k):
    """Return Kraskov's first estimate by comparing all pairs, in the doubles' own differences."""
    total, n = mp.mpf(0), len(x)
    for i in range(n):
        across = [[abs(float(side[j]) - float(side[i])) for j in range(n) if j != i]
                  for side in (x, y)]  # fmt: skip
        reach = sorted(map(max, *across))[k - 1]
        total += mp.fsum(mp.digamma(sum(d < reach for d in side) + 1) for side in across)
    return mp.digamma(k) + mp.digamma(n) - total / n
