/**
 * The walk through the lecture, in its own order.
 */

/** The beats of the lecture's network that bring ∂C/∂W1 and ∂C/∂W0: where what is said of them can be seen to come. */
const BRINGS = { W1: 8, W0: 11 };
/** All its gradients are there, and no weight has moved. */
const BEFORE_UPDATE = 13;

/** @type {readonly import("./walk.js").Stop[]} */
const STOPS = [
  {
    title: "Input and classes",
    words:
      "A row of numbers x goes in, here two. The answer should say which class it is: face or car. For a face the target is y = [1, 0].",
    shows: { t: 0, selection: "y", panel: "inspect" },
  },
  {
    title: "Layers",
    words:
      "Input layer, hidden layer, output layer. Every link has a weight: W0 holds those from the input to the hidden layer, W1 those from there to the output.",
    shows: { view: "neurons" },
  },
  {
    title: "Forward: x · W0 = m0",
    words:
      "Each hidden neuron adds up its inputs, each times its weight. That is the pre-activation m0: a row times a matrix.",
    shows: { t: 1 },
  },
  {
    title: "Forward: σ0(m0) = a0",
    words:
      "Each entry goes through the activation σ: that is a0. It is kept, for the way back will need it. The output layer does the same: a0 · W1 = m1, σ1(m1) = a1.",
    shows: { t: 2 },
  },
  {
    title: "Cost: C = ‖a1 − y‖²",
    words:
      "How far is the answer a1 from the target y? One number says it: the squares of the differences, added up. The goal is to make C small.",
    shows: { t: 5 },
  },
  {
    title: "The computational graph",
    words:
      "Everything so far in one picture: each card is a result, each arrow says what it is made of. Select any number to see how it was computed.",
    shows: { t: 5, selection: "m1[0,0]", panel: "inspect" },
  },
  {
    title: "Direction of change",
    words:
      "Fix all weights but one, and C is a curve over it. Where the curve falls its slope is negative, where it rises positive. Drag the point along it.",
    shows: { t: BRINGS.W1, selection: "W1[0,0]", panel: "slope" },
  },
  {
    title: "Learning rate: 2 − 0.05 · 3 = 1.85",
    words:
      "Go against the slope: w ← w − α · slope. At w = 2 the slope is 3, so w becomes 1.85 and C falls. The learning rate α says how far to go.",
    shows: { t: BRINGS.W1, selection: "W1[0,0]", panel: "slope" },
    sum: "rising",
  },
  {
    title: "Learning rate: 5 − 0.05 · (−2) = 5.1",
    words:
      "At w = 5 the slope is −2: minus times minus, so w grows to 5.1, and C falls again. Make α large and see the step leap over the valley.",
    shows: { t: BRINGS.W1, selection: "W1[0,0]", panel: "slope" },
    sum: "falling",
  },
  {
    title: "Chain rule for W1",
    words:
      "How does C change with a weight of W1? C depends on a1, a1 on m1, m1 on the weight: multiply the three local partials.",
    shows: { t: BRINGS.W1, selection: "W1[0,0]", panel: "chain" },
    note: "The lecture writes ∂C/∂a1 = 2 a1 − y. It is 2 (a1 − y): at a1 = y the cost is lowest, so its slope must be 0 there, not y.",
  },
  {
    title: "Chain rule for W0",
    words:
      "A weight of W0 lies further back, so the chain is longer: on through W1 and σ0′ to x. It reaches C by two routes, via face and via car; their products add up.",
    shows: { t: BRINGS.W0, selection: "W0[1,2]", panel: "chain" },
  },
  {
    title: "The cache",
    words:
      "∂m1/∂W1 is a0, and a0 was computed on the way forward: keep it, and no work is done twice. The deeper the network, the more that saves.",
    shows: { t: BRINGS.W1, selection: "W1[0,0]", panel: "cache" },
  },
  {
    title: "One step",
    words:
      "Here the step is taken for you: every weight moves against its slope, all at once. Watch the cost: that is one step of learning.",
    shows: { t: BEFORE_UPDATE },
  },
];

/** @type {import("./walk.js").Walk} */
export const LECTURE = {
  name: "The lecture",
  stops: STOPS,
  afterOne: {
    title: "One step was taken, and C is smaller",
    words:
      "Every weight has moved a little against its slope, and the answer is a little less wrong. One step does not make a face of a car. A hundred more?",
  },
  afterMany: {
    title: "What was learned",
    words:
      "Nobody told it what a face is. Each step went forward, measured how wrong the answer was, carried the slope back by the chain rule, and moved every weight a little against it. The largest networks learn the same way.",
  },
  onward: [
    { words: "Two moons", example: "moons" },
    { words: "Your own data", panel: "data" },
  ],
};
