"""What /train, /chain, /slope and /check can be asked, and how much of it."""

from app import limits
from app.direct import Field, Fields
from app.problems import Fault, Unprocessable

LEAN = Fields(
    [Field("lean", "flag", "Leave out what stands elsewhere in the same answer", example=False, default=False)]
)

_PLACE = (
    Field("parameter", "text", "The weights or the bias that the number is in, such as W0 or b0", "W0", required=True),
    Field("row", "whole", "Its row, counted from 0: the input that the weight belongs to. A bias has none", 0),
    Field("column", "whole", "Its column, counted from 0: the neuron that it belongs to", 1, required=True),
)

CHAIN = Fields(
    [
        *_PLACE,
        Field(
            "max_paths",
            "whole",
            "With more terms than this, they are folded at a node whose gradient is cached",
            64,
            default=64,
            least=1,
            most=limits.PATHS,
        ),
        Field(
            "fold", "text", "The node to fold at: one of the answer's folds, the parameter itself, or C for none", "m1"
        ),
    ]
)

SLOPE = Fields(
    [
        *_PLACE,
        Field("span", "number", "How far the weights reach to either side", 2, default=2, above=0, most=limits.SPAN),
        Field("points", "whole", "How many weights", 101, default=101, least=2, most=limits.POINTS),
        Field("center", "number", "The weight in the middle; the number itself where it is not given", 0.5),
        Field(
            "steps",
            "whole",
            "How many further steps of descent on this one number alone",
            8,
            default=0,
            least=0,
            most=limits.DESCENT_STEPS,
        ),
    ]
)

CHECK = Fields(
    [
        Field(
            "step",
            "number",
            "How far every number is moved, up and down; what measures each best where it is not given",
            1e-6,
            least=limits.CHECK_STEP_LEAST,
            most=limits.CHECK_STEP_MOST,
        ),
    ]
)


TRAIN = Fields(
    [
        Field("steps", "whole", "How many iterations", 1000, default=1000, least=1, most=limits.TRAIN_STEPS),
        Field(
            "every",
            "whole",
            "A line for each iteration whose number this divides",
            10,
            default=10,
            least=1,
            most=limits.TRAIN_STEPS,
        ),
    ]
)


def demand_little(work: int, remedy: str, most: int = limits.WORK_MULTIPLICATIONS) -> None:
    """Refuse what would take too long.   Raises: Unprocessable."""
    if work > most:
        asked = f"this takes the work of {work} multiplications; at most {most} are allowed"
        raise Unprocessable([Fault("", f"{asked}. {remedy} would help")])


def demand_few(entries: int) -> None:
    """Refuse a check of too many numbers.   Raises: Unprocessable."""
    if entries > limits.CHECK_ENTRIES:
        allowed = f"a check compares at most {limits.CHECK_ENTRIES}"
        raise Unprocessable([Fault("/network/layers", f"the network has {entries} parameters; {allowed}")])
