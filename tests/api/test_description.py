"""The description of the API, taken at its word by Schemathesis: whatever is asked, the answer is one that it declares.

What it says may be sent is sent, and what it says may not be is refused. Only one thing cannot be asked of it: that all
which fits its schemas is accepted, since a schema does not say how the sizes of two lists must agree.

The seed is fixed. `make fuzz` asks more often, from another seed each day.
"""

import os
from datetime import date
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis.checks import positive_data_acceptance

from app.main import create_app

FUZZED = "BACKPROP_FUZZ" in os.environ
EACH_WAY = int(os.environ.get("BACKPROP_FUZZ", "1000")) // 66
MOST_STEPS = 2000  # of /train: legal, and soon done
SEED = date.today().toordinal() if FUZZED else 1

description = schemathesis.openapi.from_asgi("/openapi.json", create_app())


@description.parametrize()
@seed(SEED)
@settings(max_examples=EACH_WAY, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_described(case: schemathesis.Case[Any]) -> None:
    steps = (case.query or {}).get("steps")
    if isinstance(steps, int):
        case.query["steps"] = min(steps, MOST_STEPS)
    case.call_and_validate(excluded_checks=[positive_data_acceptance])
