"""What a date dates: which happening of a sentence, under which title, and whether it is an event at all."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_find import LEXICON, read

from timeline.title import TITLE_LENGTH

Row = tuple[str, str, str]  # date, title, kind


def told(text: str, on: str = "") -> list[Row]:
    return [(mention.date, mention.title, mention.kind) for mention in read(text, on)]


def events(*rows: tuple[str, str]) -> list[Row]:
    return [(date, title, "event") for date, title in rows]


# ------------------------------------------------------------------------------------------ clauses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one event
        ("In 1903 the council closed the ferry.", [("1903", "The council closed the ferry")]),
        ("The council closed the ferry in 1903.", [("1903", "The council closed the ferry")]),
        ("On 9 May 1951, after 14 weeks, the strike ended.", [("1951-05-09", "The strike ended")]),
        (
            "The medical school opened its doors on 1 October 1911 with 40 students.",
            [("1911-10-01", "The medical school opened its doors with 40 students")],
        ),
        ("In 1931, aged 24, she joined the academy.", [("1931", "She joined the academy")]),
        # several, one behind the other
        (
            "The dam closed in 2003, broke in 2011 and was rebuilt by 2015.",
            [("2003", "The dam closed"), ("2011", "The dam broke"), ("2015", "The dam was rebuilt")],
        ),
        (
            "Output fell in 1974, rose again in 1976 and reached a record of 12,000 tonnes in 1979.",
            [
                ("1974", "Output fell"),
                ("1976", "Output rose again"),
                ("1979", "Output reached a record of 12,000 tonnes"),
            ],
        ),
        (
            "On 8 March 1910 the claimant delivered the goods and on 12 March 1910 the defendant refused to pay.",
            [("1910-03-08", "The claimant delivered the goods"), ("1910-03-12", "The defendant refused to pay")],
        ),
        (
            "Construction of the canal started in March 1887 and was completed in June 1895.",
            [
                ("1887-03", "Construction of the canal started"),
                ("1895-06", "Construction of the canal was completed"),
            ],
        ),
        (
            "Heavy rain fell between 28 and 31 July 1897, and the reservoir overflowed on 1 August.",
            [("1897-07-28/1897-07-31", "Heavy rain fell"), ("1897-08-01", "The reservoir overflowed")],
        ),
        (
            "In 1932 the firm was renamed Aldo Foods, and four years later it went public.",
            [("1932", "The firm was renamed Aldo Foods"), ("1936", "The firm went public")],
        ),
        (
            "The mill burned in 1902; the council met in 1903.",
            [("1902", "The mill burned"), ("1903", "The council met")],
        ),
        (
            "The theatre burned down in 1881 (it was rebuilt in 1884).",
            [("1881", "The theatre burned down"), ("1884", "The theatre was rebuilt")],
        ),
        (
            "Although the patent was granted in 1884, the firm went bankrupt in 1891.",
            [("1884", "The patent was granted"), ("1891", "The firm went bankrupt")],
        ),
        (
            "The team won the cup in 1957 and again in 1961.",
            [("1957", "The team won the cup"), ("1961", "The team won the cup")],
        ),
        # a relative clause, and the main one around it
        (
            "The chapel, which burned down in 1820, was rebuilt in 1826.",
            [("1820", "The chapel burned down"), ("1826", "The chapel was rebuilt")],
        ),
        ("The engineers who built the tunnel in 1908 came from Italy.", [("1908", "The engineers built the tunnel")]),
        (
            "The club, which had opened in 1977, closed its doors in 1985 after complaints from neighbours.",
            [("1977", "The club had opened"), ("1985", "The club closed its doors after complaints from neighbours")],
        ),
        (
            "The appeal, which the claimant filed in 2009, was dismissed in 2011.",
            [("2009", "The claimant filed the appeal"), ("2011", "The appeal was dismissed")],
        ),
        (
            "The university was founded in 1869 by a group of merchants who wanted to train engineers.",
            [("1869", "The university was founded by a group of merchants")],
        ),
        ("In 1899 Ellis, who had been a miner, founded the union.", [("1899", "Ellis founded the union")]),
        # an insertion
        ("Ellis, a miner from Wales, founded the union in 1899.", [("1899", "Ellis founded the union")]),
        ("In 1999 Kroll, the owner of Aldo Foods, bought a dairy.", [("1999", "Kroll bought a dairy")]),
        ("The firm, then called Aldo & Sons, moved to Turin in 1932.", [("1932", "The firm moved to Turin")]),
        (
            "The strike, the longest in the firm's history, ended on 9 May 1951.",
            [("1951-05-09", "The strike ended")],
        ),
        (
            "The label's first release, a single by Mona Lund, came out in 1978.",
            [("1978", "The label's first release came out")],
        ),
        (
            "The marriage, which produced three sons, ended in divorce in 1952.",
            [("1952", "The marriage ended in divorce")],
        ),
        # a range
        (
            "The East Coast Company held a monopoly on pepper from 1602 until 1799.",
            [("1602/1799", "The East Coast Company held a monopoly on pepper")],
        ),
        ("She served as mayor from 1976 to 1984.", [("1976/1984", "She served as mayor")]),
        (
            "Work began in 1882 and lasted until 1898.",
            [("1882", "Work began"), ("1882/1898", "Work lasted")],
        ),
        (
            "She graduated from the University of Lund in 1931 and worked in Malmo until 1940.",
            [("1931", "She graduated from the University of Lund"), ("1931/1940", "She worked in Malmo")],
        ),
        ("Ships of up to 9,000 tonnes have used the canal since 1895.",
         [("1895/..", "Ships of up to 9,000 tonnes have used the canal")]),
        # "until 2018, when"; "not until"
        (
            "The two firms were rivals until 2018, when Brightwater bought Norsk Kabel.",
            [("2018", "Brightwater bought Norsk Kabel")],
        ),
        (
            "Until 1893, when the railway reached the valley, goods were carried by mule.",
            [("1893", "The railway reached the valley")],
        ),
        (
            "It was not until 1928 that women were admitted to the college.",
            [("1928", "Women were admitted to the college")],
        ),
        # reported speech: what is said to have happened has its own date
        ("The paper said the minister resigned in 1908.", [("1908", "The minister resigned")]),
        (
            "The paper reported in 1908 that the minister had resigned.",
            [("1908", "The paper reported that the minister had resigned")],
        ),
        ("According to the inquiry, the captain left the bridge on 4 May 1987.",
         [("1987-05-04", "The captain left the bridge")]),
        (
            "The claimant argues that she was dismissed on 5 May 2006 because she was pregnant.",
            [("2006-05-05", "The claimant was dismissed")],
        ),
        ("On 6 June 2001 the court ordered that the house be sold.",
         [("2001-06-06", "The court ordered that the house be sold")]),
        # chronologies
        ("1847: The first telegraph line is opened.", [("1847", "The first telegraph line is opened")]),
        ("- 12 May 1902: Eruption destroys the port", [("1902-05-12", "Eruption destroys the port")]),
        (
            "• 1903: new reading room\n• 1911: fire in the tower",
            [("1903", "New reading room"), ("1911", "Fire in the tower")],
        ),
    ],
)  # fmt: skip
def test_a_date_dates_its_clause(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == events(*expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what is joined by "and", if the date comes first
        (
            "In 1950 the brothers opened a mill and their cousin built a bakery.",
            [("1950", "The brothers opened a mill"), ("1950", "Their cousin built a bakery")],
        ),
        (
            "Between 1878 and 1884 she travelled in Persia and collected plants.",
            [("1878/1884", "She travelled in Persia"), ("1878/1884", "She collected plants")],
        ),
        # not if it stands in the first of them, or another date comes between
        (
            "The king died in 1286 without an heir, and two families claimed the throne.",
            [("1286", "The king died without an heir")],
        ),
        (
            "In 1950 they opened a mill and in 1952 they sold it and left.",
            [("1950", "They opened a mill"), ("1952", "They sold it"), ("1952", "They left")],
        ),
        ("The plant was closed in 2009; 400 workers lost their jobs.", [("2009", "The plant was closed")]),
        ("On 9 May 1951 the strike ended: the owners had agreed to a raise.", [("1951-05-09", "The strike ended")]),
        # what happened "when" or "as" it did
        (
            "When the river burst its banks in 1952, the council ordered an evacuation.",
            [("1952", "The river burst its banks"), ("1952", "The council ordered an evacuation")],
        ),
        (
            "The council ordered an evacuation when the river burst its banks in 1952.",
            [("1952", "The river burst its banks"), ("1952", "The council ordered an evacuation")],
        ),
        (
            "The mine closed in 1985 as coal prices collapsed.",
            [("1985", "The mine closed"), ("1985", "Coal prices collapsed")],
        ),
        (
            "Workers walked out in March 1912 when the owners cut wages.",
            [("1912-03", "Workers walked out"), ("1912-03", "The owners cut wages")],
        ),
        # not what happened before or because
        ("The mine closed in 1985 because coal prices had collapsed.", [("1985", "The mine closed")]),
        ("The mine closed in 1985 after coal prices had collapsed.", [("1985", "The mine closed")]),
    ],
)
def test_a_date_holds_for_what_is_joined_to_its_clause(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == events(*expected)


# ------------------------------------------------------------------------------------------ nouns


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # before the noun
        (
            "The 2014 invasion of Carpathia by Ruritania changed the trade routes.",
            [("2014", "The invasion of Carpathia by Ruritania")],
        ),
        # behind it
        ("She joined the party during the general strike of 1926.", [("1926", "The general strike")]),
        (
            "Until the opening of the canal in 1895, ships sailed round the cape.",
            [("1895", "The opening of the canal")],
        ),
        (
            "Following the student protests of 1968, the statutes were rewritten in 1970.",
            [("1968", "The student protests"), ("1970", "The statutes were rewritten")],
        ),
        (
            "Since the elections of 1998 the party has lost half its members.",
            [("1998", "The elections"), ("1998/..", "The party has lost half its members")],
        ),
        # with its participle
        ("The museum shows a locomotive captured in 1943.", [("1943", "A locomotive captured")]),
        ("A tank captured in 1969 stands in front of the town hall.", [("1969", "A tank captured")]),
        # a subject is told with its verb
        ("The strike of 1926 lasted nine days.", [("1926", "The strike of 1926 lasted nine days")]),
        (
            "The discovery of helium in 1895 surprised the chemists.",
            [("1895", "The discovery of helium surprised the chemists")],
        ),
        # a noun that names no happening leaves the date to the clause
        ("The parish sold the house in 1926.", [("1926", "The parish sold the house")]),
        ("In the museum of Lund they met in 1926.", [("1926", "They met")]),
    ],
)  # fmt: skip
def test_a_date_of_a_noun_dates_the_happening_that_it_names(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == events(*expected)


@pytest.mark.parametrize(
    ("text", "on", "expected"),
    [
        (
            "Port Alder Shipping is celebrating the 100th anniversary of its founding.",
            "2021-06-15",
            [("1921", "Port Alder Shipping’s founding")],
        ),
        (
            "The college celebrates the 25th anniversary of its opening on Sunday.",
            "2021-06-15",
            [
                ("1996", "The college’s opening"),
                ("2021-06-13", "The college celebrates the 25th anniversary of its opening"),
            ],
        ),
        (
            "On Tuesday Nora Lind marked the 10th anniversary of her election.",
            "2021-06-15",
            [
                ("2021-06-15", "Nora Lind marked the 10th anniversary of her election"),
                ("2011", "Nora Lind’s election"),
            ],
        ),
        (
            "This year marks the 30th anniversary of the Treaty of Merrin.",
            "2021-06-15",
            [("1991", "The Treaty of Merrin")],
        ),
    ],
)
def test_an_anniversary_dates_what_is_remembered(text: str, on: str, expected: list[tuple[str, str]]) -> None:
    rows = told(text, on)

    assert [row for row in events(*expected) if row not in rows] == []


# ------------------------------------------------------------------------------------------ plans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The city will open a second airport in 2024.", [("2024", "The city will open a second airport", "planned")]),
        (
            "The company plans to build a plant in Spain next year.",
            [("2020", "The company plans to build a plant in Spain", "planned")],
        ),
        (
            "The ministers pledged to halve emissions by 2030.",
            [
                ("2030", "The ministers to halve emissions", "planned"),
                ("2019-05-10~", "The ministers pledged to halve emissions", "actual"),
            ],
        ),
        (
            "The storm is expected to reach the coast on Sunday.",
            [("2019-05-12", "The storm is expected to reach the coast", "planned")],
        ),
        ("The city opened a second airport in 2014.", [("2014", "The city opened a second airport", "actual")]),
        ("In 2014 the ministers pledged to halve emissions.",
         [("2014", "The ministers pledged to halve emissions", "actual")]),
    ],
)  # fmt: skip
def test_what_is_announced_is_planned(text: str, expected: list[Row]) -> None:
    assert [(m.date, m.title, m.modality) for m in read(text, "2019-05-10")] == expected


# ------------------------------------------------------------------------------------------ kinds


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("In 1911 the town had 4,300 inhabitants.", "statistic"),
        ("Trade between the two ports stood at $9 billion in 2007.", "statistic"),
        ("In 2005 the factory employed 1,200 people.", "statistic"),
        ("Exports accounted for 40% of output in 2016.", "statistic"),
        ("The guild numbered 40 masters in 1620.", "statistic"),
        ("The harbour handled 300 ships in 1811.", "event"),
        # reaching or passing a figure is an event, and so is a change
        ("Trade between the two ports reached $9 billion in 2007.", "event"),
        ("Membership passed 10,000 in 1998.", "event"),
        ("Sales exceeded $4 billion for the first time in 1999.", "event"),
        ("Sales doubled in 2004.", "event"),
        ("Kroll's sales rose 12% to $4.1 billion in 1999.", "event"),
        ("The river peaked at 7.4 metres on 4 March 1888.", "event"),
        # how things were
        ("By 1936 the firm had a factory in Wales.", "state"),
        ("The firm remained in family hands until 1972.", "state"),
        ("In 1999 the port was the largest in the region.", "state"),
        ("She was mayor from 1976 to 1984.", "state"),
        ("The village belonged to the abbey until 1803.", "state"),
        ("1902 was a hard year for the firm.", "state"),
        # what happened
        ("By 1936 the firm had opened three factories in Wales.", "event"),
        ("She became mayor in 1976.", "event"),
        ("The mill was sold in 1902.", "event"),
    ],
)
def test_a_state_and_a_statistic_are_told_apart_from_an_event(text: str, kind: str) -> None:
    assert [mention.kind for mention in read(text)] == [kind]


# ------------------------------------------------------------------------------------------ no event


@pytest.mark.parametrize(
    "text",
    [
        # what might be, or might have been
        "If the dam had failed in 1975, the town would have been lost.",
        "If the dam fails in 1975, the town will be lost.",
        "The guard may have stolen the painting in 1902.",
        "The town could have been saved in 1975.",
        # what did not happen
        "The court did not hear the appeal in 2003.",
        # comparisons
        "Rainfall was higher than in 1953.",
        "It was the worst flood since 1953.",
        "As in 1926, the miners lost.",
        "The custom goes back to 1721.",
        # names of laws and papers
        "The Companies Act 1985 applies to such firms.",
        "The 1998 Regulations apply to such firms.",
        # captions, headings, bylines
        "Figure 3: The mill in 1926.",
        "The mill, in a 1926 file photo.",
        "# The strike of 1926",
        "By Jane Roe, 3 May 1926",
        # ages, and what has no date
        "The defendant is a 45-year-old baker.",
        "The sentence was 12 years in prison.",
        "The strike lasted 14 weeks.",
    ],
)
def test_these_tell_no_event(text: str) -> None:
    assert told(text, "2019-05-10") == []


# ------------------------------------------------------------------------------------------ sentences that continue


@pytest.mark.parametrize(
    ("text", "on", "title"),
    [
        ("On May 19, 1908 the bridge was opened. The mayor cut the ribbon.", "", "The mayor cut the ribbon"),
        ("On 4 June 1931 the dam burst. The water destroyed two villages.", "", "The water destroyed two villages"),
        ("On 4 June 1931 the dam burst. Hundreds fled to the hills.", "", "Hundreds fled to the hills"),
        ("The train left on 3 May 1911. Passengers sang. The driver saw a signal.", "", "The driver saw a signal"),
        # in news it may be a paragraph of its own
        (
            "A ferry sank in the bay on Tuesday.\n\nThe captain was arrested.",
            "2016-03-09",
            "The captain was arrested",
        ),
        (
            "A ferry sank in the bay on Tuesday.\n\nDivers searched the wreck through the night.",
            "2016-03-09",
            "Divers searched the wreck through the night",
        ),
    ],
)  # fmt: skip
def test_a_sentence_goes_on_from_a_dated_one(text: str, on: str, title: str) -> None:
    first, *_, last = read(text, on)

    assert last.title == title
    assert last.date == first.date
    assert (last.rule, last.basis, last.anchor) == ("continued", "context", first.date)
    assert (last.date_text, last.date_start, last.date_end) == ("", last.quote_start, last.quote_start)
    assert last.modality == "actual"
    assert last.confidence < first.confidence
    assert text[last.quote_start : last.quote_end] == last.quote


@pytest.mark.parametrize(
    "more",
    [
        "\n\nThe water destroyed two villages.",  # a new paragraph, and this is no news
        " The company had ignored the warnings of its engineers.",  # a flashback
        " The mayor said the company was to blame.",  # an opinion
        " The dam is now part of a park.",  # the present
        " The water is blue.",
        " It was 40 metres high.",  # a state
        " The company owned 12 dams.",
        " Many dams have burst in this valley.",  # nothing goes on from it
        " Engineers like such dams.",
        " If the gates had been open, the village would have survived.",  # what did not happen
        " The police would later arrest two engineers.",
        " The mayor did not come.",
        ' "The water took my house," she said.',
        " The army came.",  # too short
        "\n\n## The villages\n\nThe water destroyed two villages.",
    ],
)
def test_a_sentence_does_not_go_on_from_a_dated_one(more: str) -> None:
    assert told(f"On 4 June 1931 the dam burst.{more}") == events(("1931-06-04", "The dam burst"))


@pytest.mark.parametrize("date", ["In 1931", "In the summer of 1931", "In the 1930s", "Since 4 June 1931"])
def test_nothing_goes_on_from_a_date_that_is_not_fine(date: str) -> None:
    assert len(told(f"{date} the dam burst. The water destroyed two villages.")) == 1


def test_a_date_is_carried_from_the_sentence_that_said_it_last() -> None:
    text = (
        "On 4 June 1931 the dam burst. The water rose fast. The army arrived the next day. The soldiers built a camp."
    )

    assert told(text) == events(
        ("1931-06-04", "The dam burst"),
        ("1931-06-04", "The water rose fast"),
        ("1931-06-05", "The army arrived"),
        ("1931-06-05", "The soldiers built a camp"),
    )


def test_a_date_is_carried_over_a_few_sentences_only() -> None:
    text = "On 4 June 1931 the dam burst." + " The water destroyed two more villages." * 9

    assert 2 <= len(told(text)) <= 6


# ------------------------------------------------------------------------------------------ titles

SUBJECTS = [
    "The council", "Marta Klein", "The Alder Society of Friends of the Northern Railway", "The owners of the mill",
    "The king, who had no heir,", "The firm, founded by two brothers,", "They", "Its director", "Kroll & Sons",
    "The first of the three committees that were to look into the causes of the fire in the theatre", "A “secret” club",
]  # fmt: skip
VERBS = [
    "sold the old house by the river", "was elected", "moved to Lund and opened a school for the children of sailors",
    "agreed with its creditors on a plan under which half of the debt was to be paid back within twelve years",
    "published a report (in three parts)", "won", "announced that the line would be closed", "called it “a disgrace”",
    "lost the case, which had cost the town more than the bridge itself", "reached a record of 12,000 tonnes",
]  # fmt: skip
FRAMES = [
    "In 1902 {s} {v}.", "{s} {v} in 1902.", "{s} {v} on 3 May 1902, and the town was glad.",
    "After the war, in 1902, {s} {v}.", "When {s} {v} in 1902, nobody was there.", "{s}, in 1902, {v}.",
    "The paper said {s} {v} in 1902.", "The town changed; in 1902 {s} {v} – at last.", "- 1902: {s} {v}",
    "{s} {v} between 1902 and 1911 because the law had changed.", "By 1902 {s}, it is said, {v}; others doubt it.",
]  # fmt: skip
DANGLERS = "the a an of in on at by to for from with and or but which who whose than into its their was were"


@given(st.sampled_from(FRAMES), st.sampled_from(SUBJECTS), st.sampled_from(VERBS))
def test_a_title_is_a_short_headline_of_words_of_the_source(frame: str, subject: str, verb: str) -> None:
    inner = subject if frame.startswith("{s}") else subject[0].lower() + subject[1:]
    sentence = frame.format(s=inner, v=verb).replace(",,", ",")
    for text in (
        sentence,
        f"Marta Klein met the owners. {sentence} They went on until 1950.",
        f"# A heading\n\n{sentence}",
    ):
        for mention in read(text, "1903-01-01"):
            check_title(mention.title, text)


def check_title(title: str, text: str) -> None:
    """At most 80 characters, nothing cut off, nothing that the text does not say."""
    assert 0 < len(title) <= TITLE_LENGTH
    assert title == " ".join(title.split())
    assert title[0] == title[0].upper()
    assert title.endswith(" went on") or title.split()[-1].lower() not in DANGLERS.split()
    assert title[-1] not in ",;:–—-(“"
    known = set(re.findall(r"\w+", text.lower())) | set(words_of_names(text))
    assert set(re.findall(r"\w+", title.lower())) - {"s"} <= known
    assert (title.count("("), title.count("“")) == (title.count(")"), title.count("”"))


def words_of_names(text: str) -> list[str]:
    return re.findall(r"\w+", " ".join(LEXICON.actors(text, None)).lower())


WORDS = (
    "The a mill Lund was sold ( ) – , ; : . “ ” ' - which who and had been of in 1902 May 3 never it - “it” (it) $3 "
    "two students Paul to having itself because (1951) what avalanche building"
)


@given(st.lists(st.sampled_from(WORDS.split()), max_size=40).map(" ".join))
def test_no_text_has_a_title_that_is_not_in_it(text: str) -> None:
    for mention in read(f"{text} in 1902.", "1903-01-01"):
        assert len(mention.title) <= TITLE_LENGTH
        assert set(re.findall(r"\w+", mention.title.lower())) - {"s"} <= set(
            re.findall(r"\w+", f"{text} in 1902".lower())
        )


# ------------------------------------------------------------------------------------------ what readers found wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Havel Motors was founded in 1921, moved to Brno in 1934 and closed its last plant in 1988.",
            [
                ("1921", "Havel Motors was founded", "event"),
                ("1934", "Havel Motors moved to Brno", "event"),
                ("1988", "Havel Motors closed its last plant", "event"),
            ],
        ),
        (
            "The group recorded its debut single in 1979, released two albums in 1981 and broke up in 1983.",
            [
                ("1979", "The group recorded its debut single", "event"),
                ("1981", "The group released two albums", "event"),
                ("1983", "The group broke up", "event"),
            ],
        ),
        (
            "In 1962 the company bought a shipyard, hired 300 workers and launched its first ferry.",
            [
                ("1962", "The company bought a shipyard", "event"),
                ("1962", "The company hired 300 workers", "event"),
                ("1962", "The company launched its first ferry", "event"),
            ],
        ),
        (
            "Founded in 1871 as a savings bank, Union Trust failed in 1932.",
            [("1871", "Union Trust founded as a savings bank", "event"), ("1932", "Union Trust failed", "event")],
        ),
        (
            "Born in Lund on 3 May 1909, Axel Berg grew up on a farm.",
            [("1909-05-03", "Axel Berg born in Lund", "event")],
        ),
        (
            "Designed by Otto Kern in 1901 and completed in 1907, the town hall is a landmark.",
            [("1901", "The town hall designed by Otto Kern", "event"), ("1907", "The town hall completed", "event")],
        ),
        ("Having bought the land in 1907, the nuns built a hospital.", [("1907", "The nuns bought the land", "event")]),
        (
            "The president, speaking on Monday in Lund, promised new schools.",
            [("2020-01-13", "The president promised new schools", "event")],
        ),
        ("The carpenter who built the organ died in 1714.", [("1714", "The carpenter died", "event")]),
        (
            "In 1881 a fire that began in the theatre destroyed the old town.",
            [("1881", "A fire destroyed the old town", "event")],
        ),
        ("The land that the abbey sold in 1540 became a park.", [("1540", "The abbey sold the land", "event")]),
        (
            "The park the city bought in 1890 was enlarged in 1904.",
            [("1890", "The city bought the park", "event"), ("1904", "The park was enlarged", "event")],
        ),
        ("The owners never paid the tax in 1771.", []),
        ("The mayor didn't attend the opening in 2003.", []),
        ("In 1955 not all members signed the treaty.", []),
        ("The bridge did not open until 1964.", [("1964", "The bridge did not open until 1964", "event")]),
        ("There was a fire in the theatre in 1881.", [("1881", "There was a fire in the theatre", "event")]),
        ("There were riots in 1919.", [("1919", "There were riots", "event")]),
        ("The mill was destroyed by fire on 3 May 1902.", [("1902-05-03", "The mill was destroyed by fire", "event")]),
        (
            "By a judgment of 14 May 2004 the Regional Court dismissed the claim.",
            [("2004-05-14", "The Regional Court dismissed the claim", "event")],
        ),
        (
            "In a letter dated 3 May 1996 the ministry informed him of the decision.",
            [("1996-05-03", "The ministry informed him of the decision", "event")],
        ),
        ("Three years after the fire of 1881 the theatre was rebuilt.", [("1881", "The fire", "event")]),
        ("In 2018, since the mayor came, they left.", [("2018", "They left", "event")]),
        (
            "In 1995, 2001 and 2013 the river flooded the lower town.",
            [
                ("1995", "The river flooded the lower town", "event"),
                ("2001", "The river flooded the lower town", "event"),
                ("2013", "The river flooded the lower town", "event"),
            ],
        ),
        (
            "Ida Lorenz was born in Graz on 3 March 1871, the third of five children.",
            [("1871-03-03", "Ida Lorenz was born in Graz, the third of five children", "event")],
        ),
        (
            "A boiler exploded at the mill on 3 May 1902, killing 12 men.",
            [("1902-05-03", "A boiler exploded at the mill, killing 12 men", "event")],
        ),
        (
            "After the crisis of 2009 the bank sold its branches abroad.",
            [("2009", "The crisis", "event"), ("2009~", "The bank sold its branches abroad", "event")],
        ),
        (
            "The theatre closed. A documentary about it was released in 2005.",
            [("2005", "A documentary about it was released", "event")],
        ),
        ("The firm sued the bank. In 1904 it moved to Leeds.", [("1904", "The firm moved to Leeds", "event")]),
        (
            "The price of copper fell in 2014, which coincided with the annexation of Carpathia and sanctions on Ruria.",  # noqa: E501
            [
                ("2014", "The price of copper fell", "event"),
                ("2014", "The annexation of Carpathia", "event"),
                ("2014", "Sanctions on Ruria", "event"),
            ],
        ),
        (
            "The 1906 earthquake destroyed most of the city.",
            [("1906", "The 1906 earthquake destroyed most of the city", "event")],
        ),
        ("The company survived the 1929 crash.", [("1929", "The company survived the crash", "event")]),
        ("It was in 1907 that the agreement was cancelled.", [("1907", "The agreement was cancelled", "event")]),
        ("Had the guard been awake in 1902, the painting would still hang there.", []),
        (
            "On 4 June 1931 the dam burst. The water is now stored in a lake.",
            [("1931-06-04", "The dam burst", "event")],
        ),
        ("Ellis (1870–1931) founded the union.", []),
        ("The bank was fined in 2012 for hiding losses.", [("2012", "The bank was fined for hiding losses", "event")]),
    ],
)
def test_what_a_reader_once_found_wrong(text: str, expected: list[Row]) -> None:
    assert told(text, "2020-01-15") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The school traces its origins to a lecture room opened in Mill Lane in 1837.",
            [("1837", "A lecture room opened in Mill Lane", "event")],
        ),
        (
            "Salting resumed in 1843, but it was the railway that opened the market.",
            [("1843", "Salting resumed", "event")],
        ),
        (
            "The toxic gases were known, and after leaks in Leeds in 1929 the search was stepped up.",
            [("1929", "The search was stepped up", "event")],
        ),
        (
            "Brandt retired in 1931, and was succeeded by his deputy.",
            [("1931", "Brandt retired", "event"), ("1931", "Brandt was succeeded by his deputy", "event")],
        ),
        (
            "She took out a patent in 1834 and a year later sold a model.",
            [("1834", "She took out a patent", "event"), ("1835", "She sold a model", "event")],
        ),
        (
            "Emil, who ran the firm from 1879 until his death in 1912, built a school.",
            [("1879/1912", "Emil ran the firm until his death in 1912", "event"), ("1912", "Emil’s death", "event")],
        ),
        (
            "The club was founded in 1986, the Bunker in 1988.",
            [("1986", "The club was founded", "event"), ("1988", "The Bunker was founded", "event")],
        ),
        (
            "In 1752 there were 38 houses in the town, by 1787 no fewer than 169.",
            [
                ("1752", "There were 38 houses in the town", "statistic"),
                ("1787", "There were no fewer than 169", "statistic"),
            ],
        ),
        (
            "In March 1993 the grant was cut, and 200 posts were lost over the next three years.",
            [("1993-03", "The grant was cut", "event")],
        ),
        (
            "Kern introduced a cooler, a unit mounted on an icebox, in 1913.",
            [("1913", "Kern introduced a cooler, a unit mounted on an icebox", "event")],
        ),
        (
            "The brothers Paul and Anton Weil, who had leased the works in 1982, started a club.",
            [("1982", "The brothers Paul and Anton Weil had leased the works", "event")],
        ),
        ("After the war a factory was built (1952).", [("1952", "A factory was built", "event")]),
        ("Plans for a museum, announced in 2021, have failed.", [("2021", "Plans for a museum announced", "event")]),
        (
            "The band split up in 1989: an article, published that June, had praised it.",
            [("1989-06", "An article published", "event")],
        ),
        (
            "Orlow left in 1991, and Reiss, who had been deaf since 1988, gave up performing two years later.",
            [
                ("1991", "Orlow left", "event"),
                ("1988/..", "Reiss had been deaf", "state"),
                ("1993", "Reiss gave up performing", "event"),
            ],
        ),
        (
            "In a paper published in June 1974, Molina argued that the gas does harm.",
            [("1974-06", "Molina argued that the gas does harm", "event")],
        ),
        (
            "A ban on fishing was in force between 1970 and 1977.",
            [("1970/1977", "A ban on fishing was in force", "state")],
        ),
        (
            "In 2018, thirty-five years after the opening, the city devoted a show to it.",
            [("2018", "The city devoted a show to it", "event")],
        ),
        (
            "The Tower, so named in 1856, fell in 1870.",
            [("1856", "The Tower named", "event"), ("1870", "The Tower fell", "event")],
        ),
        (
            "The company he formed in 1845 failed in 1848.",
            [("1845", "He formed the company", "event"), ("1848", "The company failed", "event")],
        ),
        (
            "The hall, a shed, designed by Ames and built at a cost of £9, opened in 2014.",
            [("2014", "The hall opened", "event")],
        ),
        (
            "After their drummer, Bobby Lund, was drafted in March 1966, the band gave up.",
            [("1966-03", "Their drummer, Bobby Lund, was drafted", "event")],
        ),
        (
            "Flooded in May 1827, when six men drowned, the tunnel was bricked up.",
            [("1827-05", "The tunnel flooded", "event")],
        ),
        (
            "The company having run out of money in 1891, the tunnel stood flooded.",
            [("1891", "The company having run out of money", "event")],
        ),
        (
            "A storm struck the coast on 4 May 1913, in the course of which a dam collapsed.",
            [("1913-05-04", "A storm struck the coast", "event"), ("1913-05-04", "A dam collapsed", "event")],
        ),
        ("Club Morocco (1951–1968) was a bar.", [("1951/1968", "Club Morocco was a bar", "state")]),
        ("Isaac Robel (d. 1731) made watches.", []),
        (
            "The weavers went on strike in 1886, the dyers in 1890.",
            [("1886", "The weavers went on strike", "event"), ("1890", "The dyers went on strike", "event")],
        ),
        (
            "The mill was closed in May 1912 because of the fire and reopened in June 1913.",
            [
                ("1912-05", "The mill was closed because of the fire", "event"),
                ("1913-06", "The mill reopened", "event"),
            ],
        ),
        (
            "The college, itself founded in 1847, was absorbed in 2011.",
            [("1847", "The college founded", "event"), ("2011", "The college was absorbed", "event")],
        ),
        ("It fell late, and in the south the army retreated in 1944.", [("1944", "The army retreated", "event")]),
    ],
)
def test_histories_of_schools_trades_and_machines(text: str, expected: list[Row]) -> None:
    assert told(text) == expected


# ------------------------------------------------------------------------------------------ essays


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # lately: dated by the publication, as roughly as that is
        ("The mayor recently opened a bridge.", [("2018~", "The mayor opened a bridge")]),
        ("In recent weeks, two projects have been scrapped.", [("2018-10~", "Two projects have been scrapped")]),
        ("He spoke of it on a recent visit to Oslo.", [("2018~", "A visit to Oslo")]),
        ("A recent book praises the bridge.", []),
        ("As recently as 1991 the town opened a bridge.", [("1991", "The town opened a bridge")]),
        # stretches that end or begin with the publication
        ("Over the past year the bank has sold nine mills.", [("2017~/2018", "The bank has sold nine mills")]),
        ("The firm has built two dams over the past three decades.", [("1988~/2018", "The firm has built two dams")]),
        ("In recent years the firm has built two dams.", [("2015~/2018", "The firm has built two dams")]),
        ("The plan will cost $62 million over the next 15 years.", [("2018/2033~", "The plan will cost $62 million")]),
        ("For the next ten years nothing was built.", []),
        # what followed, what has been so since, what was so by then
        (
            "After Spain gave up the valley in 1821, settlers built a town.",
            [("1821", "Spain gave up the valley"), ("1821~", "Settlers built a town")],
        ),
        (
            "The bank has sold nine mills since the towns built the tram in 2014.",
            [("2014", "The towns built the tram"), ("2014/..", "The bank has sold nine mills")],
        ),
        (
            "By the time the league broke up in 1965, the firm had built nine mills.",
            [("1965", "The league broke up"), ("../1965", "The firm had built nine mills")],
        ),
        (
            "Since the war of 1920 the towns have traded in salt.",
            [("1920", "The war"), ("1920/..", "The towns have traded in salt")],
        ),
        (
            "The tram has been praised since the inaugural trip in 2017.",
            [("2017", "The inaugural trip"), ("2017/..", "The tram has been praised since the inaugural trip")],
        ),
        (
            "Sanctions that followed the 2014 invasion of Lothia hurt the bank.",
            [("2014", "The invasion of Lothia"), ("2014~", "Sanctions followed the 2014 invasion of Lothia")],
        ),
        # laws by what they did, and not where they are only named
        ("The Native Land Act, 1936, reduced it to 87%.", [("1936", "The Native Land Act, 1936, reduced it to 87%")]),
        ("He was convicted under the Secrets Act 1911.", []),
        # what is put off, and what lasts from a date until another
        ("The opening was put off until 2019.", [("2019", "The opening was put off until 2019")]),
        (
            "From May 2004, while the town danced, until March 2005 a clerk stole the post.",
            [("2004-05/2005-03", "A clerk stole the post")],
        ),
        (
            "Meyer led the school from 1930 until 1933, when the king died.",
            [("1930/1933", "Meyer led the school"), ("1933", "The king died")],
        ),
        # several with one date
        (
            "On 17 May 2011 the police questioned Dill and charged the driver.",
            [("2011-05-17", "The police questioned Dill"), ("2011-05-17", "The police charged the driver")],
        ),
        (
            "In 1924 the works moved to Romford, Essex and production turned to bicycles.",
            [("1924", "The works moved to Romford, Essex"), ("1924", "Production turned to bicycles")],
        ),
        (
            "The silos collapsed in July and August 2017.",
            [("2017-07/2017-08", "The silos collapsed")],
        ),
    ],
)
def test_essays_date_by_their_publication_and_by_one_another(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(date, title) for date, title, _ in told(text, "2018-10-15")] == expected


def test_what_was_promised_for_a_date_is_planned() -> None:
    (mention,) = read("The minister promised that the troops would leave on 29 March 2019.", "2019-04-19")

    assert (mention.date, mention.modality) == ("2019-03-29", "planned")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "On 4 June 1931 an explosion shook the mine.\n\nThe explosion killed nine miners.",
            [("1931-06-04", "An explosion shook the mine"), ("1931-06-04", "The explosion killed nine miners")],
        ),
        (
            "In February 1864 the troops left Dal. The army then fled to Sel.",
            [("1864-02", "The troops left Dal"), ("1864-02~", "The army fled to Sel")],
        ),
        (
            "The border was settled in 2008. Newspapers at the time printed angry letters.",
            [("2008", "The border was settled"), ("2008", "Newspapers at the time printed angry letters")],
        ),
        # a sentence with a date that does not lead comes between
        (
            "In May 1783 the king sold the town. The mill, built in 1702, burned. They soon named it Ames.",
            [("1783-05", "The king sold the town"), ("1702", "The mill built")],
        ),
    ],
)
def test_a_story_goes_on(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(date, title) for date, title, _ in told(text)] == expected
