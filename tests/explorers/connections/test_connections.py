"""The table that unites the losses: rows that open what they name, and the story's order."""

import itertools
import math
import re

import mpmath
import numpy as np
import pytest
from scipy import stats

from app.contract.links import in_order, state_link
from app.explorers.connections.chapter import Connections
from app.hosting.places import hosted_link
from app.page.exported import file_link
from app.page.site import export_site
from app.page.template import plain_page
from app.registry import CHAPTERS, EXPLORERS
from infocore import binary_cross_entropy, entropy, kl_divergence, mutual_information

PRESENT = {one.slug: one for one in EXPLORERS}
ROWS = {row.name: row for row in Connections.rows}
PAGES = [
    (row, slug, state)
    for row in Connections.rows
    for slug, state in row.pages.items()
    if slug in PRESENT
]


def panel_link(slug):
    return f"?explorer={slug}" if slug else "?"


@pytest.mark.parametrize(("row", "slug", "state"), PAGES, ids=lambda one: str(one)[:12])
def test_a_row_leads_to_a_page_in_a_state_that_it_takes_as_it_is(row, slug, state):
    asked = [(key, str(value)) for key, value in state.items()]
    explorer = PRESENT[slug]
    reached, messages = explorer.apply(explorer.defaults(), in_order(explorer, asked))
    assert messages == []
    assert not state or reached != explorer.defaults()


@pytest.mark.parametrize(
    ("link", "address"),
    [(hosted_link, "kl?mu_p=0&unit=nats"), (panel_link, "?explorer=kl&mu_p=0&unit=nats"),
     (file_link, "kl.html#mu_p=0&unit=nats")],
)  # fmt: skip
def test_a_state_stands_in_the_address_as_each_way_of_running_writes_it(link, address):
    assert state_link(link, "kl", {"mu_p": 0, "unit": "nats"}) == address
    assert state_link(link, "kl", {}) == link("kl")


def parts_of(page):
    """Return what stands on the page in each row, by the row's name."""
    return dict(re.findall(r'<details id="([\w-]+)" data-row=.*?>(.*?)</details>', page, re.S))


@pytest.mark.parametrize("link", [hosted_link, panel_link, file_link])
def test_a_row_links_the_first_of_its_pages_that_is_there(link):
    parts = parts_of(plain_page(Connections, CHAPTERS, link))
    assert list(parts) == [name for group in Connections.groups
                           for name, row in ROWS.items() if row.group == group]  # fmt: skip
    for name, row in ROWS.items():
        targets = re.findall(r'<a href="((?!https:)[^"]*)">', parts[name])
        wanted = [state_link(link, *one) for one in row.pages.items() if one[0] in PRESENT][:1]
        assert [one.replace("&amp;", "&") for one in targets] == wanted


def test_a_row_has_the_colour_of_what_it_is_averaged_under():
    page = plain_page(Connections, CHAPTERS, file_link)
    for name, row in ROWS.items():
        direction = f'<span class="{row.role}">{row.direction}</span>'
        assert direction in parts_of(page)[name].replace("&#39;", "'")
        assert (row.role == "q") == row.direction.startswith("reverse")
    for group, role in Connections.groups.items():
        assert f'<h2 class="{role}">{Connections.texts("Hint", group)}</h2>' in page


def test_mutual_information_has_the_colour_here_that_it_has_on_its_own_page():
    (number, *_) = PRESENT["mutual-information"].readouts
    assert number.role == Connections.groups["pairs"]


def test_the_gallery_shows_every_chapter_in_reading_order_with_its_question():
    gallery = plain_page(None, CHAPTERS, file_link)
    cards = re.findall(
        r'<a class="card" href="([^"]*)">\s*<svg.*?<strong>(.*?)</strong>', gallery, re.S
    )
    assert cards == [(f"{one.slug}.html", one.question) for one in CHAPTERS]
    assert CHAPTERS[-1] is Connections


def test_each_page_leads_to_the_next_and_back(tmp_path):
    export_site(CHAPTERS, tmp_path)
    slugs = [one.slug for one in CHAPTERS]
    for before, here, after in zip([None, *slugs[:-1]], slugs, [*slugs[1:], None], strict=True):
        page = (tmp_path / f"{here}.html").read_text("utf-8")
        story = page.partition('<nav class="story"')[2].partition("</nav>")[0]
        links = re.findall(r'<a href="(\S+)\.html" rel="(\w+)">', story)
        told = [(before, "prev"), (after, "next")]
        assert links == [(name, rel) for name, rel in told if name]


