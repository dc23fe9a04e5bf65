/**
 * The walk through a recurrent net: why the gradient of W is a sum over time.
 */

/** The beats of the example, by what they bring. */
const BRINGS = {
  h1: 5,
  h2: 10,
  C: 19,
  lastShare: 28,
  middleShare: 35,
  firstShare: 42,
  backToStart: 36,
};
/** All its gradients are there, and no weight has moved. */
const BEFORE_UPDATE = 49;

/** @type {readonly import("./walk.js").Stop[]} */
const STOPS = [
  {
    title: "One rule, three moments",
    words:
      "Three rows of x come one after the other. Each makes a new state h, of what comes in and of the state before: h0, then h1, h2, h3. There is one U and one W, used again at each moment.",
    shows: { t: 0 },
  },
  {
    title: "What comes in, and what is remembered",
    words:
      "The new row goes through U, the old state through W; their sum goes through tanh, which keeps every entry between −1 and 1. That is h1.",
    shows: { t: BRINGS.h1 },
  },
  {
    title: "Again, with the same W",
    words:
      "The second moment has the same rule and the same numbers in U and W. Only x and the state are new. In h2 is something of x[0] still: it came through W.",
    shows: { t: BRINGS.h2 },
  },
  {
    title: "Only the last state answers",
    words:
      "h3 times V is the answer o, and C says how far it is from y. Whatever happened at the first moment has its effect on C through h1, h2 and h3 alone.",
    shows: { t: BRINGS.C },
  },
  {
    title: "Backward: the last moment first",
    words:
      "W was used last in h3, so its first contribution comes from there: h2, turned, times what arrived. It is not the whole slope yet. W was used twice more.",
    shows: { t: BRINGS.lastShare, selection: "W[0,0]", panel: "inspect" },
  },
  {
    title: "Back through time",
    words:
      "To reach h1, what arrived must come back through W, then tanh′, then W again. tanh′ is 1 at most, and small where tanh is near ±1. Over many moments a slope can vanish, or grow without bound where W is large.",
    shows: { t: BRINGS.backToStart, selection: "h1", panel: "inspect" },
  },
  {
    title: "The slope of W is a sum over time",
    words:
      "Three contributions, with h2, with h1 and with h0: ∂C/∂W is their sum, since moving W moves all three moments at once. Seven routes lead from this entry to C: one from the last moment, two from the middle one, four from the first.",
    shows: { t: BRINGS.firstShare, selection: "W[0,0]", panel: "chain" },
  },
  {
    title: "One step",
    words:
      "Here the step is taken for you: U, W and V move against their slopes. There is one W: it moves once, for all moments.",
    shows: { t: BEFORE_UPDATE },
  },
];

/** @type {import("./walk.js").Walk} */
export const RECURRENT = {
  name: "A recurrent net",
  stops: STOPS,
  afterOne: {
    title: "One step was taken, and C is smaller",
    words:
      "The same W stands at three places, and each new forward pass uses the moved one at all three. Now a hundred more?",
  },
  afterMany: {
    title: "What was learned",
    words:
      "o is 0.7 now, as y asks. This is backpropagation through time: write the moments out one after the other, go back as in any graph, and add up what each use of W says.",
  },
  onward: [
    { words: "An LSTM cell", example: "lstm" },
    { words: "Attention", example: "attention" },
    { words: "Your own formulas", panel: "formulas" },
  ],
};
