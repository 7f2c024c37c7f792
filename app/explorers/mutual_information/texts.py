"""The texts of the Mutual Information Explorer."""

from ...contract.explorer import Card, Table

CAPTIONS = {
    "mosaic": "<b>1</b> · each column as wide as <b class=p>p(x)</b>, its pieces as tall as "
    "<b class=q>p(y|x)</b>, X1 left, Y1 below: where all columns are cut alike, X tells nothing",
    "parts": "H(X,Y), H(X) and H(Y) on one scale: what both bars share is "
    "<b>I = {mutual_information}</b> {unit}",
    "estimates": "<b>2</b> · estimates against the number of bins: <b class=p>plug-in</b>, "
    "<b class=q>Miller–Madow</b>, dotted the exact value; grey what shuffled labels give",
    "counts": "<b>3</b> · samples <b class=p>with the label</b> above, <b class=q>without</b> "
    "below; the line is your cut at {cut_at} standard deviations, dashed the best",
    "gain": "information gain of each cut, in {unit}; yours is <b>{information_gain}</b>, "
    "the best (★) <b class=q>{best_gain}</b> at {best_at} standard deviations",
    "ranking": "<b>4</b> · {ranked}: bars Miller–Madow, <b class=q>●</b> scikit-learn, "
    "grey ticks where chance ends",
}
RANK_HINT = (
    "A CSV file with a header; it stays in this session. Choosing what to predict in it starts its "
    "ranking; the button ranks it too, until you choose a data set. {about}"
)
TABLES = (
    Table(
        "ranking", "Features by what they tell of the target", "ranking",
        {
            "feature": ("feature", None), "kind": ("read as", None), "plug_in": ("plug-in", 4),
            "corrected": ("Miller–Madow", 4), "chance": ("chance up to", 4),
            "sklearn": ("scikit-learn", 4),
        },
        live=True,
    ),
    Table(
        "cells", "The joint table", "cells",
        {
            "x": ("X", None), "y": ("Y", None), "p": ("p(x,y)", 4),
            "product": ("p(x)·p(y)", 4), "term": ("to I(X;Y)", 4),
        },
    ),
    Table(
        "estimates", "The estimates", "estimates",
        {
            "bins": ("bins", 0), "plug_in": ("plug-in", 4), "corrected": ("Miller–Madow", 4),
            "low": ("shuffled from", 4), "high": ("to", 4),
        },
    ),
    Table(
        "gain", "Information gain of each cut", "gain",
        {"cut": ("cut, in standard deviations", 2), "gain": ("gain", 4)},
    ),
)  # fmt: skip
CARDS = (
    Card(
        "With your numbers",
        r"$$I(X;Y)=\sum_{x,y}p(x,y)\,@log@\frac{p(x,y)}{p(x)\,p(y)}=@mutual_information@\;@unit@$$"
        r"$$H(X)-H(X|Y)=@entropy_x@-@entropy_x_given_y@=@mutual_information@$$"
        r"$$H(Y)-H(Y|X)=@entropy_y@-@entropy_y_given_x@=@mutual_information@$$"
        "<p>I is how much one variable tells of the other, the same in both directions: the KL "
        "divergence of the joint table from the table that the margins alone would give. If Y is a "
        "function of X, nothing of Y is left to learn, so I = H(Y), not H(X).</p>",
    ),
    Card(
        "Why an estimate from samples is too high",
        "<p>Pure noise also falls unevenly into bins, and the plug-in estimate takes every "
        "unevenness for information. With more bins there are fewer samples in each, and the "
        "estimate climbs although the truth is <b>{exact}</b> {unit}. Miller and Madow’s "
        "correction adds (rows + columns − cells − 1)/2n nats, counting what is not empty. In a "
        "well-filled table that is negative and takes off the first term of the excess; where "
        "most cells are empty it can be positive, and then the corrected estimate may even "
        "exceed the label’s entropy, {label_entropy}, which no information can. Here: plug-in "
        "<b>{plug_in}</b>, corrected <b>{miller_madow}</b>.</p>"
        "<p class=aside>The grey band is the test that needs no theory: shuffle the labels 39 "
        "times and estimate again. What lies inside from {null_low} to {null_high} at your number "
        "of bins, as 95 per cent of independent data do, shows nothing. The samples are those "
        "of <code>numpy.random.default_rng(42)</code>.</p>",
    ),
    Card(
        "A decision tree asks for bits",
        "<p>A split sends each sample left or right. Its information gain is the mutual "
        "information of “left or right?” and the label; a tree greedily takes the cut with the "
        "most. No cut can gain more than the label’s own entropy, <b>{label_entropy}</b> "
        "{unit} here.</p>",
    ),
    Card(
        "Try this",
        "<ol><li>Make a table in which Y is a function of X but X is not one of Y. Which of the "
        "two is left over?</li><li>Choose “Pure noise” and pull the bins to 1000. How much "
        "does noise seem to know?</li><li>Add noise until the grey band swallows the estimate. "
        "How many samples bring it back?</li><li>Move the cut to the best place, then double "
        "the noise: does the place move, or only the gain?</li></ol>",
    ),
)
