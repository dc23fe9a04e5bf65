/**
 * Evaluated in the page: which texts are cut off or lie on one another, and the size of the smallest in the graph.
 */
() => {
  const SLACK_PX = 1.5;
  const INLINE = new Set(["inline", "inline math", "inline-block", "inline flow-root", "math"]);

  /** A text's box without the room that a font keeps above and below its letters. */
  const inked = (box) => {
    const trim = box.height * 0.18;
    return { left: box.left, right: box.right, top: box.top + trim, bottom: box.bottom - trim };
  };
  const shown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !element.closest(".visually-hidden, .skip, option, title, defs, noscript");
  const name = (element) => {
    const owner = element.closest("[data-walk], article, .panel, .transport, .masthead, dialog");
    const where = owner?.dataset.walk ?? owner?.className?.baseVal ?? owner?.className ?? "";
    return `"${element.textContent.trim().slice(0, 50)}" in ${where}`;
  };
  const outside = (box, frame) =>
    box.left < frame.left - SLACK_PX ||
    box.right > frame.right + SLACK_PX ||
    box.top < frame.top - SLACK_PX ||
    box.bottom > frame.bottom + SLACK_PX;

  const styles = new Map();
  const styleOf = (element) => {
    let style = styles.get(element);
    if (!style) {
      const { overflow, overflowX, overflowY, display } = getComputedStyle(element);
      style = { overflow, overflowX, overflowY, display };
      styles.set(element, style);
    }
    return style;
  };

  /** What of a box is seen through the scrolling and clipping boxes around it; null for nothing. */
  const seen = (element, box) => {
    let { left, right, top, bottom } = box;
    for (let it = element.parentElement; it && it !== document.body; it = it.parentElement) {
      if (styleOf(it).overflow === "visible") continue;
      const frame = it.getBoundingClientRect();
      left = Math.max(left, frame.left);
      right = Math.min(right, frame.right);
      top = Math.max(top, frame.top);
      bottom = Math.min(bottom, frame.bottom);
    }
    return right - left > 1 && bottom - top > 1 ? { left, right, top, bottom } : null;
  };

  /** The block that a text flows in: within it, lines are the browser's own matter. */
  const blockOf = (element) => {
    let it = element;
    while (it.parentElement && INLINE.has(styleOf(it).display)) it = it.parentElement;
    return it;
  };

  const texts = [];
  const faults = [];

  for (const element of document.querySelectorAll("svg text")) {
    if (!shown(element) || element.textContent.trim() === "") continue;
    const box = inked(element.getBoundingClientRect());
    texts.push({ element, box, block: element });
    const owner = element.closest(".card, .chip");
    const frame = owner
      ? (element.closest(".cell")?.querySelector(".cell-back") ??
        owner.querySelector(".card-shape, .chip-shape"))
      : element.closest(".neuron")?.querySelector("circle");
    const wall = (frame ?? element.ownerSVGElement).getBoundingClientRect();
    if (outside(box, wall)) faults.push(`cut: ${name(element)}`);
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!element || node.data.trim() === "" || element.closest("svg, script, style")) continue;
    if (!shown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const math = element.closest("math");
    const block = math ? (math.closest(".row") ?? blockOf(math)) : blockOf(element);
    for (const rect of range.getClientRects()) {
      if (rect.width < 1) continue;
      const box = inked(rect);
      texts.push({ element, box, block });
      for (let it = element; it && it !== document.body; it = it.parentElement) {
        const { overflowX, overflowY, display } = styleOf(it);
        if (display === "inline" || display === "contents" || it.closest("math")) continue;
        const frame = it.getBoundingClientRect();
        if (outside(box, frame) && overflowX !== "auto" && overflowY !== "auto") {
          faults.push(`cut: ${name(element)}, beyond ${it.tagName.toLowerCase()}.${it.className}`);
          break;
        }
        if (overflowX === "auto" || overflowY === "auto" || overflowX === "scroll") break;
      }
    }
  }

  for (const control of document.querySelectorAll("button, select, td, th")) {
    if (shown(control) && control.scrollWidth > control.clientWidth + 2)
      faults.push(`cut: ${name(control)} is wider than its ${control.tagName.toLowerCase()}`);
  }

  /** What stands in a layer of its own above the page may cover what scrolls below it. */
  const layer = (element) => element.closest("dialog, .callout, .transport") ?? document.body;
  const visible = texts.flatMap((it) => {
    const box = seen(it.element, it.box);
    return box ? [{ ...it, box, layer: layer(it.element) }] : [];
  });
  visible.forEach((one, i) => {
    for (const other of visible.slice(i + 1)) {
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (across <= SLACK_PX || down <= SLACK_PX) continue;
      if (one.layer !== other.layer || one.block === other.block) continue;
      if (one.block.contains(other.block) || other.block.contains(one.block)) continue;
      faults.push(`overlap: ${name(one.element)} and ${name(other.element)}`);
    }
  });

  const graph = document.querySelector("svg.graph");
  const scale = graph ? (graph.getScreenCTM()?.a ?? 1) : 1;
  /** @param {string} selector */
  const smallest = (selector) =>
    Math.min(
      ...[...document.querySelectorAll(`svg.graph ${selector}`)]
        .filter((it) => it.textContent.trim() !== "")
        .map((it) => parseFloat(getComputedStyle(it).fontSize) * scale),
    );
  return {
    faults: [...new Set(faults)],
    smallest: graph && { text: smallest("text"), index: smallest("tspan") },
  };
};
