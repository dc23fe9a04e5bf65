/**
 * What the Formulas panel does: the graph follows what is typed, as soon as it is sound; what is not is told where it is.
 */

import { trainingActions } from "../experiment/training-work.js";
import * as api from "../server/api.js";
import { Latest } from "../server/api.js";
import { isLayered } from "../trace/trace.js";
import { keepDraft, keptDraft } from "./draft-storage.js";
import { isLearnedAtFirst, readOf, reshaped } from "./leaves.js";

/** @typedef {import("../trace/trace.js").Experiment} Experiment */
/** @typedef {import("./leaves.js").Draft} Draft */
/** @typedef {import("./leaves.js").Value} Value */
/** @typedef {import("./formulas-view.js").Desk} Desk */
/** @typedef {import("./formulas-view.js").FormulasActions} FormulasActions */

const PAUSE_MS = 350;

/** @type {Desk} */
const START = {
  catalog: null,
  draft: null,
  seen: null,
  faults: [],
  isAsking: false,
  problem: null,
  left: null,
};

/** What somebody begins with who has nothing yet. @type {unknown} */
const BEGINNING = {
  title: "Formulas of my own",
  formulas: { text: "f = (x + y) * z", parameters: { x: -1, y: 4, z: -2 } },
  optimizer: { name: "sgd", learning_rate: 0.1 },
};

/** @param {import("../app/works.js").Ports} ports */
export const createWork = (ports) => new FormulasWork(ports);

class FormulasWork {
  #ports;
  #newest = new Latest();
  #isAskingCatalog = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;

  /** @param {import("../app/works.js").Ports} ports */
  constructor(ports) {
    this.#ports = ports;
    ports.setDesk(START);
  }

  async refresh() {
    this.#follow();
    const { catalog } = this.#desk;
    if (!this.#ports.isOpen() || this.#isAskingCatalog || catalog) return;
    this.#isAskingCatalog = true;
    const found = await this.#ports.catalog().catch(() => null);
    this.#isAskingCatalog = false;
    if (found) this.#ports.setDesk({ catalog: found });
  }

  /** @type {FormulasActions} */
  act = {
    type: (text) => this.#draft((it) => ({ ...it, text }), PAUSE_MS),
    setValue: (name, value) => this.#draft((it) => withValue(it, name, value)),
    setShape: (name, shape) =>
      this.#draft((it) => withValue(it, name, reshaped(valueIn(it, name), shape))),
    setRole: (name, learned) => this.#draft((it) => withRole(it, name, learned)),
    ...trainingActions({
      edit: (change, label) => {
        this.#ports.setDesk({ problem: null });
        return this.#ports.edit(change, label);
      },
      refuse: (problem) => this.#ports.setDesk({ problem }),
      catalog: () => this.#desk.catalog,
    }),
    setData: (name, rows) =>
      this.#ports.edit((it) => ({ ...it, data: { ...it.data, [name]: rows } }), "a value", "value"),
    writeDown: () => this.#writeDown(),
    add: (name, shape) =>
      this.#draft((it) =>
        withRole(withValue(it, name, reshaped(0.5, shape)), name, isLearnedAtFirst(name)),
      ),
    bringBack: () => {
      const { left } = this.#desk;
      if (left) this.#draft(() => left);
      this.#ports.setDesk({ left: null });
    },
    begin: () =>
      this.#ports.replace(async () => /** @type {Experiment} */ (BEGINNING), "f = (x + y) * z"),
  };

  /** @returns {Desk} */
  get #desk() {
    return /** @type {Desk} */ (this.#ports.read().desks.formulas ?? START);
  }

  /** What the draft is: that of the open experiment, unless something is being typed that is not taken yet. */
  #follow() {
    const experiment = this.#ports.read().iteration?.experiment;
    const { seen, faults, isAsking, draft: typed } = this.#desk;
    if (!experiment || experiment === seen || isAsking) return;
    const { formulas } = experiment;
    const isKept = faults.length > 0 && seen?.formulas?.text === formulas?.text;
    if (isKept) return this.#ports.setDesk({ seen: experiment });
    const draft = formulas ? { parameters: {}, constants: {}, ...formulas } : null;
    const before = seen ? null : keptDraft();
    // A reload goes on where it was; what something else took the place of can be had back.
    const left = faults.length > 0 ? typed : (before?.draft ?? this.#desk.left);
    this.#ports.setDesk({ seen: experiment, draft, faults: [], left });
    if (before && before.of === (formulas?.text ?? "")) this.act.bringBack();
  }

