"""The OpenAPI document: what FastAPI reads from the endpoints, and what it cannot know, put in words.

Descriptions of fields come from the docstrings under them in the views, else from the words they share (`wording`).
It is made when it is first asked for.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from app.doors.examples import EXAMPLES
from app.doors.problems import Problem
from app.doors.rest.refusals import WRITES
from app.doors.rest.route import DoorRoute
from app.doors.wording import FIELDS, PARAMETERS, RESPONSE_HEADERS
from app.errors import LeaseLost, VersionMismatch

REF = "#/components/"


def document(app: FastAPI, routes: Iterable[DoorRoute]) -> dict[str, Any]:
    schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    components = schema["components"]
    components["schemas"]["Problem"] = Problem.model_json_schema()
    components["parameters"] = PARAMETERS
    for route in routes:
        for method in route.methods or ():
            _complete(schema["paths"][route.path][method.lower()], route, method)
    models = {model.__name__: model for model in _models(BaseModel)}
    for name, described in components["schemas"].items():
        _put_in_words(name, described, models.get(name))
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    return schema


def _complete(operation: dict[str, Any], route: DoorRoute, method: str) -> None:
    """Headers, which no signature shows, and the names in the path."""
    parameters = [given for given in operation.get("parameters", ()) if given["in"] != "path"]
    for query in parameters:
        query.setdefault("description", FIELDS.get(query["name"], ""))
    names = [name for name in route.param_convertors if name in PARAMETERS]
    names += ["Actor", "ActorKind"]
    if method in WRITES:
        names.append("IdempotencyKey")
    if LeaseLost in route.refusals and route.name != "batch":
        names.append("Fence")
    if VersionMismatch in route.refusals and route.name != "batch":
        names.append("IfMatch")
    operation["parameters"] = [*({"$ref": f"{REF}parameters/{name}"} for name in names), *parameters]
    operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {}).pop(
        "default", None
    )
    for status, response in operation["responses"].items():
        answered = response.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
        headers = {}
        if answered.endswith(("/CardView", "/ClaimedCard")):
            headers["ETag"] = RESPONSE_HEADERS["ETag"]
        if status == "201" and answered.endswith(("/CardView", "/BoardInfo")):
            headers["Location"] = RESPONSE_HEADERS["Location"]
        if headers:
            response["headers"] = headers


def _put_in_words(name: str, described: dict[str, Any], model: type[BaseModel] | None) -> None:
    told = _docstrings(model) if model is not None else {}
    for field, one in described.get("properties", {}).items():
        one.pop("title", None)
        words = one.get("description") or told.get(field) or FIELDS.get(f"{name}.{field}") or FIELDS.get(field)
        if words:
            one["description"] = words
    if name in EXAMPLES:
        described["examples"] = [EXAMPLES[name]]


def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    """The texts that stand under the fields of a class and of those it comes from."""
    found: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if _is_ours(one):
            try:
                body = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0]
            except OSError:
                continue  # installed without its source
            assert isinstance(body, ast.ClassDef)
            for field, text in pairwise(body.body):
                match field, text:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(words))):
                        found[name] = inspect.cleandoc(words)
    return found


def _models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        if _is_ours(model):
            yield model
        yield from _models(model)


def _is_ours(model: type) -> bool:
    """Written here, and no parametrised kind of a general one."""
    return model.__module__.startswith(("app.", "models.")) and "[" not in model.__name__
