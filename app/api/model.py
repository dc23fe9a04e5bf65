"""A model that others trained, as an experiment. What reads it is imported when it is first asked."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app import limits
from app.api import body, openapi
from app.api.answers import answered
from app.api.queries import Parameters, Text, Written, asked, one_of, whole
from app.core.graph.activations import ACTIVATIONS
from app.core.graph.costs import COSTS
from app.documents.answer_models import ModelAnswer
from app.documents.experiment import ORIENTATIONS
from app.server.turns import apart, driven

router = APIRouter(prefix=openapi.VERSION_1, tags=["Data"])

_WEIGHTS = {"fc1.weight": [[0.1, -0.2], [0.4, 0.3], [0.5, 0.1]], "fc1.bias": [0, 0, 0.1], "fc2.weight": [[1, -1, 2]]}
_ONNX = "the bytes of an ONNX file"
_FILE: openapi.Content = {
    "application/octet-stream": {
        "schema": {"type": "string", "format": "binary", "title": _ONNX},
        "example": f"({_ONNX})",
    },
    "application/json": {"schema": {"type": "object"}, "example": _WEIGHTS},
}
_REFUSED: openapi.Errors = {
    400: "There is nothing in the file, or it is damaged",
    415: "It is a model of another kind, or none",
}


def _sizes(text: str) -> str:
    if not re.fullmatch(r"[1-9][0-9]{0,5}(,[1-9][0-9]{0,5}){0,7}", text):
        raise ValueError
    return text


class Modelled(Parameters):
    """What may be said of a model, rather than have it found."""

    cost: Annotated[Text, one_of(COSTS)] = asked(None, "At the end of the model", "squared_error")
    activation: Annotated[Text, one_of(ACTIVATIONS)] = asked(
        None, "Of weights alone: of all layers but the last", "tanh"
    )
    last: Annotated[Text, one_of(ACTIVATIONS)] = asked(None, "Of weights alone: of the last layer", "softmax")
    weights: Annotated[Text, one_of(ORIENTATIONS)] = asked(
        None, "Of weights alone: in_out where a matrix has a row for each input, out_in for each output", "out_in"
    )
    output: Text = asked(None, "Which output of an ONNX model is read, where it has several", "probabilities")
    shape: Annotated[Text, Written(_sizes, "sizes with commas between, such as 1,1,8,8")] = asked(
        None, "The sizes of an ONNX model's input, where it leaves some open", "1,1,8,8"
    )
    rows: Annotated[int, whole(1, limits.ROWS)] = asked(4, "How many rows of data are drawn", 4)
    seed: Annotated[int, whole(0, limits.SEED)] = asked(0, "Of the data: the same seed draws the same", 0)


@router.post("/model", response_model=ModelAnswer, **openapi.posted("A model as an experiment", _FILE, _REFUSED))
async def post_model(query: Annotated[Modelled, Query()], request: Request) -> Response:
    """An ONNX file, a state_dict in JSON, or scikit-learn's arrays in JSON: layers where it is layers, else formulas.

    Data and cost, which no such file has, are begun with: `chosen` has what was taken and why.
    """
    content = await body.file(request, limits.MODEL_BYTES)
    if not _ready:  # the first import takes as long as hundreds of turns
        await apart(request, _import)
    from app.models import reading
    from app.models.choices import Choices

    given = query.model_dump()
    given["shape"] = query.shape and tuple(map(int, query.shape.split(",")))
    document = await driven(request, reading.model(content, Choices(**given)))
    return answered(request, document, long=len(content) > limits.INLINE_BYTES)


_ready: list[bool] = []


def _import() -> None:
    from app.models import onnx_file, reading  # noqa: F401

    onnx_file.imported()
    _ready.append(True)