  /**
   * @param {(draft: Draft) => Draft} change
   * @param {number} [pause] until it is looked at
   */
  #draft(change, pause = 0) {
    const { draft } = this.#desk;
    const from = draft ?? { text: "", parameters: {}, constants: {} };
    const next = change(from);
    this.#ports.setDesk({ draft: next, isAsking: true });
    keepDraft({ of: this.#ports.read().iteration?.experiment.formulas?.text ?? "", draft: next });
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#check(), pause);
  }

  /** Shows what is typed, where it is sound. Names that the text reads and nobody has given get a number to begin with. */
  async #check() {
    const { draft } = this.#desk;
    const open = this.#ports.read().iteration?.experiment;
    if (!draft || !open) return;
    const signal = this.#newest.begin();
    const wanted = written(open, draft);
    const faults = await this.#ports
      .patiently(() => api.trace(wanted, signal), signal)
      .then(() => [])
      .catch(faultsOf);
    if (signal.aborted) return;
    if (faults.length > 0) return this.#ports.setDesk({ faults, isAsking: false, seen: open });
    this.#ports.setDesk({ faults, isAsking: false });
    keepDraft(null);
    const isSame = JSON.stringify(open.formulas) === JSON.stringify(wanted.formulas);
    if (!isSame) {
      const isOfText = open.formulas?.text !== wanted.formulas?.text;
      if (isOfText || !isSameShape(open, wanted))
        await this.#ports.replace(async (from) => written(from, draft), "the formulas");
      else
        await this.#ports.edit(
          (from) => ({ ...from, formulas: wanted.formulas }),
          "a value",
          "value",
        );
    }
    const now = this.#ports.read().iteration?.experiment ?? null;
    this.#ports.setDesk({ isAsking: false, seen: now });
  }

  /** The layers that are open, written down. */
  #writeDown() {
    return this.#ports.replace(
      (from) => /** @type {Promise<Experiment>} */ (api.ask("/formulas", from)),
      "written down in formulas",
    );
  }
}

/**
 * The experiment with the draft in the place of what it has.
 * @param {Experiment} from
 * @param {Draft} draft
 * @returns {Experiment}
 */
function written(from, { text, parameters, constants }) {
  const { network: _layers, data, ...rest } = from;
  const formulas = {
    text,
    parameters: readOf(parameters, text),
    constants: readOf(constants, text),
  };
  const begun = { iteration: 0, optimizer_state: null };
  // Data stay where the text reads them still.
  const kept = data && !isLayered(from) ? { data } : {};
  const isSame = from.formulas?.text === text;
  return /** @type {any} */ ({ ...rest, ...kept, formulas, ...(isSame ? {} : begun) });
}

/**
 * @param {Experiment} one
 * @param {Experiment} other
 */
function isSameShape(one, other) {
  const outline = (/** @type {Experiment} */ { formulas }) =>
    JSON.stringify([formulas?.parameters, formulas?.constants], (_, it) =>
      typeof it === "number" ? 0 : it,
    );
  return outline(one) === outline(other);
}

/** @param {unknown} error @returns {import("./leaves.js").Fault[]} */
function faultsOf(error) {
  if (!(error instanceof api.ApiError)) throw error;
  return error.faults.length > 0 ? error.faults : [{ pointer: "", detail: error.message }];
}

/** @param {Draft} draft @param {string} name @returns {Value} */
function valueIn({ parameters, constants }, name) {
  return parameters[name] ?? constants[name] ?? 0.5;
}

/**
 * @param {Draft} draft
 * @param {string} name
 * @param {Value} value
 * @returns {Draft}
 */
function withValue(draft, name, value) {
  const kind = name in draft.constants ? "constants" : "parameters";
  return { ...draft, [kind]: { ...draft[kind], [name]: value } };
}

/**
 * @param {Draft} draft
 * @param {string} name
 * @param {boolean} learned
 * @returns {Draft}
 */
function withRole(draft, name, learned) {
  const { [name]: _, ...parameters } = draft.parameters;
  const { [name]: __, ...constants } = draft.constants;
  const value = valueIn(draft, name);
  return learned
    ? { ...draft, constants, parameters: { ...parameters, [name]: value } }
    : { ...draft, parameters, constants: { ...constants, [name]: value } };
}
