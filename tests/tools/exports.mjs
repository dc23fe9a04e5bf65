// Reads experiments as a JSON list on stdin; prints, as a JSON list, the scripts that the page offers of each.

import { readFileSync } from "node:fs";
import { curlOf } from "../../static/js/export/curl.js";
import { numpyOf } from "../../static/js/export/numpy.js";
import { pytorchOf } from "../../static/js/export/pytorch.js";

const ORIGIN = "http://127.0.0.1:8000";

/** @type {import("../../static/js/trace/trace.js").Experiment[]} */
const experiments = JSON.parse(readFileSync(0, "utf8"));
const scripts = experiments.map((experiment) => ({
  numpy: numpyOf(experiment),
  pytorch: pytorchOf(experiment),
  curl: curlOf({ path: "/step?lean=true", body: experiment }, ORIGIN),
}));
process.stdout.write(JSON.stringify(scripts));
