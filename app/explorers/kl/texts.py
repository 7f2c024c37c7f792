"""The longer texts of the KL explorer."""

from ...contract.explorer import Card

CARDS = (
    Card(
        "With your numbers",
        r"$$D(P\|Q)=@log@\frac{\sigma_Q}{\sigma_P}"
        r"+\left(\frac{\sigma_P^2+(\mu_P-\mu_Q)^2}{2\,\sigma_Q^2}-\frac12\right)@per_nat@$$"
        r"$$=@log@\frac{@sigma_q@}{@sigma_p@}+\left(\frac{@sigma_p@^2+(@mu_p@-@(mu_q)@)^2}"
        r"{2\cdot @sigma_q@^2}-\frac12\right)@per_nat@=@kl_pq@$$"
        "<p class=aside>The closed form is checked by adding up the curve itself, a thousand "
        "slices across P: <b>{quadrature}</b> {unit}, a difference of "
        "<b>{quadrature_error}</b> {unit}.</p>",
    ),
    Card(
        "What you see",
        "<p>At each x, p·{log}(p/q) is how often that x happens times how much longer its code "
        "is than it had to be. Where <b class=q>Q</b> gives x more probability than P does "
        "(p &lt; q), the code is shorter than needed and the curve dips below zero, hatched; "
        "the total never does. "
        "<b class=p>D(P‖Q)</b> averages under P, <b class=q>D(Q‖P)</b> under Q: two different "
        "averages, so two different numbers. Jensen–Shannon compares both with their mixture "
        "and is the same either way.</p>",
    ),
    Card(
        "Try this",
        "<ol><li>Make the two numbers equal without making P and Q equal.</li>"
        "<li>Narrow Q until D(P‖Q) explodes. Which part of the picture pays?</li>"
        "<li>Switch to the non-negative integrand: which numbers change?</li></ol>",
    ),
)
