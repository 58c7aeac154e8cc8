"""Labels never lie on each other, on marks, or outside of the window."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.place import Mark, Place, Sheet, arrange

SHEET = Sheet(600, 12)
MARKS = st.builds(
    lambda lane, left, length, label, salience: Mark(lane, left, left + length, label, salience),
    st.integers(0, 1),
    st.floats(-300, 900),
    st.floats(4, 200),
    st.text("abc WM", max_size=60),
    st.floats(0, 1),
)


def extent(mark: Mark, place: Place) -> tuple[float, float]:
    label = SHEET.measure(place.label)
    left = mark.left - label if place.side == "left" else mark.left
    return left, mark.right + label if place.side == "right" else mark.right


@given(st.lists(MARKS, max_size=25))
def test_labels_keep_clear(marks: list[Mark]) -> None:
    places = arrange(marks, [3, 2], SHEET)
    boxes = [(mark.lane, place.row, *extent(mark, place)) for mark, place in zip(marks, places, strict=True)]
    for number, (lane, row, left, right) in enumerate(boxes):
        if places[number].side in ("left", "right"):
            others = [box for n, box in enumerate(boxes) if n != number and box[:2] == (lane, row)]
            assert not [box for box in others if box[2] < right and box[3] > left]


@given(st.lists(MARKS, max_size=25))
def test_labels_stay_within_the_window(marks: list[Mark]) -> None:
    for mark, place in zip(marks, arrange(marks, [3, 2], SHEET), strict=True):
        left, right = extent(mark, place)
        assert place.side != "right" or right <= SHEET.width
        assert place.side != "left" or left >= 0


def test_the_more_salient_label_wins() -> None:
    marks = [Mark(0, 290, 300, "x" * 30, 0.1), Mark(0, 310, 320, "y" * 30, 0.9)]
    places = arrange(marks, [1], SHEET)
    assert [bool(place.side) for place in places] == [True, True]
    assert [place.side for place in places] == ["left", "right"]
    crowded = arrange([Mark(0, 290, 300, "x" * 30, 0.1), Mark(0, 301, 311, "y" * 80, 0.9)], [1], SHEET)
    assert crowded[1].side == "right"
