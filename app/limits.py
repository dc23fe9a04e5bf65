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
CHECK_ENTRIES = 40_000  # numbers that one check compares: about 6 MB of JSON
TRAIN_STEPS = 1_000_000  # iterations of one call; the next call goes on where it ended
TRAIN_MULTIPLICATIONS = 120_000_000_000  # of all iterations of one call: about a minute, in slices
ERRORS = 20  # errors listed in one answer
TEXT_BYTES = 65_536  # of one text or number in a long body: no title is near it, and it is read in one piece
ENTRIES = 10_000  # in one list or object of a long body: as many as there may be rows
DEPTH = 16  # objects and lists within one another in a long body; an experiment has six

# How one process shares its time among many clients.
INLINE_BYTES = 16_384  # a body up to this is read in one piece, in some 0.3 ms
INLINE_NUMBERS = 8_192  # an answer up to this is written in one piece, in less than a millisecond
APART_MULTIPLICATIONS = 2_000_000  # of one pass: beyond, NumPy takes so long that another thread is worth its cost
PIECE_BYTES = 65_536  # a longer answer goes out in pieces of about this
PIECE_SECONDS = 0.02  # after which a shorter piece goes out too, so that a reader sees training move
TURN_SECONDS = 0.0005  # of computing, before others have their turn: about what a small request takes
CALL_SECONDS = 60  # of computing in one call; one of /train ends there, and the next goes on
BODY_SECONDS = 30  # until a body must have arrived: 8 MB at 2 Mbit/s
LONG_CALLS = 64  # under way in one process that took more than a turn; each may hold some 100 MB for a moment
BODIES_BYTES = 128 * 1024 * 1024  # of all bodies that one process is receiving
RETRY_SECONDS = 1  # after which one may ask again, where there was too much to do

CATALOG = {
    "body_bytes": BODY_BYTES,
    "body_seconds": BODY_SECONDS,
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
    "check_entries": CHECK_ENTRIES,
    "work_multiplications": WORK_MULTIPLICATIONS,
    "seed": SEED,
    "train_steps": TRAIN_STEPS,
    "train_multiplications": TRAIN_MULTIPLICATIONS,
    "call_seconds": CALL_SECONDS,
    "long_calls": LONG_CALLS,
    "bodies_bytes": BODIES_BYTES,
    "retry_seconds": RETRY_SECONDS,
}
