"""Every bound on a request, in one place, with its unit and its reason. `/catalog` serves them."""

BODY_BYTES = 8 * 1024 * 1024  # one experiment; ten times the largest example, read into memory whole
LAYERS = 64  # deeper than any picture stays readable
WIDTH = 1024  # neurons of a layer
PARAMETERS = 250_000  # numbers in all weights and biases; a trace holds each of them several times
ROWS = 10_000  # examples in the data
ANSWER_NUMBERS = 1_500_000  # numbers in a full trace: about 30 MB of JSON
TEXT_CHARACTERS = 200  # a title, a feature's or a class's name
ITERATION = 2**53 - 1  # the largest whole number that every JSON reader keeps exact
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
}
