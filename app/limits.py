"""Every bound on a request, in one place, with its unit and its reason. `/catalog` serves them."""

BODY_BYTES = 8 * 1024 * 1024  # one experiment; ten times the largest example, read into memory whole
LAYERS = 64  # deeper than any picture stays readable
WIDTH = 1024  # neurons of a layer
PARAMETERS = 250_000  # numbers in all weights and biases; a trace holds each of them several times
ROWS = 10_000  # examples in the data
ANSWER_NUMBERS = 1_500_000  # numbers in a full trace: about 30 MB of JSON
TEXT_CHARACTERS = 200  # a title, a feature's or a class's name
ITERATION = 2**53 - 1  # the largest whole number that every JSON reader keeps exact
PATHS = 4096  # routes from C to one weight that are written out; a reader follows a few
FACTORS = 65_536  # local partials in those routes: about 12 MB of JSON
POINTS = 2001  # weights at which C is drawn: more than a screen has columns
SPAN = 1_000_000  # from the middle of that drawing to its ends; weights beyond are far past any use
DESCENT_STEPS = 50  # steps of one weight alone
CHECK_STEP_LEAST, CHECK_STEP_MOST = 1e-12, 1.0  # of a central difference: beyond, it has no digit right
WORK_MULTIPLICATIONS = 4_000_000_000  # of all passes that one request asks for: about two seconds
SEED = 2**32 - 1  # more seeds than anybody tries
TRAIN_STEPS = 1_000_000  # iterations of one call; the next call goes on where it ended
TRAIN_MULTIPLICATIONS = 120_000_000_000  # of all iterations of one call: about a minute, in slices
ERRORS = 20  # errors listed in one answer

CATALOG = {
    "body_bytes": BODY_BYTES,
    "layers": LAYERS,
    "width": WIDTH,
    "parameters": PARAMETERS,
    "rows": ROWS,
    "answer_numbers": ANSWER_NUMBERS,
    "text_characters": TEXT_CHARACTERS,
    "iteration": ITERATION,
    "paths": PATHS,
    "factors": FACTORS,
    "points": POINTS,
    "span": SPAN,
    "descent_steps": DESCENT_STEPS,
    "work_multiplications": WORK_MULTIPLICATIONS,
    "seed": SEED,
    "train_steps": TRAIN_STEPS,
    "train_multiplications": TRAIN_MULTIPLICATIONS,
}
