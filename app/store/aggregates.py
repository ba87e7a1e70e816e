"""Many rows as one value, spelled for each store: what a card's select uses to bring its labels, items and links."""

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class listed(FunctionElement[str]):
    """Numbers of many rows, comma-joined; NULL when there are none."""

    name = "listed"
    type = Text()
    inherit_cache = True


class json_rows(FunctionElement[str]):
    """One JSON array a row, of the given columns, all in one JSON array as text; `[]` or NULL when there are none."""

    name = "json_rows"
    type = Text()
    inherit_cache = True


@compiles(listed)
def _listed_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **kw)})"


@compiles(listed, "postgresql")
def _listed_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"string_agg(CAST({compiler.process(element.clauses, **kw)} AS TEXT), ',')"


@compiles(json_rows)
def _json_rows_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **kw)}))"


@compiles(json_rows, "postgresql")
def _json_rows_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST(json_agg(json_build_array({compiler.process(element.clauses, **kw)})) AS TEXT)"
