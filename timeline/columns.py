"""A table read at once, column by column: for tables of millions of rows, and sound ones alone.

Apache Arrow reads the CSV and every check is one operation on a whole column. Where anything is not as the schema
wants it there is no frame, and `table.read_rows`, which goes cell by cell, finds the words for it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .edtf import EdtfError, ordinal, parse

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

BLOCK = 4 << 20  # bytes read at a time
GATHERED = 4  # blocks after which the columns are laid close together, or Arrow keeps the room they grew in
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
SOME_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"  # Arrow's calendar begins with the year 1
DAY, YEAR = f"^{SOME_YEAR}-[0-9]{{2}}-[0-9]{{2}}$", f"^{SOME_YEAR}$"
FIRST_OF_1970 = 719_163  # as a day number: Arrow counts days from there
MOST_IN_ONE = 2**31 - 1  # bytes: Arrow's texts have offsets of 32 bits
BOUNDS = ("earliest", "latest", "precision")

Fields = Sequence[Mapping[str, Any]]


def bounds(date: str) -> dict[str, str]:
    """What else a row says of its date: the cells of BOUNDS, empty without a date. Raises EdtfError."""
    if not date:
        return dict.fromkeys(BOUNDS, "")
    value = parse(date)
    return {"earliest": value.earliest, "latest": value.latest, "precision": value.precision}


def read_frame(path: Path, fields: Fields, key: str = "", only: Sequence[str] = ()) -> pd.DataFrame | None:
    """The table in a file, or None if anything in it is not as its schema wants it.

    `fields` are those of a Table Schema, `key` the column that tells the rows apart; without a key, only what is no
    such table at all is noticed. `only` names columns that are taken alone; otherwise those that the schema does not
    have stay, as texts. The frame is the one that `table.frame` makes of the same rows.
    """
    import pyarrow as pa

    try:
        table = _read(path, fields, only)
        if table is None or (key and not _is_sound(table, fields, key)):
            return None
    except (OSError, pa.ArrowInvalid):
        return None
    frame = _frame(table)
    release()
    return frame


def line_ends(path: Path) -> npt.NDArray[np.int64]:
    """Where each row of a CSV file ends, in bytes, the header first: at a line end that is in no cell."""
    import numpy as np

    found, before, quotes = [np.empty(0, dtype=np.int64)], 0, 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            letters = np.frombuffer(block, dtype=np.uint8)
            ends, marks = np.flatnonzero(letters == ord("\n")), np.flatnonzero(letters == ord('"'))
            is_outside = (quotes + np.searchsorted(marks, ends)) % 2 == 0
            found.append(ends[is_outside] + (before + 1))
            before, quotes = before + len(block), quotes + len(marks)
    return np.concatenate(found)


def read_rows_at(path: Path, fields: Fields, ends: npt.NDArray[np.int64], rows: npt.NDArray[np.intp]) -> pd.DataFrame:
    """Some rows of a sound table, which `line_ends` has gone through: only these are read. `rows`: ascending places.

    Raises OSError if the file cannot be read any more, ValueError if it is no such table any more.
    """
    import numpy as np

    runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else []
    parts = []
    with path.open("rb") as file:
        parts.append(file.read(int(ends[0])))
        for run in runs:
            file.seek(int(ends[run[0]]))
            parts.append(file.read(int(ends[run[-1] + 1] - ends[run[0]])))
    table = _read(b"".join(parts), fields, ())
    if table is None:
        raise ValueError(f"{path} is another table by now")
    return _frame(table)


def _read(table: Path | bytes, fields: Fields, only: Sequence[str]) -> Any:
    """The columns of a file; None if one is missing or is there twice."""
    import pyarrow as pa
    from pyarrow import csv

    kinds = {"integer": pa.int64(), "number": pa.float64()}
    names = [field["name"] for field in fields]
    with io.BytesIO(table) if isinstance(table, bytes) else table.open("rb") as file:
        head = file.readline().removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").rstrip("\r\n").split(",")
    if set(names) - set(head) or len(set(head)) < len(head) or any('"' in name for name in head):
        return None
    types = dict.fromkeys(head, pa.string()) | {
        field["name"]: kinds.get(field["type"], pa.string()) for field in fields
    }
    reader = csv.open_csv(
        pa.BufferReader(table) if isinstance(table, bytes) else table,
        read_options=csv.ReadOptions(block_size=BLOCK),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=types,
            strings_can_be_null=False,
            null_values=[""],
            include_columns=list(only) or names + [name for name in head if name not in names],
        ),
    )
    columns: dict[str, list[Any]] = {name: [] for name in reader.schema.names}
    batches: list[Any] = []
    with reader:
        for batch in reader:
            batches.append(batch)
            if len(batches) == GATHERED:
                _gather(columns, batches)
    _gather(columns, batches)
    kinds = {field.name: field.type for field in reader.schema}
    found = {}
    for name in reader.schema.names:
        found[name] = _whole(columns.pop(name), kinds[name])
        release()
    return pa.table(found)


def _gather(columns: dict[str, list[Any]], batches: list[Any]) -> None:
    """Move batches to the ends of the columns."""
    import pyarrow as pa

    for name, chunks in columns.items():
        if batches:
            chunks.append(pa.concat_arrays([batch.column(name) for batch in batches]))
    batches.clear()


def _whole(chunks: list[Any], kind: Any) -> Any:
    """One array, from which rows are taken fast; several if one could not count its letters."""
    import pyarrow as pa

    if sum(chunk.nbytes for chunk in chunks) > MOST_IN_ONE:
        return pa.chunked_array(chunks)
    return pa.concat_arrays(chunks) if chunks else pa.array([], kind)


def _frame(table: Any) -> pd.DataFrame:
    """Texts as pandas' own `str`, whole numbers as Int64, others as float64 with NaN where there is none."""
    import pandas as pd
    import pyarrow as pa

    text = pd.StringDtype("pyarrow", na_value=float("nan"))
    kinds: dict[Any, Any] = {pa.string(): text, pa.int64(): pd.Int64Dtype()}
    columns = table.column_names
    frame: pd.DataFrame = table.to_pandas(types_mapper=kinds.get, split_blocks=True, self_destruct=True)
    return frame.set_axis(pd.Index(columns, dtype="str"), axis=1)


