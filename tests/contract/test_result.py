"""What a chapter's ``compute`` returns is checked where it is made, by name."""

import math

import pytest

from app.contract.result import Result

FINE = {"tables": {"curve": {"x": [0, 1], "y": [2, 3]}}, "readouts": {"h": 1.0}}


@pytest.mark.parametrize(
    ("part", "error", "said"),
    [
        ({"tables": {"curve": {"x": [0, 1], "y": [2]}}}, ValueError, r"curve have \[1, 2\]"),
        ({"readouts": {"h": "1.0"}}, TypeError, "the readout h is no float: '1.0'"),
        ({"readouts": {"h": 1}}, TypeError, "the readout h is no float: 1"),
        ({"ranges": {"up": (0.0, math.inf)}}, ValueError, "the range up goes from 0.0 to inf"),
        ({"ranges": {"up": (1.0, 1.0)}}, ValueError, "the range up goes from 1.0 to 1.0"),
        ({"ranges": {"up": (math.nan, 1.0)}}, ValueError, "the range up goes from nan"),
        ({"flags": {"lifted": 1}}, TypeError, "the flag lifted is neither True nor False: 1"),
    ],
)
def test_what_no_page_can_paint_is_refused_by_name_and_value(part, error, said):
    with pytest.raises(error, match=said):
        Result(**{**FINE, **part})


def test_a_result_is_built_by_keyword_and_infinite_numbers_are_fine():
    assert Result(**{**FINE, "readouts": {"h": math.inf}}).readouts["h"] == math.inf
    with pytest.raises(TypeError):
        Result(FINE["tables"], FINE["readouts"])
