/**
 * What the Formulas panel does: the graph follows what is typed, as soon as it is sound; what is not is told where it is.
 */

import { trainingActions } from "../experiment/training-work.js";
import * as api from "../server/api.js";
import { Latest } from "../server/api.js";
import { isLayered } from "../trace/trace.js";
import {
  draftOf,
  draftToRestore,
  EMPTY,
  isAnotherText,
  isLearning,
  keptIn,
  ownOf,
  rebased,
  strangersIn,
  withNewValues,
  withOldValues,
  withoutLeftovers,
} from "./draft.js";
import { keepDraft, keptDraft } from "./draft-storage.js";
import { isLearnedAtFirst, newValue, readOf, reshaped } from "./leaves.js";

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
  shown: null,
  made: [],
  told: null,
  seen: null,
  faults: [],
  isAsking: false,
  problem: null,
  left: null,
  undone: null,
};

/** What formulas are called that are no example's. */
const OWN = "Formulas of my own";
/** What somebody begins with who has nothing yet. @type {unknown} */
const BEGINNING = {
  title: OWN,
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
  /** How often values were made anew. */
  #again = 0;

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
    type: (text) => this.#take({ ...(this.#desk.draft ?? EMPTY), text }, PAUSE_MS),
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
      this.#draft((it) => {
        const count = Object.keys({ ...it.parameters, ...it.constants }).length;
        const value = newValue(name, shape, 3 * count);
        return withRole(withValue(it, name, value), name, isLearnedAtFirst(name));
      }),
    renew: (names) => {
      this.#again += 1;
      this.#tell(names, true);
      this.#draft((it) => withNewValues(it, names, this.#again));
    },
    putBack: (names, before) => {
      this.#tell(names, false);
      this.#draft((it) => withOldValues(it, names, before));
    },
    takeBack: () => this.restore("undo"),
    bringBack: () => {
      const { left } = this.#desk;
      if (left) this.#take(left);
      this.#ports.setDesk({ left: null });
    },
    begin: () =>
      this.#ports.replace(async () => /** @type {Experiment} */ (BEGINNING), "f = (x + y) * z"),
  };

  /** @returns {Desk} */
  get #desk() {
    return /** @type {Desk} */ (this.#ports.read().desks.formulas ?? START);
  }

  /**
   * Before any deed, what is typed and not shown is taken back, or brought again.
   * @param {"undo" | "redo"} way
   * @returns {boolean} whether there was such
   */
  restore(way) {
    const { draft, shown, undone } = this.#desk;
    const { iteration } = this.#ports.read();
    if (!iteration || !draftToRestore(this.#ports.read())[way]) return false;
    if (way === "redo" && undone) {
      this.#take(undone.draft);
      return true;
    }
    clearTimeout(this.#pause);
    this.#newest.forget();
    const back = draft && { draft, of: iteration.experiment };
    this.#ports.setDesk({ draft: shown, faults: [], made: [], isAsking: false, undone: back });
    if (draft) keepDraft({ of: this.#textShown, draft, isUndone: true });
    return true;
  }

  get #textShown() {
    return this.#ports.read().iteration?.experiment.formulas?.text ?? "";
  }

  /** What the draft is: that of the open experiment, unless something is being typed that is not taken yet. */
  #follow() {
    const experiment = this.#ports.read().iteration?.experiment;
    const { seen, faults, isAsking, draft: typed, shown: was } = this.#desk;
    if (!experiment || experiment === seen || isAsking) return;
    const shown = draftOf(experiment);
    if (faults.length > 0 && typed && was && shown && seen?.formulas?.text === shown.text) {
      const draft = rebased(typed, was, shown);
      return this.#ports.setDesk({ seen: experiment, draft, shown });
    }
    const before = seen ? null : keptDraft();
    const isOfThis = before?.of === (shown?.text ?? "");
    // A reload goes on where it was; what something else took the place of can be had back.
    const left =
      faults.length > 0 ? typed : (!before?.isUndone && before?.draft) || this.#desk.left;
    this.#ports.setDesk({
      seen: experiment,
      draft: shown,
      shown,
      faults: [],
      made: [],
      told: null,
      left,
    });
    if (!before || !isOfThis) return;
    if (before.isUndone) this.#ports.setDesk({ undone: { draft: before.draft, of: experiment } });
    else this.act.bringBack();
  }

  /** @param {(draft: Draft) => Draft} change of the values, as they are seen */
  #draft(change) {
    const { draft, made } = this.#desk;
    if (made.length > 0) this.#tell(made, true);
    this.#take(change(ownOf(draft ?? EMPTY, made)));
  }

  /**
   * @param {Draft} draft that is typed
   * @param {number} [pause] until it is looked at
   */
  #take(draft, pause = 0) {
    const { shown } = this.#desk;
    const made = shown ? strangersIn(draft, shown) : [];
    this.#ports.setDesk({ draft, made, isAsking: true, undone: null });
    keepDraft({ of: this.#textShown, draft });
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#check(), pause);
  }

  /** Shows what is typed, where it is sound. Names that the text reads and nobody has given get a number to begin with. */
  async #check() {
    const { draft: typed, shown, made } = this.#desk;
    const open = this.#ports.read().iteration?.experiment;
    if (!typed || !open) return;
    const signal = this.#newest.begin();
    const guessed = ownOf(typed, made);
    const own = isLearning(guessed) ? guessed : withNewValues(typed, made, 0);
    const isAnother = shown !== null && isAnotherText(shown.text, typed.text);
    // Nothing of the text before waits until its name comes back.
    const draft = isAnother ? withoutLeftovers(own) : own;
    const wanted = written(open, draft);
    const faults = await this.#ports
      .patiently(() => api.trace(wanted, signal), signal)
      .then(() => [])
      .catch(faultsOf);
    if (signal.aborted || this.#desk.draft !== typed) return;
    if (faults.length > 0) return this.#ports.setDesk({ faults, isAsking: false, seen: open });
    this.#ports.setDesk({ faults, draft, made: [] });
    keepDraft(null);
    if (made.length > 0) this.#tell(made, true);
    else if (shown && shown.text !== draft.text && !isAnother)
      this.#tell(keptIn(draft, shown), false);
    await this.#show(open, draft, isAnother);
    const now = this.#ports.read().iteration?.experiment ?? null;
    // Whatever was typed meanwhile is looked at next.
    if (this.#desk.draft === draft)
      this.#ports.setDesk({ isAsking: false, seen: now, shown: draft });
    else this.#ports.setDesk({ seen: now, shown: draft });
  }

  /**
   * @param {Experiment} open
   * @param {Draft} draft
   * @param {boolean} isAnother text, and no edited one
   */
  async #show(open, draft, isAnother) {
    const { formulas } = written(open, draft);
    if (JSON.stringify(open.formulas) === JSON.stringify(formulas)) return;
    const isOfText = open.formulas?.text !== formulas?.text;
    if (isOfText || !isSameShape(open.formulas, formulas))
      await this.#ports.replace(async (from) => {
        const made = written(from, draft);
        return isAnother ? { ...made, title: OWN } : made;
      }, "the formulas");
    else await this.#ports.edit((from) => ({ ...from, formulas }), "a value", "value");
  }

  /**
   * What became of the values of the text before.
   * @param {string[]} names
   * @param {boolean} isNew
   */
  #tell(names, isNew) {
    const before = isNew ? this.#desk.shown : (this.#desk.told?.before ?? this.#desk.shown);
    this.#ports.setDesk({ told: before && names.length > 0 ? { names, isNew, before } : null });
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
 * @param {Experiment["formulas"]} one
 * @param {Experiment["formulas"]} other
 */
function isSameShape(one, other) {
  const outline = (/** @type {Experiment["formulas"]} */ formulas) =>
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