def day_numbers(column: pd.Series, missing: float) -> npt.NDArray[np.float64]:
    """The day number (1 is 0001-01-01) of every day of a column; `missing` where a cell is no day."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = _texts(column)
    plain = pc.match_substring_regex(cells, DAY)
    days = np.full(len(cells), missing)
    try:
        known = cells.filter(plain).cast(pa.date32()).cast(pa.int32()).to_numpy() + FIRST_OF_1970
    except pa.ArrowInvalid:  # the 30th of February
        known, plain = np.empty(0), pa.array(np.zeros(len(cells), dtype=np.bool_))
    is_plain = np.asarray(plain, dtype=np.bool_)
    days[is_plain] = known
    rest = cells.filter(pc.invert(plain)).to_pylist()
    numbers = {cell: _day(cell, missing) for cell in set(rest)}
    days[~is_plain] = [numbers[cell] for cell in rest]
    return days


def _day(text: str, missing: float) -> float:
    try:
        return ordinal(text)
    except EdtfError:
        return missing


def places_in(wanted: pd.Series, among: pd.Series) -> npt.NDArray[np.intp]:
    """For each text the place of its first equal among others, -1 if there is none."""
    import numpy as np
    import pyarrow.compute as pc

    found = pc.fill_null(pc.index_in(_texts(wanted), value_set=_texts(among)), -1)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.intp)


def woven(
    table: pd.DataFrame, gone: pd.Series, places: Sequence[int], fresh: pd.DataFrame
) -> tuple[pd.DataFrame, npt.NDArray[np.intp]]:
    """A table without the rows that are `gone`, and with each row of `fresh` put before the row at its place.

    Also says of each row of the result which row of the table it was, -1 of a fresh one.
    """
    import numpy as np
    import pandas as pd

    count, stays = len(table), ~gone.to_numpy(dtype=np.bool_)
    if stays.all() and not len(fresh):
        return table, np.arange(count)
    order = np.insert(np.arange(count), list(places), np.arange(count, count + len(fresh)))
    order = order[np.append(stays, np.ones(len(fresh), dtype=np.bool_))[order]]
    kept = np.where(order < count, order, -1)
    if np.array_equal(kept >= 0, stays):
        return _patched(table, np.flatnonzero(~stays), fresh), kept
    whole = pd.concat([table, fresh], ignore_index=True) if len(fresh) else table
    return whole.take(order).reset_index(drop=True), kept


def _patched(table: pd.DataFrame, places: npt.NDArray[np.intp], fresh: pd.DataFrame) -> pd.DataFrame:
    """A table with other rows at some places; columns in which these are the same are not copied."""
    changed = {}
    for name in table.columns:
        if not table[name].iloc[places].reset_index(drop=True).equals(fresh[name]):
            changed[name] = table[name].copy()
            changed[name].iloc[places] = fresh[name].array
    return table.assign(**changed)


def first_rows(ids: pd.Series, among: pd.Series, gone: Collection[str], places: Sequence[int]) -> list[int]:
    """For each place in a column of ids, the first place in another one with the next id that is there and not gone.

    >>> import pandas as pd
    >>> first_rows(pd.Series(["a", "b", "c"], dtype="str"), pd.Series(["a", "a", "b", "c"], dtype="str"), {"b"}, [1, 3])
    [3, 4]
    """
    import numpy as np

    if not places:
        return []
    first = places_in(ids, among)
    stays = np.flatnonzero((first >= 0) & ~ids.isin(list(gone)).to_numpy(dtype=np.bool_))
    found: list[int] = np.append(first[stays], len(among))[np.searchsorted(stays, list(places))].tolist()
    return found


def _texts(column: pd.Series) -> Any:
    """The cells of a column as one array of Arrow's; a column that was put together from parts has several."""
    import pyarrow as pa

    cells = pa.array(column, pa.string())
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


