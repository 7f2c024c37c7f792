"""What a session makes of requests that arrive late, twice or not at all."""

import numpy as np
import pytest

from app import KL
from app.contract.parameters import MOST_EARLIER
from app.session.session import Session, changed_columns


def test_a_request_that_did_not_arrive_is_made_good_by_the_next():
    session = Session(KL())
    lost = {"seq": 1, "changes": [["mu_p", 1.25], ["swap", None]]}
    session.receive({"seq": 2, "changes": [["sigma_p", 3.0]], "earlier": [lost]})
    before = KL.defaults()
    assert session.frame["state"] == {**before, "mu_p": before["mu_q"], "sigma_p": 3.0,
                                      "mu_q": 1.25, "sigma_q": before["sigma_p"]}  # fmt: skip


def test_a_request_that_did_arrive_is_not_taken_twice():
    session = Session(KL())
    arrived = {"seq": 1, "changes": [["swap", None]]}
    session.receive(arrived)
    swapped = dict(session.frame["state"])
    session.receive({"seq": 2, "changes": [], "earlier": [arrived]})
    assert session.frame["state"] == swapped
    assert session.frame["seq"] == 2


@pytest.mark.parametrize("earlier", [5, "x", [5, None, "a"], [[]], {"seq": 1}, [{"seq": "9"}]])
def test_an_untrusted_list_of_earlier_requests_does_no_harm(earlier):
    session = Session(KL())
    session.receive({"seq": 3, "changes": [["mu_p", 1.0]], "earlier": earlier})
    assert session.frame["state"] == {**KL.defaults(), "mu_p": 1.0}


def counting_session(monkeypatch):
    """Return a session, and the states that are computed from now on."""
    session, computed, compute = Session(KL()), [], KL.compute
    monkeypatch.setattr(
        KL, "compute", staticmethod(lambda **state: computed.append(state) or compute(**state))
    )
    return session, computed


def test_requests_that_did_not_arrive_are_computed_together(monkeypatch):
    session, computed = counting_session(monkeypatch)
    earlier = [{"seq": n, "changes": [["mu_p", n / 10]]} for n in range(1, 9)]
    session.receive({"seq": 9, "changes": [["mu_q", 2.0]], "earlier": earlier})
    assert len(computed) == 1
    assert session.frame["state"] == {**KL.defaults(), "mu_p": 0.8, "mu_q": 2.0}
    assert session.frame["seq"] == 9


def test_no_more_earlier_requests_are_taken_than_a_page_leaves_open(monkeypatch):
    session, computed = counting_session(monkeypatch)
    earlier = [{"seq": n, "changes": [["mu_p", n / 100]]} for n in range(1, 65)]
    session.receive({"seq": 65, "changes": [], "earlier": earlier})
    assert len(computed) == 1
    assert session.frame["state"]["mu_p"] == MOST_EARLIER / 100


def test_each_earlier_request_keeps_what_it_names_as_fixed():
    session = Session(KL())
    earlier = [{"seq": 1, "changes": [["mu_p", 2.0], ["mu_q", 3.0]], "fixed": ["mu_p"]}]
    session.receive({"seq": 2, "changes": [["sigma_p", 2.0]], "earlier": earlier})
    assert session.frame["state"] == {**KL.defaults(), "mu_q": 3.0, "sigma_p": 2.0}
    assert [message["code"] for message in session.frame["messages"]] == ["fixed"]


def test_columns_travel_where_they_are_others_than_before():
    before = {"bars": {"x": np.array([1.0, np.nan]), "name": ["a", "b"], "image": [np.zeros(2)]}}
    same = {"x": np.array([1.0, np.nan]), "name": ["a", "b"], "image": before["bars"]["image"]}
    assert changed_columns(before, {"bars": same}) == {}
    moved = {"x": np.array([1.0, 2.0]), "name": ["a", "c"], "image": [np.zeros(2)]}
    for name, column in moved.items():
        changed = changed_columns(before, {"bars": {**same, name: column}})
        assert list(changed["bars"]) == [name]