# What the page says


def mistake(name):
    return Connections.texts("Mistake", name)


def why(name):
    return Connections.texts("Why", name)


def seen(name, slug):
    """Return the numbers of the explorer that a row leads to."""
    explorer = PRESENT[slug]
    asked = in_order(explorer, [(k, str(v)) for k, v in ROWS[name].pages[slug].items()])
    return explorer.compute(**explorer.apply(explorer.defaults(), asked)[0]).readouts


def test_the_question_says_nearly():
    assert Connections.question == "Why is nearly every loss a surprise?"
    assert "Nearly every loss is a surprise." in plain_page(None, CHAPTERS, file_link)


def test_the_average_surprise_is_the_entropy_and_a_divergence():
    p, q = [0.5, 0.3, 0.2], [0.2, 0.2, 0.6]
    with mpmath.workdps(50):
        surprise = sum(a * -mpmath.log(mpmath.mpf(b), 2) for a, b in zip(p, q, strict=True))
    parts = entropy(p) + kl_divergence(p, q)
    assert parts == pytest.approx(float(surprise), rel=1e-14)
    remark = Connections.texts("Remark")
    assert "E_p[−log q] = H(p) + D(p‖q)" in remark
    page = plain_page(Connections, CHAPTERS, file_link)
    assert page.index("The average surprise is") < page.index("Averaged under the data")


def test_a_squared_error_is_the_surprise_of_a_normal_and_so_is_weight_decay():
    y, width = np.array([-1.0, 0.2, 2.5]), 0.7
    surprise = -stats.norm.logpdf(y, loc=0.4, scale=width)
    rest = surprise - (y - 0.4) ** 2 / (2 * width**2)
    assert rest == pytest.approx(np.full(3, rest[0]), rel=1e-14)
    assert "(y − ŷ)²/2σ² and a constant" in Connections.texts("Card", "Squared errors")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("kl", "grpo dpo rlhf distillation autoencoder"),
        ("mutual information", "contrastive tree bottleneck"),
        ("entropy", "compression classification tree"),
        ("likelihood", "classification compression dpo autoencoder"),
        ("mse", "diffusion autoencoder"), ("regression", "diffusion"), ("clip", "grpo contrastive"),
    ],
)  # fmt: skip
def test_what_a_student_types_finds_its_rows(words, found):
    page = parts_of_words(plain_page(Connections, CHAPTERS, file_link))
    for name in found.split():
        assert words in page[name].lower(), name


def parts_of_words(page):
    """Return the words that find a row beside what it shows, by the row's name."""
    return dict(re.findall(r'data-row="([\w-]+)" data-words="([^"]*)"', page))


def test_a_row_says_what_its_numbers_are_in():
    parts = parts_of(plain_page(Connections, CHAPTERS, file_link))
    for name, row in ROWS.items():
        assert (f"; numbers in {row.unit}" in parts[name]) == bool(row.unit)
    assert ROWS["dpo"].unit == "nats"
    assert ROWS["tree"].unit == "bits"
    assert ROWS["scaling"].unit == "bits and nats"
    assert ROWS["speculative"].unit == ""


def test_the_loss_of_rlhf_is_a_divergence_from_its_optimum_and_a_constant():
    reference, reward, policy, beta = [0.5, 0.3, 0.2], [0.1, 1.0, -2.0], [0.2, 0.7, 0.1], 0.7
    with mpmath.workdps(50):
        tilted = [q * mpmath.exp(r / mpmath.mpf(beta)) for q, r in zip(reference, reward,
                                                                       strict=True)]  # fmt: skip
        z = sum(tilted)
        best = [float(one / z) for one in tilted]
    loss = beta * kl_divergence(policy, reference, base=math.e) - np.dot(policy, reward)
    constant = -beta * float(mpmath.log(z))
    apart = beta * kl_divergence(policy, best, base=math.e)
    assert loss == pytest.approx(apart + constant, rel=1e-12)
    assert "π* = π_ref·e^(r/β)/Z" in ROWS["rlhf"].measure


