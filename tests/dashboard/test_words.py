"""Dates in words, one row a case."""

import pytest

from dashboard.words import say


@pytest.mark.parametrize(
    ("edtf", "long", "short"),
    [
        ("1949-10-01", "1 October 1949", "1 Oct 1949"),
        ("1969-03", "March 1969", "Mar 1969"),
        ("1949", "1949", "1949"),
        ("195X", "the 1950s", "the 1950s"),
        ("18XX", "the 19th century", "the 19th century"),
        ("-01XX", "the 2nd century BC", "the 2nd century BC"),
        ("-004X", "50 to 41 BC", "50–41 BC"),
        ("2014-24", "winter 2014", "winter 2014"),
        ("2021-35", "third quarter of 2021", "Q3 2021"),
        ("2021-41", "second half of 2021", "second half of 2021"),
        ("1916~", "about 1916", "c. 1916"),
        ("1916?", "1916 (uncertain)", "1916 (?)"),
        ("2014/..", "since 2014", "since 2014"),
        ("../1916", "until 1916", "until 1916"),
        ("1967~/1969~", "between 1967 and 1969 (approximately)", "c. 1967–1969"),
        ("2013/2016", "2013 to 2016", "2013–2016"),
        ("1969-03-02/1969-03-17", "2 to 17 March 1969", "2–17 Mar 1969"),
        ("1968-12-30/1969-01-05", "week of 30 December 1968", "week of 30 Dec 1968"),
        ("-0043-03-15", "15 March 44 BC", "15 Mar 44 BC"),
        ("0000", "1 BC", "1 BC"),
        ("Y12000", "12000", "12000"),
        ("[2001-07-15,2001-07-16]", "15 or 16 July 2001 (sources disagree)", "15 or 16 Jul 2001 (?)"),
        ("[2001-07-31,2001-08-01]", "31 July or 1 August 2001 (sources disagree)", "31 Jul or 1 Aug 2001 (?)"),
        ("[2001-07,2001-08-01]", "July or 1 August 2001 (sources disagree)", "Jul or 1 Aug 2001 (?)"),
        ("[1949,1950]", "1949 or 1950 (sources disagree)", "1949 or 1950 (?)"),
        ("[-0043,-0042]", "44 or 43 BC (sources disagree)", "44 or 43 BC (?)"),
        ("not a date", "not a date", "not a date"),
    ],
)
def test_a_date_is_said_as_a_person_would(edtf: str, long: str, short: str) -> None:
    assert (say(edtf), say(edtf, short=True)) == (long, short)
