"""A task's start, and parameters that are fixed: both languages do and refuse the same."""

import json
import subprocess
from pathlib import Path

import pytest

from app.contract.parameters import fixed_of
from app.explorers.cross_entropy.explorer import CrossEntropy
from app.explorers.entropy.explorer import Entropy
from app.explorers.kl.explorer import KL
from app.explorers.mode_fit.explorer import ModeFit
from app.session.session import Session

ROOT = Path(__file__).parents[2]
CASES = [
    (KL, ["mu_p"], [["mu_p", 2], ["mu_q", 2], ["swap", None], ["reset", None]]),
    (KL, [], [["task-start", [["mu_p", "2"], ["unit", "bits"]]], ["task-start", []]]),
    (KL, ["mu_p", "unit"], [["task-start", [["mu_p", "2"], ["unit", "bits"]]], ["unit", "nats"]]),
    (KL, [], [["task-start", [["mu_p", "99"]]], ["task-start", [["no", 1]]], ["task-start", "mu_p"],
              ["task-start", None]]),
    (KL, [], [["task-start", [["mu_p"], 1, ["task-start", [["mu_p", 1]]], ["mu_q", "3"]]]]),
    (Entropy, ["p"], [["reset", None], ["add", None], ["remove:1", None], ["rename:0", "x"],
                      ["p:0", 0.5], ["p", "1,1"], ["labels", "a,b,c,d"], ["uniform", None]]),
    (Entropy, [], [["task-start", [["p", "9,1,1"], ["labels", "a,b,c"]]], ["p:0", 0.5]]),
    (CrossEntropy, ["q"], [["p:0", 0.2], ["remove:0", None], ["swap", None], ["reset", None],
                           ["p", "1,1"], ["p", "1,2,1"], ["train", None]]),
    (ModeFit, [], [["optima", "shown"], ["task-start", [["mu", "1"]]],
                   ["task-start", [["optima", "hidden"]]], ["optima", "shown"], ["reset", None]]),
    (CrossEntropy, ["labels"], [["add", None], ["rename:0", "x"], ["q", "1,1,1"]]),
]  # fmt: skip


@pytest.mark.parametrize(("explorer", "fixed", "changes"), CASES)
def test_what_is_fixed_stays_in_both_languages(explorer, fixed, changes):
    code = f"""
    import {{ readFileSync }} from 'node:fs';
    import {{ applyChanges }} from './static/contract/parameters.js';
    import * as twin from './app/explorers/{explorer.slug.replace("-", "_")}/model.js';
    const {{ spec, start, changes, fixed }} = JSON.parse(readFileSync(0, 'utf8'));
    let state = start;
    console.log(JSON.stringify(changes.map((change) => {{
      const step = applyChanges(twin, spec, state, [change], fixed);
      state = step.state;
      return step;
    }})));
    """
    asked = {"spec": explorer.spec(), "start": explorer.defaults(),
             "changes": changes, "fixed": fixed}  # fmt: skip
    answer = subprocess.run(
        ["node", "--input-type=module", "-e", code], cwd=ROOT, check=False,
        input=json.dumps(asked), capture_output=True, text=True,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    state, before = explorer.defaults(), explorer.defaults()
    for (key, raw), step in zip(changes, json.loads(answer.stdout), strict=True):
        state, messages = explorer.apply(state, [(key, raw)], fixed)
        assert messages == step["messages"], (key, raw)
        for name, value in step["state"].items():
            numbers = isinstance(value, list) and all(isinstance(one, float | int) for one in value)
            assert state[name] == (pytest.approx(value) if numbers else value), (key, name)
        if key != "task-start":
            assert [state[name] for name in fixed] == [before[name] for name in fixed]
        before = state
        explorer.compute(**state)  # lists that do not fit each other would fail here


def test_a_session_keeps_what_its_page_fixes():
    session = Session(KL())
    session.receive({"seq": 1, "changes": [["mu_p", 2], ["mu_q", 2]], "fixed": ["mu_p"]})
    assert (session.explorer.mu_p, session.explorer.mu_q) == (-0.5, 2)
    (message,) = session.frame["messages"]
    assert KL.phrase(message) == "mean μ of P is fixed here, so it stays as it is."
    session.receive({"seq": 2, "changes": [["task-start", [["mu_p", "2"]]]], "fixed": ["mu_p"]})
    assert (session.explorer.mu_p, session.explorer.mu_q) == (2, 1)


@pytest.mark.parametrize(
    "fixed", [None, 5, "mu_p", {"mu_p": 1}, [1, None, ["mu_p"]], ["x"] * 10**5]
)
def test_what_a_page_says_is_fixed_is_not_trusted(fixed):
    assert all(isinstance(name, str) for name in fixed_of({"fixed": fixed}))
    assert len(fixed_of({"fixed": fixed})) <= 64
    session = Session(KL())
    session.receive({"seq": 1, "changes": [["mu_p", 2]], "fixed": fixed})
    assert session.explorer.mu_p == 2