def folded(column: pd.Series, fold: Callable[[str], str]) -> Any:
    """The texts of a column, each as `fold` makes it, for `having`. Of ASCII texts `fold` is taken to be lower case."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = _texts(column)
    lower, is_ascii = pc.ascii_lower(cells), pc.string_is_ascii(cells)
    if _all(is_ascii):
        return lower
    others = pa.array([fold(cell) for cell in cells.filter(pc.invert(is_ascii)).to_pylist()], pa.string())
    return pc.replace_with_mask(lower, pc.invert(is_ascii), others)


def taken(texts: Any, kept: npt.NDArray[np.intp], fresh: Any) -> Any:
    """The texts at some places, and where the place is -1 the fresh ones, in their order."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    places = np.where(kept < 0, len(texts) + np.cumsum(kept < 0) - 1, kept)
    return pc.take(pa.concat_arrays([texts, fresh]), pa.array(places))


def ranks(texts: Any) -> npt.NDArray[np.float64]:
    """A number for each text, in their order; equal texts have the same."""
    import numpy as np
    import pyarrow.compute as pc

    return np.asarray(pc.rank(texts, tiebreaker="dense"), dtype=np.float64)


def having(texts: Any, part: str) -> npt.NDArray[np.bool_]:
    """Which of some texts have a part, to the letter."""
    import numpy as np
    import pyarrow.compute as pc

    return np.asarray(pc.match_substring(texts, part), dtype=np.bool_)


def release() -> None:
    """Give the memory back that Arrow keeps for later."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


# ---------------------------------------------------------------------------------------------- checks


def _is_sound(table: Any, fields: Fields, key: str) -> bool:
    import pyarrow.compute as pc

    if pc.count_distinct(table[key]).as_py() != len(table):
        return False
    for field in fields:
        if field["name"] in BOUNDS and "date" in table.column_names:
            continue  # they follow from the date
        column, rules = table[field["name"]], field.get("constraints", {})
        check: Callable[..., bool] = _are_texts if field["type"] == "string" else _are_numbers
        if not check(column, rules):
            return False
        if field.get("rdfType") == EDTF and field["name"] != "date" and not _are_dates(column):
            return False
    return _are_bounded(table) if "date" in table.column_names else True


def _are_texts(column: Any, rules: Mapping[str, Any]) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    given = pc.not_equal(column, "")
    if rules.get("required") and not _all(given):
        return False
    if "enum" in rules:
        return _all(pc.is_in(column, value_set=pa.array(["", *rules["enum"]])))
    if "pattern" in rules:
        return _all(pc.or_(pc.invert(given), pc.match_substring_regex(column, f"^(?:{rules['pattern']})$")))
    return True


def _are_numbers(column: Any, rules: Mapping[str, Any]) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    if rules.get("required") and column.null_count:
        return False
    if pa.types.is_floating(column.type) and pc.any(pc.is_nan(column)).as_py():
        return False
    least, most = rules["minimum"], rules.get("maximum")
    return _all(pc.greater_equal(column, least)) and (most is None or _all(pc.less_equal(column, most)))


def _are_dates(column: Any) -> bool:
    """Is every different text a date, or empty?"""
    import pyarrow.compute as pc

    try:
        for text in pc.unique(column).to_pylist():
            bounds(text)
    except EdtfError:
        return False
    return True


def _are_bounded(table: Any) -> bool:
    """Is every date one, and what else a row says of it what follows from it?

    Days and years are checked as columns; any other date once for each combination that there is.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    there = [name for name in BOUNDS if name in table.column_names]
    date = table["date"]
    days, years = pc.match_substring_regex(date, DAY), pc.match_substring_regex(date, YEAR)
    for which, first, last, precision in ((days, "", "", "day"), (years, "-01-01", "-12-31", "year")):
        rows = table.select(["date", *there]).filter(which)
        some = rows["date"]
        if precision == "day":
            some.cast(pa.date32())  # raises ArrowInvalid
        wanted = {
            "earliest": pc.binary_join_element_wise(some, first, ""),
            "latest": pc.binary_join_element_wise(some, last, ""),
            "precision": pa.scalar(precision),
        }
        if not all(_all(pc.equal(rows[name], wanted[name])) for name in there):
            return False
    return _each_is_bounded(table.filter(pc.invert(pc.or_(days, years))), there)


def _each_is_bounded(table: Any, there: Sequence[str]) -> bool:
    combinations = table.select(["date", *there]).group_by(["date", *there]).aggregate([])
    try:
        return all(bounds(row["date"])[name] == row[name] for row in combinations.to_pylist() for name in there)
    except EdtfError:
        return False


def _all(truths: Any) -> bool:
    """Are all of them true, as far as they are known?"""
    import pyarrow.compute as pc

    return pc.all(truths).as_py() is not False
