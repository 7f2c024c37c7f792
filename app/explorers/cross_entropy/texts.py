"""The longer texts of the cross-entropy explorer."""

from ...contract.explorer import Card

BOXES = (
    "<b class=q>orange {overpaid}</b> − <b class=p>hatched {saved}</b> = <b>{kl_pq}</b> {unit} "
    "wasted<span class=aside>; boxes are p wide × −{log} q tall, <b class=p>blue</b> up to "
    "−{log} p: with orange <b>H(p, q) = {cross_entropy_pq}</b></span>. <b>{reason}</b>"
)
IDENTITY = (
    "<b class=p>{entropy_p}</b> unavoidable + <b class=q>{kl_pq}</b> wasted = "
    "<b>{cross_entropy_pq}</b> {unit}"
)
TRAINING = (
    "training: at step {steps} <b class=q>the loss is {cross_entropy_pq}</b> {unit}, from "
    "{loss_at_start}; <b class=p>H(p) = {entropy_p}</b> stays"
)
LOSSES = (
    "as q gives {first} more or less: <b>CCE {cce}</b> (solid) counts every outcome, "
    "<b class=accent>BCE {bce}</b> {unit} (dashed) only {first} or not"
)
CLIPPED = (
    "−{log} q from q = 10⁻¹⁶ to 1: <b class=q>exact</b>, and dashed as clipped at 10⁻¹², never "
    "above {clip_ceiling} {unit}. {clip_words}"
)
CODE = (
    "import math\n\nfrom infocore import cross_entropy\n\np = {boxes.p}\nq = {boxes.q}\n"
    "cross_entropy(p, q, base={base})\n# {cross_entropy_pq}"
)
CARDS = (
    Card(
        "With your numbers",
        r"$$H(p,q)=-\sum_i p_i\,@log@\,q_i=H(p)+D(p\|q)$$"
        r"$$@entropy_p@+@kl_pq@=@cross_entropy_pq@\;@unit@$$"
        r"$$H(q,p)=H(q)+D(q\|p):\quad @entropy_q@+@kl_qp@=@cross_entropy_qp@\;@unit@$$"
        "<p>H(p) does not depend on q: whoever lowers the loss lowers D(p‖q), and nothing else. "
        "Exchange p and q, and each of the three is in general another number.</p>",
    ),
    Card(
        "What you see",
        "<p>An outcome’s box is as wide as its p, and −{log} q tall: how long its codeword is when "
        "the code was built for q. Up to −{log} p it is <b class=p>blue</b>. What stands above is "
        "<b class=q>orange</b>: paid on top, because q is too small there. Where q is larger than "
        "p the code is shorter than −{log} p, and the hatching shows what that saves. So blue and "
        "hatched are H(p), blue and orange H(p, q), and orange less hatched is D(p‖q), which is "
        "never below 0: what q saves on one outcome it overpays on others.</p><p>Orange is what "
        "comes of believing q; how often it comes is up to p all the same.</p>",
    ),
    Card(
        "What training does",
        "<p>Write q as the softmax of logits. The slope of the loss along a logit is q − p, in "
        "nats, and each step goes a fifth of it downhill. The loss falls towards H(p) and stops "
        "there: what is left is the surprise of the world, not of the model. {training}</p>",
    ),
    Card(
        "The loss you print",
        "<p>Categorical cross-entropy (CCE) is H(p, q): <b>{cce}</b> {unit}. With a one-hot label "
        "p it is −{log} of what q gave the true class. Binary cross-entropy (BCE) asks of one "
        "outcome, here {first}, whether it came or not: <b>{bce}</b> {unit}. CCE is ∞ where q "
        "gives 0 to an outcome that p can produce; BCE only where that is {first}, or all the rest "
        "together.</p><p>Much code raises q to 10⁻¹² first. It then prints "
        "<b>{cce_clipped}</b> {unit} for CCE: no impossible outcome can cost more than "
        "{clip_ceiling}. {clip_words}</p>",
    ),
    Card(
        "Try this",
        "<ol><li>Make D(p‖q) as large as you can without touching p. What stops you?</li>"
        "<li>Press Train and watch which number stays still.</li>"
        "<li>Take the last outcome from q altogether, then switch the clip on.</li></ol>",
    ),
)
