"""The tasks of every chapter: they are read, can be solved, and are not solved at their start."""

import inspect
import math
import re
from pathlib import Path

import mpmath
import pytest
from mpmath import mpf

import infocore
from app.contract.explorer import UNITS
from app.contract.lessons import Lesson
from app.contract.tasks import (
    is_reached,
    kinds_of,
    read_task,
    start_of,
    tasks_of,
)
from app.contract.texts import Texts
from app.explorers.cross_entropy.explorer import CrossEntropy
from app.explorers.entropy.explorer import Entropy
from app.explorers.kl.explorer import KL
from app.explorers.mode_fit.explorer import ModeFit
from app.page.exported import export_page
from app.page.texts import task_html
from app.registry import EXPLORERS
from tests.solving import every_chapter, every_task, solved


@every_chapter
def test_a_chapter_has_three_to_five_tasks_with_a_right_answer_and_wrong_ones(explorer):
    assert 3 <= len(tasks_of(explorer)) <= 5
    for task in tasks_of(explorer):
        assert task.guess or len({right for _, right, _ in task.answers}) == 2


@every_task
@pytest.mark.parametrize("unit", UNITS)
def test_a_task_is_open_at_its_start_and_done_once_it_is_solved(explorer, task, unit):
    start = start_of(explorer, task, unit)
    assert start["unit"] == unit
    assert not is_reached(explorer, task, start)
    assert is_reached(explorer, task, solved(explorer, task, start))


@every_task
def test_a_task_is_open_in_the_state_in_which_the_task_before_it_was_done(explorer, task):
    # else a page that still waits for the start would take it for done
    tasks = tasks_of(explorer)
    before = tasks[tasks.index(task) - 1]
    assert before is task or not is_reached(
        explorer, task, solved(explorer, before, start_of(explorer, before, "bits"))
    )


@pytest.mark.parametrize("explorer", EXPLORERS, ids=lambda one: one.slug)
def test_no_number_of_a_page_is_called_as_a_parameter_is(explorer):
    assert len(kinds_of(explorer)) == len(explorer.readouts) + len(explorer.parameters())


def test_a_mistake_in_a_chapter_names_its_line_in_the_file():
    wrong = SOURCE.replace("abs(sigma_q - 1.414)", "abs(sigma_z - 1.414)")
    line = next(n for n, row in enumerate(wrong.splitlines(), 1) if "sigma_z" in row)
    mistakes, texts = [], Texts(wrong)
    for name, text in texts.all("Task").items():
        read_task(name, text, texts.line("Task", name), KL, mistakes)
    assert [(one.line, one.field) for one in mistakes] == [(line, "Until")]


