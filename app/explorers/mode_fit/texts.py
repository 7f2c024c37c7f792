"""The longer texts of the mode-fit explorer."""

STORY = (
    "<p><b>{verdict}</b></p>"
    "<p>The forward fit always covers: it has the mean and the variance of P, wherever the modes "
    "are. The reverse fit is often said to seek a mode. That is true <em>only if the modes are far "
    "enough apart</em>: for two equal modes of width 1 at ±d there is no one-mode optimum at all "
    "below d ≈ 2.41, and the one-mode optimum becomes the best only at d ≈ 2.80. At d = 2 the best "
    "reverse fit still covers (μ = 0, σ = 2.047, 0.2265 nats); at d = 3 it seeks a mode "
    "(0.6888 nats, against 0.8406 for covering).</p>"
)
WHAT_YOU_SEE = (
    "<p><b class=p>D(P‖Q)</b> averages under P: it grows wherever P has data that Q calls nearly "
    "impossible, so Q must cover every mode. <b class=q>D(Q‖P)</b> averages under Q: it grows "
    "wherever Q puts probability that P does not have, so the gap between the modes is what costs. "
    "Leaving out half of P costs only ln 2 = 0.693 nats there, so a one-mode fit can win once the "
    "gap is deep.</p>"
    "<p>“Fit reverse” goes downhill from where Q is, and ends in the valley in which it started, "
    "which need not be the best one. Bands of the map are equal ratios of the divergence; beyond "
    "6 nats it stays at its faintest.</p>"
)
CANDIDATES = (
    "<p>The classic demonstration compares two Qs at d = 2, and often adds up densities on a grid: "
    "1000 points on ±6, each density scaled to sum to 1 and clipped at 10⁻¹². In nats:</p>"
    "<div class=scroll tabindex=0 role=region aria-label='True values and those of a grid'>"
    "<table><thead><tr><th scope=col>Q</th><th scope=col>D(P‖Q)</th><th scope=col>grid</th>"
    "<th scope=col>D(Q‖P)</th><th scope=col>grid</th></tr></thead><tbody>"
    "<tr><td>N(0, 2.5²) covers</td><td>0.1836</td><td>0.1674</td><td>0.3475</td><td>0.2377</td>"
    "</tr>"
    "<tr><td>N(2, 1²) seeks</td><td>3.3673</td><td>3.3632</td><td>0.6327</td><td>0.6327</td></tr>"
    "</tbody></table></div>"
    "<p>At d = 2 covering wins <em>both</em> ways, and the grid is off by up to 32 % because it "
    "cuts off Q's tails. For your Q that grid says "
    "<b class=p>D(P‖Q) = {recipe_forward}</b> and <b class=q>D(Q‖P) = {recipe_reverse}</b> {unit}; "
    "the truth is <b class=p>{forward_kl}</b> and <b class=q>{reverse_kl}</b>.</p>"
)
TRY = (
    "<ol><li>At d = 3, fit reverse from the left, from the right, and from a wide Q in the middle: "
    "three valleys. Which is the deepest?</li>"
    "<li>Lower d slowly: when does the ring on a mode stop being the best, and when does it "
    "vanish?</li>"
    "<li>Make one mode heavier. Does the reverse fit sit exactly on it?</li></ol>"
)
