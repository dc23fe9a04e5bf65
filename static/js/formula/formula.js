/**
 * Reads the one-line formulas of the API ("m0 = x · W0 + b0", "∂C/∂W1 = ∂m1/∂W1ᵀ · ∂C/∂m1") into a tree that can be
 * typeset with symbols, or with the numbers that stand for them.
 *
 *     statement  = expression [("=" | "←") expression]
 *     expression = term {("+" | "−") term}
 *     term       = factor {("·" | "⊙" | "/") factor}
 *     factor     = "−" factor | "Σ" term | primary {"²" | "ᵗ" | "ᵀ" | "^" primary}
 *     primary    = number | name ["(" relation {"," relation} ")"] | ∂name/∂name
 *                  (a name may be an entry's: m0[0,1], b0[1]; or that of a part of a line: C.1)
 *                | "(" expression ")" | "[" relation "]"
 *     relation   = expression {(">" | "≥" | "<" | "≤" | "=" | "≠") expression}
 */

/**
 * @typedef {{ kind: "number", text: string }
 *   | { kind: "name", id: string }
 *   | { kind: "ratio", of: string, wrt: string }
 *   | { kind: "call", name: string, arguments: Tree[] }
 *   | { kind: "group", inside: Tree, brackets: "()" | "[]" }
 *   | { kind: "sum", of: Tree }
 *   | { kind: "minus", of: Tree }
 *   | { kind: "power", base: Tree, mark: string }
 *   | { kind: "raised", base: Tree, exponent: Tree }
 *   | { kind: "fraction", top: Tree, bottom: Tree }
 *   | { kind: "binary", sign: string, left: Tree, right: Tree }
 * } Tree
 */

// ᵀ and ᵗ count as letters.
const LETTER = String.raw`(?![ᵀᵗ])[\p{L}_]`;
const NAME = String.raw`${LETTER}(?:${LETTER}|\d)*\u0302?\d*(?:\.\d+)?(?:\[\d+(?:,\d+)?\])?`;
const TOKEN = new RegExp(
  String.raw`\s*(∂${NAME}\/∂${NAME}|\d+(?:\.\d+)?(?:e[-+]?\d+)?|${NAME}|[Σ+−·⊙/=←>≥<≤≠(),²ᵀᵗ^[\]])`,
  "uy",
);
const RELATIONS = [">", "≥", "<", "≤", "=", "≠"];
/** What stands above a base, and what it means. @type {Record<string, string>} */
const MARKS = { "²": "2", ᵗ: "t", ᵀ: "⊤" };
const RATIO = new RegExp(`^∂(${NAME})/∂(${NAME})$`, "u");

/**
 * @param {string} formula
 * @returns {Tree | null} null for what is not in the grammar; the page then shows the text as it is
 */
export function parse(formula) {
  const tokens = tokenize(formula);
  if (!tokens) return null;
  const reader = new Reader(tokens);
  try {
    const tree = reader.statement();
    return reader.atEnd ? tree : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** @param {string} formula */
function tokenize(formula) {
  const tokens = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < formula.trimEnd().length) {
    const match = TOKEN.exec(formula);
    if (!match) return null;
    tokens.push(match[1]);
  }
  return tokens;
}

class Reader {
  /** @type {string[]} */
  #tokens;
  #at = 0;

  /** @param {string[]} tokens */
  constructor(tokens) {
    this.#tokens = tokens;
  }

  get atEnd() {
    return this.#at === this.#tokens.length;
  }

  /** @returns {Tree} */
  statement() {
    return this.#chain(["=", "←"], () => this.expression());
  }

  /** @returns {Tree} */
  expression() {
    return this.#chain(["+", "−"], () => this.#term());
  }

  /** @returns {Tree} */
  #term() {
    let left = this.#factor();
    while (!this.atEnd && ["·", "⊙", "/"].includes(this.#next)) {
      const sign = this.#take();
      const right = this.#factor();
      left =
        sign === "/"
          ? { kind: "fraction", top: left, bottom: right }
          : { kind: "binary", sign, left, right };
    }
    return left;
  }

  /** @returns {Tree} */
  #factor() {
    if (this.#accept("−")) return { kind: "minus", of: this.#factor() };
    if (this.#accept("Σ")) return { kind: "sum", of: this.#term() };
    let base = this.#primary();
    while (!this.atEnd && (this.#next in MARKS || this.#next === "^")) {
      const mark = this.#take();
      base =
        mark === "^"
          ? { kind: "raised", base, exponent: this.#primary() }
          : { kind: "power", base, mark: MARKS[mark] };
    }
    return base;
  }

  /** @returns {Tree} */
  #relation() {
    return this.#chain(RELATIONS, () => this.expression());
  }

  /** @returns {Tree} */
  #primary() {
    const token = this.#take();
    if (token === "(")
      return this.#closed({ kind: "group", inside: this.expression(), brackets: "()" }, ")");
    if (token === "[") {
      const inside = this.#relation();
      return this.#closed({ kind: "group", inside, brackets: "[]" }, "]");
    }
    const ratio = RATIO.exec(token);
    if (ratio) return { kind: "ratio", of: ratio[1], wrt: ratio[2] };
    if (/^\d/.test(token)) return { kind: "number", text: token };
    if (!/^\p{L}/u.test(token)) throw new SyntaxError(token);
    if (!this.#accept("(")) return { kind: "name", id: token };
    const given = [this.#relation()];
    while (this.#accept(",")) given.push(this.#relation());
    return this.#closed({ kind: "call", name: token, arguments: given }, ")");
  }

  /**
   * @param {string[]} signs
   * @param {() => Tree} part
   * @returns {Tree}
   */
  #chain(signs, part) {
    let left = part();
    while (!this.atEnd && signs.includes(this.#next))
      left = { kind: "binary", sign: this.#take(), left, right: part() };
    return left;
  }

  /**
   * @param {Tree} tree
   * @param {string} bracket
   */
  #closed(tree, bracket) {
    if (!this.#accept(bracket)) throw new SyntaxError(bracket);
    return tree;
  }

  get #next() {
    return this.#tokens[this.#at];
  }

  #take() {
    if (this.atEnd) throw new SyntaxError("the formula ends too early");
    return this.#tokens[this.#at++];
  }

  /** @param {string} token */
  #accept(token) {
    const there = this.#next === token;
    if (there) this.#at += 1;
    return there;
  }
}
