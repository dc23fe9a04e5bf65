"""A file, as it is, as the data of an experiment. What reads it is imported when it is first asked."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import ConfigDict

from app import limits
from app.api import body, openapi
from app.api.answers import answered
from app.api.queries import FLAG, Flag, Parameters, Text, Whole, Written, asked, one_of, whole
from app.documents.answer_models import TableAnswer
from app.documents.problems import Fault, Unprocessable, printable, quoted
from app.server.turns import driven
from app.tables.choices import DELIMITER_NAMES, ENCODINGS, Choices, delimiter_meant

router = APIRouter(prefix=openapi.VERSION_1, tags=["Data"])

_ROLE = "role."
_LINES = "wide,long,kind\n1.4,0.2,a\n4.7,1.4,b\n1.3,0.3,a\n"
_RECORDS = [
    {"wide": 1.4, "long": 0.2, "kind": "a"},
    {"wide": 4.7, "long": 1.4, "kind": "b"},
    {"wide": 1.3, "long": 0.3, "kind": "a"},
]
_FILE: openapi.Content = {
    "text/csv": {"schema": {"type": "string"}, "example": _LINES},
    "application/json": {"schema": {}, "example": _RECORDS},
    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}, "example": _LINES},
}
_REFUSED: openapi.Errors = {
    400: "There is nothing in the file, or it breaks off",
    415: "The file is no table in text",
}


_DELIMITER = Written(delimiter_meant, f"{', '.join(DELIMITER_NAMES)}, or another sign that is no letter and no digit")
_DECIMAL = Written({".": ".", ",": ",", "point": ".", "comma": ","}.__getitem__, "a point or a comma")
_ENCODING = one_of(ENCODINGS)


class Tabled(Parameters):
    """What may be said of a file, rather than have it found; and role.NAME for each of its columns."""

    model_config = ConfigDict(extra="allow")

    delimiter: Annotated[Text, _DELIMITER] = asked(
        None, f"What parts the cells: {', '.join(DELIMITER_NAMES)}, or the sign itself", "comma"
    )
    decimal: Annotated[Text, _DECIMAL] = asked(None, "What stands before the decimals: a point or a comma", ".")
    header: Annotated[Flag, FLAG] = asked(None, "Whether the first row has the names of the columns", True)
    encoding: Annotated[Text, _ENCODING] = asked(None, f"Of the text: one of {', '.join(ENCODINGS)}", "utf-8")
    rows: Annotated[int, whole(1, limits.ROWS)] = asked(
        limits.ROWS, "How many rows are taken at most; of more, they are drawn at random", 1000
    )
    one_hot: Text = asked(
        None, "The name of a column, or several with commas between, of whose values each becomes an input", "kind"
    )
    hold_back: Annotated[Whole, whole(2, limits.ROWS)] = asked(
        None,
        "Every so manieth row is held back, of each class where there are classes, unless the file itself "
        "says which ones are",
        5,
    )
    scale: Annotated[bool, FLAG] = asked(
        False, "Whether each input is x ← (x − mean) / standard deviation, of the rows that are learned from", False
    )

    def roles(self) -> dict[str, str]:
        """By name of a column, what it is to be.   Raises: Unprocessable, for a name that nobody knows."""
        given = {name: str(value) for name, value in (self.model_extra or {}).items()}
        unknown = [name for name in given if not name.startswith(_ROLE) or name == _ROLE]
        if unknown:
            known = ", ".join([*type(self).model_fields, f"{_ROLE}NAME"])
            raise Unprocessable(
                [
                    Fault(f"query:{printable(name, 60)}", f"{quoted(name)} is not known here; there are {known}")
                    for name in unknown
                ]
            )
        return {name.removeprefix(_ROLE): role for name, role in given.items()}


@router.post(
    "/table", response_model=TableAnswer, **openapi.posted("A file as the data of an experiment", _FILE, _REFUSED)
)
async def post_table(query: Annotated[Tabled, Query()], request: Request) -> Response:
    """CSV in any of its forms, ARFF or JSON: what it holds, what each column is for and why, what is left out, x and y.

    Every choice that is made can be made otherwise in the query. `role.NAME=input`, `target`, `class` or `skip` says
    what becomes of the column of that name.
    """
    roles = query.roles()
    content = await body.file(request, limits.TABLE_BYTES)
    from app.tables import reading

    choices = Choices(**query.model_dump(include=set(Tabled.model_fields)), roles=roles)
    document = await driven(request, reading.table(content, choices))
    numbers = document["data"]["x"].size + document["data"]["y"].size
    return answered(request, document, long=numbers > limits.INLINE_NUMBERS)
