/**
 * The walk through an attention head: what a query asks, why softmax mixes, and where the gradient of a masked place goes.
 */

/** The beats of the example, by what they bring. */
const BRINGS = {
  V: 3,
  product: 5,
  S: 7,
  A: 8,
  O: 9,
  gradientOfA: 16,
  gradientOfS: 18,
  gradientOfWQ: 26,
};
/** All its gradients are there, and no weight has moved. */
const BEFORE_UPDATE = 30;

/** @type {readonly import("./walk.js").Stop[]} */
const STOPS = [
  {
    title: "Three places, and who may look where",
    words:
      "X says which place a row is, E what stands there. The target Y wants each row but the first to tell what stood one place before. The mask allows a look at oneself and at what came before, never ahead.",
    shows: { t: 0 },
  },
  {
    title: "Query, key, value",
    words:
      "Three weights make three things of each place: its query Q, what it asks; its key K, by which others find it; its value V, what it gives when it is found.",
    shows: { t: BRINGS.V },
  },
  {
    title: "What a query asks: Q · Kᵀ",
    words:
      "Each row of Q meets each row of K: a sum of products that is large where they point the same way. One row of scores for each place that asks, divided by √2 so that they stay small.",
    shows: { t: BRINGS.product, selection: "S.2[1,0]", panel: "inspect" },
  },
  {
    title: "The mask is −1e9, not 0",
    words:
      "Where the mask has 0, the score becomes −1e9. Softmax takes e to the power of it: nothing is left. The score 0 would not do: e⁰ is 1, a share like any other.",
    shows: { t: BRINGS.S, selection: "S[0,1]", panel: "inspect" },
  },
  {
    title: "Why softmax mixes",
    words:
      "Softmax makes shares of each row: positive, and 1 in all. So every place gets a little of everything that it may see. Row 0 sees itself alone: its share is 1, whatever it asks.",
    shows: { t: BRINGS.A, selection: "A[2,1]", panel: "inspect" },
  },
  {
    title: "The answer is a mixture: O = A · V",
    words:
      "Row 2 of O is 31 % of V’s row 0, 41 % of row 1 and 28 % of row 2. It should be row 1 alone: to learn is to move these shares.",
    shows: { t: BRINGS.O, selection: "O[2,0]", panel: "inspect" },
  },
  {
    title: "Backward: where should I look?",
    words:
      "∂C/∂A tells for each share how C would change if it grew. In row 1 it is −1.05 for row 0 and 1.22 for itself: look back, not at yourself. That is what the target wants.",
    shows: { t: BRINGS.gradientOfA, selection: "A[1,0]", panel: "inspect" },
  },
  {
    title: "Where the gradient of a masked place goes",
    words:
      "A[1,2] is 0, and yet ∂C/∂A is 0.17 there. On its way through softmax it is multiplied by the share itself, and the share is 0: nothing arrives at S, nor at any weight. What must not be seen teaches nothing.",
    shows: { t: BRINGS.gradientOfS, selection: "S[1,2]", panel: "inspect" },
  },
  {
    title: "One query that learns nothing yet",
    words:
      "WQ’s first row is used by place 0 alone, and its one share is 1 for every query. So the slope of both its weights is 0. In the other two rows there is something to learn.",
    shows: { t: BRINGS.gradientOfWQ, selection: "WQ[0,0]", panel: "inspect" },
  },
  {
    title: "One step",
    words:
      "Here the step is taken for you: WQ, WK and WV move against their slopes, all at once. Watch the shares in A.",
    shows: { t: BEFORE_UPDATE },
  },
];

/** @type {import("./walk.js").Walk} */
export const ATTENTION = {
  name: "Attention",
  watched: { id: "A", rows: [1, 2] },
  stops: STOPS,
  afterOne: {
    title: "One step was taken, and C is smaller",
    words:
      "Row 1 of A looks a little more at row 0 than before, and a little less at itself. Nobody said so: the slopes did. Now a hundred more?",
  },
  afterMany: {
    title: "What was learned: one place back",
    words:
      "Row 1 gives 97 % to row 0, row 2 gives 72 % to row 1: the head looks one place back. Real heads are this, with more columns, and many of them side by side.",
  },
  onward: [
    { words: "A recurrent net", example: "recurrent" },
    { words: "Your own formulas", panel: "formulas" },
  ],
};
