"""From the bytes of a body to a checked document.

Pydantic reads and checks a body in one go. It takes a key that is given twice, so the colons in the body are counted
against the keys of what was read. Where they differ, or where anything is wrong, the body is read again by Python's own
reader, strictly: that says in words what is wrong.
"""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.documents import checks, strict_json
from app.documents.checks import Read
from app.documents.experiment import Experiment, Strict
from app.documents.problems import Fault, Unprocessable, pointer, quoted, spelled, worded

Model = TypeVar("Model", bound=Strict)


def experiment(body: bytes) -> Read:
    """The experiment that the body is, in arrays.   Raises: BadRequest, Unprocessable, with every fault found."""
    document = read(body, Experiment)
    try:
        return checks.arrays(document)
    except Unprocessable:
        strict_json.read(body)  # what is no strict JSON is told first
        raise


def read(body: bytes, model: type[Model]) -> Model:
    """The body as `model`, each value of it right by itself.   Raises: BadRequest, Unprocessable."""
    strict_json.demand_few_lists(body)
    try:
        document = model.model_validate_json(body)
    except ValidationError:
        return validated(strict_json.read(body), model)
    colons, keys = body.count(b":"), _keys(document)
    if colons != keys and (b"\\" in body or colons != keys + _colons(document)):  # an escape might hide one in a text
        strict_json.read(body)
    return document


def validated(document: dict[str, Any], model: type[Model]) -> Model:
    """The same of a document that was read already.   Raises: Unprocessable, with every fault found."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise Unprocessable([*worded(error.errors(include_url=False), _fault)]) from None


_SIMPLE = (type(None), str, float, int, bool)


def _keys(document: BaseModel) -> int:
    """How many keys all objects of a document have."""
    keys = len(document.model_fields_set)
    for value in document.__dict__.values():
        kind = type(value)
        if kind is list:
            if value and isinstance(value[0], BaseModel):
                keys += sum(map(_keys, value))
        elif kind is dict:
            keys += len(value) + sum([len(it) for it in value.values() if type(it) is dict])
        elif kind not in _SIMPLE and isinstance(value, BaseModel):  # which takes Pydantic a microsecond to say
            keys += _keys(value)
    return keys


def _colons(value: Any) -> int:
    """How many colons stand in the texts of a document."""
    match value:
        case str():
            return value.count(":")
        case BaseModel():
            return sum(_colons(getattr(value, name)) for name in value.model_fields_set)
        case [str() | BaseModel(), *_]:
            return sum(map(_colons, value))
    return 0


_MUST_BE = {
    "float_type": "a number",
    "finite_number": "a number within the range of a double",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "int_from_float": "a whole number",
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list of two whole numbers",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}


def _fault(entry: ErrorDetails) -> Fault:
    """Pydantic's error in this project's words."""
    path = entry["loc"]
    thing = spelled(path)
    match entry["type"]:
        case "missing":
            detail = f"{thing} is missing"
        case "extra_forbidden":
            detail = f"{thing} is not a known field"
        case "string_unicode":  # the text may be a key: then `path` is that of the object that has it
            detail = f"{thing or 'the body'} holds the text {quoted(entry['input'])}, which has a lone surrogate"
        case "too_short":
            bounds = entry["ctx"]
            detail = f"{thing} is a list of {bounds['actual_length']}; it must have at least {bounds['min_length']}"
        case "too_long":
            bounds = entry["ctx"]
            detail = f"{thing} is a list of {bounds['actual_length']}; it may have at most {bounds['max_length']}"
        case "string_too_long":
            detail = f"{thing} has {len(entry['input'])} characters; at most {entry['ctx']['max_length']} are allowed"
        case "less_than_equal":
            detail = f"{thing} is {quoted(entry['input'])}; at most {entry['ctx']['le']} is allowed"
        case "greater_than_equal":
            detail = f"{thing} is {quoted(entry['input'])}; it must be {entry['ctx']['ge']} or more"
        case kind if kind in _MUST_BE:
            detail = f"{thing} must be {_MUST_BE[kind]}, and is {quoted(entry['input'])}"
        case _:
            detail = f"{thing} is {quoted(entry['input'])}: {entry['msg']}"
    return Fault(pointer(path), detail)
