/**
 * Graphs of formulas, as the engine makes them of a few lines: each node with its shape and what it is computed from. What
 * has a number behind a point is an operation inside the line of that name.
 */

/** @typedef {{ id: string, inputs: string[], shape: number[], scope: string | null }} Place */

/**
 * @param {string} text
 * @returns {Place[]}
 */
function read(text) {
  return text.split("; ").map((part) => {
    const [named, ...inputs] = part.split(" ");
    const [id, sizes = ""] = named.split(":");
    const shape = sizes === "" ? [] : sizes.split("×").map(Number);
    return { id, inputs, shape, scope: inputs.length > 0 ? id.replace(/\.\d+$/, "") : null };
  });
}

/** @type {Record<string, Place[]>} */
export const GRAPHS = {
  "attention head": read(
    "WQ:2×2; WK:2×2; WV:2×2; X:3×2; Y:3×2; Q:3×2 X WQ; K:3×2 X WK; V:3×2 X WV; S.1:2×3 K; S.2:3×3 Q S.1; S:3×3 S.2; A:3×3 S; O:3×2 A V; C.1:3×2 O Y; C.2:3×2 C.1; C C.2",
  ),
  "layer norm": read(
    "g:3; b:3; x:3; t:3; mu x; d:3 x mu; v.1:3 d; v v.1; n.1 v; n.2 n.1; n:3 d n.2; o.1:3 g n; o:3 o.1 b; C.1:3 o t; C.2:3 C.1; C C.2",
  ),
  "skip connection": read(
    "W0:2×2; b0:1×2; W1:2×2; b1:1×2; W2:2×2; b2:1×2; x:1×2; y:1×2; m0.1:1×2 x W0; m0:1×2 m0.1 b0; h0:1×2 m0; m1.1:1×2 h0 W1; m1:1×2 m1.1 b1; h1.1:1×2 m1; h1:1×2 h1.1 h0; m2.1:1×2 h1 W2; m2:1×2 m2.1 b2; h2.1:1×2 m2; h2:1×2 h2.1 h1; C.1:1×2 h2 y; C.2:1×2 C.1; C C.2",
  ),
  "used twice": read("w; x; u x x; v u x; f.1 u w; f v f.1"),
  "LSTM, two steps": read(
    "Wf:2×2; Uf:2×2; bf:1×2; Wi:2×2; Ui:2×2; bi:1×2; Wo:2×2; Uo:2×2; bo:1×2; Wg:2×2; Ug:2×2; bg:1×2; x1:1×2; x2:1×2; h0:1×2; c0:1×2; y:1×2; zf1.1:1×2 x1 Wf; zf1.2:1×2 h0 Uf; zf1.3:1×2 zf1.1 zf1.2; zf1:1×2 zf1.3 bf; f1:1×2 zf1; zi1.1:1×2 x1 Wi; zi1.2:1×2 h0 Ui; zi1.3:1×2 zi1.1 zi1.2; zi1:1×2 zi1.3 bi; i1:1×2 zi1; zo1.1:1×2 x1 Wo; zo1.2:1×2 h0 Uo; zo1.3:1×2 zo1.1 zo1.2; zo1:1×2 zo1.3 bo; o1:1×2 zo1; zg1.1:1×2 x1 Wg; zg1.2:1×2 h0 Ug; zg1.3:1×2 zg1.1 zg1.2; zg1:1×2 zg1.3 bg; g1:1×2 zg1; c1.1:1×2 f1 c0; c1.2:1×2 i1 g1; c1:1×2 c1.1 c1.2; h1.1:1×2 c1; h1:1×2 o1 h1.1; zf2.1:1×2 x2 Wf; zf2.2:1×2 h1 Uf; zf2.3:1×2 zf2.1 zf2.2; zf2:1×2 zf2.3 bf; f2:1×2 zf2; zi2.1:1×2 x2 Wi; zi2.2:1×2 h1 Ui; zi2.3:1×2 zi2.1 zi2.2; zi2:1×2 zi2.3 bi; i2:1×2 zi2; zo2.1:1×2 x2 Wo; zo2.2:1×2 h1 Uo; zo2.3:1×2 zo2.1 zo2.2; zo2:1×2 zo2.3 bo; o2:1×2 zo2; zg2.1:1×2 x2 Wg; zg2.2:1×2 h1 Ug; zg2.3:1×2 zg2.1 zg2.2; zg2:1×2 zg2.3 bg; g2:1×2 zg2; c2.1:1×2 f2 c1; c2.2:1×2 i2 g2; c2:1×2 c2.1 c2.2; h2.1:1×2 c2; h2:1×2 o2 h2.1; C.1:1×2 h2 y; C.2:1×2 C.1; C C.2",
  ),
  "recurrent net, three steps": read(
    "W:2×2; U:2×2; b:1×2; x1:1×2; x2:1×2; x3:1×2; h0:1×2; y:1×2; h1.1:1×2 x1 W; h1.2:1×2 h0 U; h1.3:1×2 h1.1 h1.2; h1.4:1×2 h1.3 b; h1:1×2 h1.4; h2.1:1×2 x2 W; h2.2:1×2 h1 U; h2.3:1×2 h2.1 h2.2; h2.4:1×2 h2.3 b; h2:1×2 h2.4; h3.1:1×2 x3 W; h3.2:1×2 h2 U; h3.3:1×2 h3.1 h3.2; h3.4:1×2 h3.3 b; h3:1×2 h3.4; C.1:1×2 h3 y; C.2:1×2 C.1; C C.2",
  ),
  "softmax with cross-entropy": read(
    "W:2×3; b:3; x:2; y:3; z.1:3 x W; z:3 z.1 b; p:3 z; C.1:3 p; C.2:3 y C.1; C.3 C.2; C C.3",
  ),
};