def test_a_share_of_the_reference_costs_minus_its_logarithm_and_what_it_never_says_infinity():
    reference = np.array([0.5, 0.3, 0.15, 0.05, 0.0])
    for kept in (1, 2, 3):
        share = reference[:kept].sum()
        policy = np.where(np.arange(5) < kept, reference, 0) / share
        found = kl_divergence(policy, reference, base=math.e)
        assert found == pytest.approx(-math.log(share), rel=1e-14)
    assert kl_divergence([0.5, 0.3, 0.15, 0.0, 0.05], reference) == math.inf
    assert "Only what the reference never says costs ∞" in mistake("rlhf")
    assert seen("rlhf", "mode-fit")["reverse_kl"] == pytest.approx(math.log(2), abs=0.005)


def test_dpo_is_the_cross_entropy_of_a_pair_and_starts_at_ln_2():
    beta, chosen, rejected = 0.1, 1.3, -0.4  # log π/π_ref of each
    with mpmath.workdps(50):
        margin = mpmath.mpf(beta) * (mpmath.mpf(chosen) - mpmath.mpf(rejected))
        loss = float(mpmath.log1p(mpmath.exp(-margin)))
    found = binary_cross_entropy(1, beta * (chosen - rejected), from_logits=True)
    assert found == pytest.approx(loss, rel=1e-15)
    assert binary_cross_entropy(1, 0.0, from_logits=True) == pytest.approx(math.log(2), rel=1e-15)
    assert seen("dpo", "cross-entropy")["bce"] == pytest.approx(math.log(2), rel=1e-15)
    assert f"ln 2 = {math.log(2):.3f} nats" in why("dpo")


def test_where_preferences_follow_the_reward_dpo_has_the_optimum_of_rlhf():
    reference, reward, beta = np.array([0.5, 0.3, 0.2]), np.array([0.1, 1.0, -2.0]), 0.7
    best = reference * np.exp(reward / beta) / (reference @ np.exp(reward / beta))
    for one, other in itertools.combinations(range(3), 2):
        margin = beta * (np.log(best / reference)[one] - np.log(best / reference)[other])
        # Bradley and Terry: one is preferred with the probability σ(r₁ − r₂)
        assert margin == pytest.approx(reward[one] - reward[other], rel=1e-12)


def test_the_expected_loss_of_infonce_is_bounded_and_that_of_one_batch_is_not():
    joint, n = np.array([[0.45, 0.05], [0.05, 0.45]]), 2
    ratio = joint / np.outer(joint.sum(1), joint.sum(0))  # the best score, exponentiated
    mean, least = 0.0, math.inf
    for x, right, wrong in itertools.product(range(2), repeat=3):
        loss = -math.log(ratio[x, right] / (ratio[x, right] + ratio[x, wrong]))
        mean += joint[x, right] * joint.sum(0)[wrong] * loss
        least = min(least, loss)
    shared = mutual_information(joint, base=math.e)
    assert math.log(n) - mean < min(shared, math.log(n))
    assert shared < math.log(n) - least < math.log(n)
    assert "minus its *expected* loss cannot exceed" in why("contrastive")
    assert "on a single batch it can" in why("contrastive")


def test_equal_widths_make_a_squared_error_a_divergence_either_way():
    told = seen("diffusion", "kl")
    assert told["kl_pq"] == told["kl_qp"] == pytest.approx(1.2**2 / 2, rel=1e-14)
    assert "(μ − μ′)²/2σ² nats" in why("diffusion")


def test_the_weights_of_a_diffusion_stand_on_the_squared_errors_and_are_1_in_the_usual_loss():
    compute, steps = ROWS["diffusion"].miniature.compute, 100
    beta = [0.1 / steps + (20 - 0.1) / steps * t / (steps - 1) for t in range(steps)]
    with mpmath.workdps(50):  # Ho et al. 2020, equation 12, at the steps from the second on
        kept, weights = mpmath.mpf(1) - beta[0], []
        for one in map(mpmath.mpf, beta[1:]):
            before, kept = kept, kept * (1 - one)
            variance = one * (1 - before) / (1 - kept)
            weights.append(float(one**2 / (2 * variance * (1 - one) * (1 - kept))))
    told = compute(early=1, late=1, steps=steps)
    assert told.tables["steps"]["nats"] == pytest.approx(weights, rel=1e-10)
    assert told.readouts["diffusion_simple"] == 1  # every weight is 1, and it is their mean
    assert weights[0] > weights[-1]
    assert "KL_t = w_t·‖ε − ε_θ‖²" in ROWS["diffusion"].measure
    assert "the usual loss sets every w_t to 1" in why("diffusion")
    assert "counts errors at the first, nearly clean steps for less" in mistake("diffusion")