HOSTILE = [
    "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "![x](https://evil.example/a.png)",
    "[x]{onclick=alert(1)}", "[x]{style=position:fixed}", "<https://evil.example>",
    "&lt;script&gt;",
    "`<b>`", "**<i>**", '[x]{.p title="<b>"}', "[x]: https://evil.example", "$$\\evil$$",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_a_tasks_text_brings_no_markup_of_its_own(text):
    html = str(task_html(KL.texts, text))
    assert set(re.findall(r"<(\w+)", html)) <= {"b", "em", "code", "span"}
    assert set(re.findall(r" (\w+)=", re.sub(r">[^<]*<", "><", f">{html}<"))) <= {"class"}


def test_a_tasks_text_has_roles_flags_and_slots():
    html = str(task_html(KL.texts, "**a** [P]{.p} {kl_pq} [b]{show=lifted_nats}"))
    assert '<b>a</b> <b class="p">P</b> <span data-slot="kl_pq"></span>' in html
    assert 'data-show="lifted_nats"' in html


def test_what_a_task_lets_one_watch_is_on_the_page():
    tasks = [task for explorer in EXPLORERS for task in tasks_of(explorer) if task.watch]
    assert {"nothing-wasted", "temperature", "below-own-entropy"} <= {task.name for task in tasks}
    page = export_page(Entropy, [Entropy], shared=True)
    assert '<p data-watch="">words ' in page or "<p data-watch>words " in page
    assert all("{" in task.watch for task in tasks)  # a number that moves


def test_a_text_leads_to_another_chapters_state_or_on_a_page_alone_nowhere():
    site = export_page(KL, [KL, CrossEntropy], shared=True)
    link = "cross-entropy.html#p=0.7,0.2,0.1&amp;q=0.8,0.2,0&amp;labels=sun,cloud,rain"
    assert f'<a href="{link}">Cross-entropy, “Ruled out”</a>' in site
    ruled = {**CrossEntropy.defaults(), "p": [0.7, 0.2, 0.1], "q": [0.8, 0.2, 0.0]}
    assert CrossEntropy.compute(**ruled).readouts["kl_pq"] == math.inf
    alone = export_page(KL, [KL, CrossEntropy], shared=False)
    assert "<span>Cross-entropy, “Ruled out”</span>" in alone


def test_a_reply_says_first_whether_the_answer_is_right():
    for explorer, task in ((one, task) for one in EXPLORERS for task in tasks_of(one)):
        rights = [right for _, right, _ in task.answers] or [True, False]
        for right, reply in zip(rights, task.replies, strict=True):
            begins = "Correct" if right else "Not quite"
            assert re.match(rf"{begins}[ ,.:]", reply), (explorer.slug, task.name, reply)


def test_who_has_no_idea_is_told_why_and_not_that_a_guess_was_wrong():
    for explorer in EXPLORERS:
        for task in tasks_of(explorer):
            assert bool(task.unguessed) == bool(task.guess)
            if task.guess:
                rest = task.wrong.removeprefix("Not quite")
                assert task.unguessed == f"Let us see{rest}"
    assert "<p data-reply hidden>Let us see: twice as far" in export_page(KL, [KL], shared=True)


def test_texts_are_short_enough_for_their_place():
    for task in (one for explorer in EXPLORERS for one in tasks_of(explorer)):
        assert len(task.prompt) + len("".join(words for words, _, _ in task.answers)) <= 300
        assert max(len(f"{reply} {task.build}") for reply in task.replies) <= 260
        assert len(task.why) <= 260, task.name


SOURCE = Path(inspect.getfile(KL)).with_name("texts.md").read_text(encoding="utf-8")
WITHOUT = re.sub(r"^## Task:.*?(?=^## (?!Task))", "", SOURCE, flags=re.DOTALL | re.MULTILINE)


class Without(KL):
    """The chapter without its tasks."""

    texts = Texts(WITHOUT)


def test_a_page_without_tasks_brings_neither_their_place_nor_their_program():
    lesson = Lesson("a", "kl", "A", tasks=list(tasks_of(KL)))
    for explorer, lessons, brings in (
        (Without, [], False), (KL, [], True), (Without, [lesson], True),
        (Without, [Lesson("b", "entropy")], False),
    ):  # fmt: skip
        page = export_page(explorer, [explorer], shared=False, lessons=lessons)
        brought = [text in page for text in ("data-tasks ", "Done earlier:", "<template")]
        assert brought == [brings, brings, brings]


# What the tasks say, from mpmath at 50 digits, which is told infocore's numbers, too.


def bits_of(*p):
    with mpmath.workdps(50):
        return float(-sum(mpf(one) * mpmath.log(mpf(one), 2) for one in p if mpf(one)))


def why(explorer, name):
    return next(one for one in tasks_of(explorer) if one.name == name).why


def test_equal_probabilities_have_the_most_and_a_move_to_a_rarer_outcome_adds():
    replies = " ".join(tasks_of(Entropy)[0].replies)
    assert f"{bits_of('0.5', '0.25', '0.125', '0.125')} bits" in replies
    with mpmath.workdps(50):
        for p in (mpf("0.3"), mpf("0.6"), mpf("0.9")):  # of two, p the likelier; else it falls
            slope = mpmath.diff(lambda t: -t * mpmath.log(t, 2), p)
            back = mpmath.diff(lambda t: -t * mpmath.log(t, 2), 1 - p)
            assert (back > slope) == (p > 1 - p)
    assert infocore.entropy([0.25] * 4) == 2
    assert max(map(infocore.entropy, ([0.7, 0.1, 0.1, 0.1], [0.26, 0.25, 0.25, 0.24]))) < 2


def test_half_and_nine_is_as_uncertain_as_a_die():
    with mpmath.workdps(50):
        exact = mpf(1) / 2 + mpmath.log(18, 2) / 2
        assert mpmath.almosteq(exact, mpmath.log(6, 2))
        assert f"{float(exact):.3f} bits" in why(Entropy, "half-and-nine")
    assert infocore.entropy([0.5, *[1 / 18] * 9]) == pytest.approx(float(exact), rel=1e-14)


def test_the_largest_area_is_at_one_over_e():
    with mpmath.workdps(50):
        top = 1 / mpmath.e
        assert abs(mpmath.diff(lambda p: -p * mpmath.log(p), top)) < mpf(10) ** -20
        area = float(-top * mpmath.log(top, 2))
    assert f"{area:.3f}" in why(Entropy, "largest-area")
    assert float(top) * infocore.information_content(float(top)) == pytest.approx(area, rel=1e-14)


def test_halving_the_temperature_squares_the_probabilities():
    with mpmath.workdps(50):
        cold = mpf("0.81") / mpf("0.82")
    before, after = bits_of("0.9", "0.1"), bits_of(cold, 1 - cold)
    assert f"from {before:.3f} to {after:.3f} bits" in why(Entropy, "temperature")
    state = {**Entropy.defaults(), "p": [0.9, 0.1], "labels": ["a", "b"], "temperature": 0.5}
    assert Entropy.compute(**state).readouts["entropy"] == pytest.approx(after, rel=1e-13)
    assert f"{float(cold):.3f}" == "0.988"


def test_a_word_of_huffmans_may_be_longer_than_shannons():
    p = [0.36, 0.29, 0.26, 0.09]
    assert "0.36, 0.29, 0.26 and 0.09" in Entropy.texts("Card", "Shannon’s promise")
    assert len(infocore.huffman_code(p)[2]) == 3
    assert infocore.shannon_code_lengths(p)[2] == 2


def test_huffmans_words_are_as_long_as_surprises_that_are_whole_and_else_longer_on_average():
    assert "1, 2, 3 and 3 bits" in why(Entropy, "nothing-wasted")
    assert [len(word) for word in infocore.huffman_code([0.5, 0.25, 0.125, 0.125])] == [1, 2, 3, 3]
    assert infocore.expected_length([0.5, 0.25, 0.125, 0.125], [1, 2, 3, 3]) == bits_of(
        "0.5", "0.25", "0.125", "0.125"
    )


def test_to_be_too_sure_costs_more_than_to_know_nothing():
    p = [0.7, 0.2, 0.1]
    with mpmath.workdps(50):
        weights = zip(
            map(mpf, ("0.7", "0.2", "0.1")), map(mpf, ("0.98", "0.01", "0.01")), strict=True
        )
        sure = float(-sum(one * mpmath.log(other, 2) for one, other in weights))
        nothing = float(mpmath.log(3, 2))
    assert infocore.cross_entropy(p, [0.98, 0.01, 0.01]) == pytest.approx(sure, rel=1e-14)
    assert infocore.cross_entropy(p, [1 / 3] * 3) == pytest.approx(nothing, rel=1e-14)
    assert sure > nothing
    assert f"{nothing:.3f}" in why(CrossEntropy, "same-cost")
    least_sure = [0.97, 0.015, 0.015]  # where the task is done
    assert infocore.cross_entropy(p, least_sure) > nothing


def test_the_loss_may_be_below_the_models_own_entropy():
    p, q = [0.9, 0.05, 0.05], [0.6, 0.2, 0.2]  # 0.895 < 1.371, by hand
    assert round(infocore.cross_entropy(p, q), 3) == 0.895
    assert round(infocore.entropy(q), 3) == 1.371


def test_a_smoothed_label_has_an_entropy():
    with mpmath.workdps(50):
        p = [1 - mpf(2) / 30, mpf(1) / 30, mpf(1) / 30]  # 0.9 of (1, 0, 0) and 0.1 of (⅓, ⅓, ⅓)
        nats = float(-sum(one * mpmath.log(one) for one in p))
    told = why(CrossEntropy, "smoothed-label")
    assert f"{nats:.4f} nats" in told
    assert f"{nats / math.log(2):.2f} bits" in told
    assert infocore.entropy([float(one) for one in p], base=math.e) == pytest.approx(nats)


def test_twice_as_far_costs_four_times_as_much():
    near, far = (
        infocore.gaussian_kl(infocore.Gaussian(0, 1), infocore.Gaussian(d, 1), base=math.e)
        for d in (1, 2)
    )
    assert (near, far) == (0.5, 2.0)  # half the squared distance
    assert tasks_of(KL)[0].guess[0] == far


def test_the_best_width_is_root_two_and_one_the_other_way():
    with mpmath.workdps(50):
        cost = lambda s: mpmath.log(s) + 2 / (2 * s**2) - mpf(1) / 2  # noqa: E731
        back = lambda s: -mpmath.log(s) + (s**2 + 1) / 2 - mpf(1) / 2  # noqa: E731
        assert abs(mpmath.diff(cost, mpmath.sqrt(2))) < mpf(10) ** -20
        assert abs(mpmath.diff(back, 1)) < mpf(10) ** -20
        least = float(cost(mpmath.sqrt(2)))
    assert f"{least:.3f} nats" in why(KL, "best-width")
    p, q = infocore.Gaussian(0, 1), infocore.Gaussian(1, math.sqrt(2))
    assert infocore.gaussian_kl(p, q, base=math.e) == pytest.approx(least, rel=1e-14)


def test_there_is_no_triangle_inequality():
    first, second, third = (infocore.Gaussian(mean, 2) for mean in (0, 2, 4))
    halves = [infocore.gaussian_kl(first, second, base=math.e),
              infocore.gaussian_kl(second, third, base=math.e)]  # fmt: skip
    assert halves == [0.5, 0.5]
    assert infocore.gaussian_kl(first, third, base=math.e) == 2.0


def test_k3_is_the_non_negative_integrand():
    # Schulman (2020): k3 = r − 1 − ln r with r = q/p, averaged under p
    with mpmath.workdps(50):
        p, q = mpf("0.5"), mpf("0.4")
        r = q / p
        k3, integrand = p * (r - 1 - mpmath.log(r)), p * mpmath.log(p / q) - p + q
        assert mpmath.almosteq(k3, integrand)


def mixture(d, weight=0.5):
    parts = [infocore.Gaussian(-d, 1), infocore.Gaussian(d, 1)]
    return infocore.Mixture([weight, 1 - weight], parts)


def test_close_modes_are_covered_and_it_is_the_only_optimum():
    (fit,) = infocore.fit_reverse_kl(mixture(2), base=math.e)
    assert round(fit.gaussian.mu, 6) == 0
    assert f"width {fit.gaussian.sigma:.2f}" in why(ModeFit, "close-modes")
    assert f"{fit.divergence:.4f} nats" in why(ModeFit, "close-modes")


def test_the_forward_fit_has_the_moments_of_p():
    fit = infocore.fit_forward_kl(mixture(3), base=math.e)
    assert (fit.gaussian.mu, fit.gaussian.sigma) == pytest.approx((0, math.sqrt(10)))
    assert f"{math.sqrt(10):.2f}" in why(ModeFit, "forward-fit")


def test_covering_and_seeking_tie_at_280_and_seeking_begins_at_241():
    best = {d: infocore.fit_reverse_kl(mixture(d), base=math.e) for d in (2.39, 2.43, 2.79, 2.81)}
    assert len(best[2.39]) == 1
    assert len(best[2.43]) == 3
    assert abs(best[2.79][0].gaussian.mu) < 1e-6
    assert abs(best[2.81][0].gaussian.mu) > 2


def test_leaving_a_mode_out_costs_the_log_of_the_share_kept():
    with mpmath.workdps(50):
        exact = float(-mpmath.log(mpf("0.9")))
    task = tasks_of(ModeFit)[3]
    assert abs(task.guess[0] - exact) < 0.001
    assert f"{exact:.3f} nats" in task.why
    cost = infocore.reverse_kl(mixture(4, 0.9), -4, 1, base=math.e)
    assert float(cost) == pytest.approx(exact, abs=1e-3)
