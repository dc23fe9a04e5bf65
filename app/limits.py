"""Every bound on a request, in one place, with its unit and its reason. `/catalog` serves them."""

from typing import NamedTuple, TypeVar

Number = TypeVar("Number", int, float)


class Bound(NamedTuple):
    """The most of something that a request may ask for or take, or where its unit says so, the least."""

    name: str
    value: float
    unit: str
    reason: str


_said: list[tuple[float, str, str]] = []


def _bound(value: Number, unit: str, reason: str) -> Number:
    """The value, which is then in `BOUNDS` under the name that it is given here."""
    _said.append((value, unit, reason))
    return value


# What an experiment may hold.
BODY_BYTES = _bound(8 * 1024 * 1024, "bytes of a body", "ten times the largest example; it is read into memory whole")
LAYERS = _bound(64, "layers", "deeper than any picture stays readable")
WIDTH = _bound(1024, "neurons of a layer, or inputs", "wider than any picture stays readable")
PARAMETERS = _bound(250_000, "weights and biases", "a trace holds each of them several times")
ROWS = _bound(10_000, "examples in the data", "ten times what a lesson uses; a pass goes over all of them")
TEXT_CHARACTERS = _bound(200, "characters of a title or a name", "a longer one would not fit where it is shown")
ITERATION = _bound(2**53 - 1, "iterations done before", "the largest whole number that every JSON reader keeps exact")
ENTRIES = _bound(10_000, "entries of one list", "as many as there may be rows")
LISTS = _bound(
    300_000,
    "objects and lists in a body",
    "more than the rows of the largest network, of adam's memory of it and of all data; each takes some 100 bytes",
)
KEYS = _bound(4_000, "keys of all objects in a body", "four times what 64 layers and adam's memory of them have")
DEPTH = _bound(16, "objects and lists within one another", "an experiment has six")
FORMULA_CHARACTERS = _bound(20_000, "characters of a text of formulas", "ten pages")
FORMULA_LINES = _bound(200, "lines of such a text", "more than anybody reads as one graph")
FORMULA_SIGNS = _bound(2_000, "operators, brackets and commas of such a text", "a tenth of a second of reading")
FORMULA_OPERATIONS = _bound(400, "operations of such a text", "more than a picture shows apart")
FORMULA_ENTRIES = _bound(100_000, "entries of one value in it", "a picture of 300 × 300")
FORMULA_VALUES = _bound(200, "parameters, and constants, of such a text", "a few a line")
FORMULA_DEPTH = _bound(40, "brackets within one another in it", "nobody counts so many")
FORMULA_STEPS = _bound(100, "operations of one line, one after the other", "a line is read as one")
FORMULA_NAME = _bound(40, "characters of a name in it", "a longer one would not fit on a card")

# What a table may hold.
TABLE_BYTES = _bound(
    32 * 1024 * 1024, "bytes of a table", "twice what 10,000 pictures of digits have; read in a few seconds"
)
TABLE_LINE = _bound(262_144, "characters of a line of a table", "250 for each of as many cells as allowed")
TABLE_COLUMNS = _bound(2048, "columns of a table", "inputs and targets, as many as layers take")
TABLE_CLASSES = _bound(100, "words in a column that become classes, or inputs", "letters and more")
TABLE_LEFT_OUT = _bound(100, "rows left out that are told one by one", "nobody mends more by hand")
TABLE_NOTES = _bound(40, "notes on a table", "they are to be read by people")

# What a model may hold.
MODEL_BYTES = _bound(
    4 * 1024 * 1024,
    "bytes of a model's file",
    "twice what 250,000 parameters of 64 bits take; at its worst it is decoded into fifty times as much",
)
MODEL_NODES = _bound(1000, "nodes of a model", "exporters write several for one operation of formulas")
MODEL_NUMBERS = _bound(
    5_000_000, "numbers that a model makes while it is read", "some 40 MB, twenty times its parameters"
)

# What one call may ask for.
ANSWER_NUMBERS = _bound(1_500_000, "numbers in a full trace", "about 30 MB of JSON")
PATHS = _bound(4096, "routes from C to one weight, written out", "a reader follows a few")
FACTORS = _bound(65_536, "local partials in those routes", "about 12 MB of JSON")
POINTS = _bound(2001, "weights at which C is drawn", "more than a screen has columns")
SPAN = _bound(1_000_000, "from the middle of that drawing to its ends", "weights beyond are far past any use")
DESCENT_STEPS = _bound(50, "steps of one weight alone", "more than a drawing shows apart")
CHECK_ENTRIES = _bound(40_000, "numbers that one check compares", "about 6 MB of JSON")
CHECK_STEP_LEAST = _bound(
    1e-12, "at least, the step of a central difference", "with a smaller one it has no digit right"
)
CHECK_STEP_MOST = _bound(1.0, "the step of a central difference", "with a larger one it has no digit right")
SEED = _bound(2**32 - 1, "the largest seed", "more seeds than anybody tries")
TRAIN_STEPS = _bound(1_000_000, "iterations of one call", "the next call goes on where it ended")
WORK_MULTIPLICATIONS = _bound(4_000_000_000, "multiplications in all passes of one call", "about two seconds")
TRAIN_MULTIPLICATIONS = _bound(
    120_000_000_000,
    "multiplications in all iterations of one call of /train",
    "about a minute, in slices between which others are answered",
)

# What one call may take, and all calls of one process together.
CALL_SECONDS = _bound(60, "seconds of computing in one call", "one of /train ends there, and the next goes on")
BODY_SECONDS = _bound(30, "seconds until a body has arrived", "8 MB at 2.5 Mbit/s")
LONG_CALLS = _bound(
    64, "calls under way in one process that took more than a turn", "what they hold together has a bound of its own"
)
NUMBERS_UNDER_WAY = _bound(
    16_000_000,
    "numbers that all long calls of one process hold, in their bodies and traces",
    "some 16 bytes each, a quarter of a container's memory; ten of the largest traces",
)
BODIES_BYTES = _bound(
    128 * 1024 * 1024, "bytes of all bodies that one process is receiving", "sixteen of the largest at once"
)
ERRORS = _bound(20, "errors listed in one answer", "the answer to an error is short whatever was sent")
ERRORS_BYTES = _bound(6000, "bytes of all errors listed in one answer", "it is to be read by people")
RETRY_SECONDS = _bound(1, "seconds, after which one may ask again", "by then some of the calls under way have ended")

_names = [name.lower() for name in globals() if name.isupper()]
BOUNDS = [Bound(name, *said) for name, said in zip(_names, _said, strict=True)]
LIMITS = {bound.name: bound.value for bound in BOUNDS}

# How one process shares its time among many clients: no bounds, for nothing is refused by them.
INLINE_BYTES = 131_072  # a body up to this is read at once, in half a millisecond
INLINE_NUMBERS = 32_768  # of a trace, half of them twice: up to this it is written in one piece, in a millisecond
APART_MULTIPLICATIONS = 2_000_000  # of one pass: beyond, NumPy takes so long that another thread is worth its cost
PIECE_BYTES = 65_536  # a longer answer goes out in pieces of about this
PIECE_SECONDS = 0.02  # after which a shorter piece goes out too, so that a reader sees training move
TURN_SECONDS = 0.001  # of computing, before others have their turn: a small part of a frame
