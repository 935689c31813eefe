/* The page of a graph: vis-network draws nodes and edges; labels, list, legend and tooltip are done here.
   All text comes from the data and goes into the page as text, never as HTML. */
(() => {
  const { element, text, mixed, full, cover, around, isInside, writeLines, plain, fit } = kgTools;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const { nodes, edges, things, details } = data;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const narrow = matchMedia("(max-width: 48rem)");
  const hidden = { kind: new Set(), group: new Set() };
  const neighbours = nodes.map(() => new Map());
  edges.forEach((edge, number) => {
    neighbours[edge.from].set(edge.to, number);
    neighbours[edge.to].set(edge.from, number);
  });
  const ALWAYS = narrow.matches ? 4 : 12; // at most so many labels are shown though they cover nodes
  const articles = nodes.filter((node) => node.kind === "article").length;
  const isLeading = (node) => node.kind !== "concept" && node.kind !== "missing" || node === nodes[data.focus];
  const isFirst = (node) => node.kind === "community" || (node.kind === "article" && articles <= 12);
  let colouring = data.groups.length > 1 ? "group" : "kind"; // what colours say
  let selected = null;
  let hovered = null;
  let matches = null;

  const kindNumber = new Map(data.kinds.map((kind, number) => [kind.label, number]));
  const isVisible = (number) => !hidden.kind.has(nodes[number].kind) && !hidden.group.has(nodes[number].group_);
  const label = (number) => things[number][0];

  const say = (sentence) => {
    byId("status").textContent = sentence;
  };

  // Colours

  const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  let theme = {};
  const readTheme = () => {
    theme = Object.fromEntries(["page", "ink", "faint", "edge", "accent"].map((name) => [name, style(name)]));
  };
  const shade = (entry) => (dark.matches ? entry.dark : entry.light);
  const colourOf = (number) =>
    shade(colouring === "group" ? data.groups[nodes[number].group_] : data.kinds[kindNumber.get(nodes[number].kind)]);
  // The map

  const isStrong = (number) =>
    selected !== null
      ? number === selected || neighbours[selected].has(number)
      : matches === null || matches.has(number);
  const zoomedOut = () => Math.min(2.2, Math.max(1, 0.42 / network.getScale()));
  let enlarged = 1;

  const nodeLook = (number) => {
    const node = nodes[number];
    const share = isStrong(number) ? 1 : 0.14;
    const colour = mixed(full(colourOf(number)), full(theme.page), share);
    const hollow = node.kind === "missing";
    const ring = number === selected || number === data.focus ? theme.ink : hollow ? colour : theme.page;
    return {
      id: number,
      hidden: !isVisible(number),
      size: node.size * enlarged,
      color: { background: hollow ? theme.page : colour, border: ring },
      borderWidth: number === selected ? 3 : number === data.focus ? 2 : 1,
    };
  };
  const edgeLook = (number) => {
    const { from, to } = edges[number];
    const shown = isVisible(from) && isVisible(to);
    const touches = from === selected || to === selected;
    const strong = selected !== null ? touches : isStrong(from) && isStrong(to);
    const colour = touches ? theme.accent : strong ? full(theme.edge) : mixed(full(theme.edge), full(theme.page), 0.3);
    return { id: number, hidden: !shown, color: { color: colour, hover: theme.accent } };
  };

  readTheme();
  byId("legend").open = !narrow.matches;
  byId("groups").hidden = data.groups.length < 2;
  document.querySelector(".choice").hidden = data.groups.length < 2;
  const nodeSet = new vis.DataSet(
    nodes.map((node, number) => ({ id: number, x: node.x, y: node.y, size: node.size, shape: node.shape }))
  );
  const edgeSet = new vis.DataSet(
    edges.map((edge, number) => ({ id: number, from: edge.from, to: edge.to, width: edge.width, dashes: Boolean(edge.dashes) }))
  );
  const network = new vis.Network(byId("canvas"), { nodes: nodeSet, edges: edgeSet }, data.options);
  const paint = () => {
    edgeSet.update(edges.map((_, number) => edgeLook(number)));
    nodeSet.update(nodes.map((_, number) => nodeLook(number)));
  };
  for (const part of byId("canvas").querySelectorAll("[tabindex]")) part.tabIndex = -1;

  // Labels are drawn in one size at every zoom, the more important ones first, and none over another.

  const measuring = document.createElement("canvas").getContext("2d");
  const fontOf = (node) => `${isLeading(node) ? 600 : 400} ${node.letters}px system-ui, sans-serif`;
  const lines = nodes.map((node) => node.label.split("\n"));
  const widths = nodes.map((node, number) => {
    measuring.font = fontOf(node);
    return Math.max(...lines[number].map((line) => measuring.measureText(line).width));
  });
  const byRoom = nodes
    .map((node, number) => {
      const worth = node.size / Math.sqrt(widths[number] * lines[number].length);
      return { number, worth: isFirst(node) ? 1000 + node.size : worth };
    })
    .sort((a, b) => b.worth - a.worth || a.number - b.number)
    .map(({ number }) => number);
  const lookedAt = () => [selected, hovered, data.focus].filter((number) => number !== null);
  const labelOrder = () => [...new Set([...lookedAt(), ...byRoom.filter(isStrong)])].filter(isVisible);
  network.on("afterDrawing", (context) => {
    const { canvas } = context;
    const ratio = canvas.width / canvas.clientWidth;
    const scale = network.getScale();
    const places = network.getPositions(); // of those that are not hidden
    const middles = nodes.map((node, number) => network.canvasToDOM(places[number] || node));
    const radii = nodes.map((node) => node.size * enlarged * scale);
    const dots = middles.map(({ x, y }, at) => [x - radii[at], y - radii[at], x + radii[at], y + radii[at]]);
    const visibleDots = dots.map((box, at) => (isVisible(at) && isStrong(at) ? box : null));
    const above = [document.querySelector(".zoom"), byId("panel")].filter((part) => part.offsetWidth);
    const taken = above.map(({ offsetLeft: x, offsetTop: y, offsetWidth, offsetHeight }) => [
      x, y, x + offsetWidth, y + offsetHeight,
    ]);
    context.save();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 4;
    context.strokeStyle = theme.page;
    context.fillStyle = theme.ink;
    for (const [rank, number] of labelOrder().entries()) {
      const height = nodes[number].letters * data.line;
      const boxes = around(middles[number], radii[number], widths[number] + 4, height * lines[number].length);
      const hides = (box) => lookedAt().some((at) => at !== number && isVisible(at) && cover(box, dots[at]));
      const isFree = (box) => isInside(box, canvas) && !taken.some((other) => cover(box, other)) && !hides(box);
      const isClear = (box) => isFree(box) && !visibleDots.some((dot, at) => dot && at !== number && cover(box, dot));
      const always = number === selected || number === hovered;
      const box = boxes.find(isClear) || (rank < ALWAYS && boxes.find(isFree)) || (always && boxes[0]);
      if (!box) continue;
      taken.push(box);
      context.font = fontOf(nodes[number]);
      writeLines(context, lines[number], box, height);
    }
    context.restore();
    shownLabels = taken.slice(above.length);
  });
  let shownLabels = [];

  // The picture is stretched to the window's shape, which moves no label nearer to another.
  const stretch = () => {
    const { clientWidth, clientHeight } = byId("canvas");
    const [left, top, right, bottom] = bounds(data.nodes);
    const shape = (clientWidth - 60) / (clientHeight - 60) / ((right - left) / (bottom - top));
    const [across, down] = shape > 1 ? [Math.min(shape, 1.5), 1] : [1, Math.min(1 / shape, 2.2)];
    return nodes.map((node, number) => ({ id: number, x: node.x * across, y: node.y * down }));
  };
  const bounds = (places) => {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [number, { x, y }] of places.entries()) {
      if (!isVisible(number)) continue;
      const { size } = nodes[number];
      box[0] = Math.min(box[0], x - size);
      box[1] = Math.min(box[1], y - size);
      box[2] = Math.max(box[2], x + size);
      box[3] = Math.max(box[3], y + size);
    }
    return box[0] < box[2] ? box : [-100, -100, 100, 100];
  };
  const motion = () => (still.matches ? false : { duration: 300, easingFunction: "easeInOutQuad" });
  const showAll = (animation = false) => {
    const places = stretch();
    nodeSet.update(places);
    const [left, top, right, bottom] = bounds(places);
    const { clientWidth, clientHeight } = byId("canvas");
    const [across, down] = narrow.matches ? [70, 70] : [130, 90]; // for the labels at the rim
    const fitting = Math.min((clientWidth - across) / (right - left), (clientHeight - down) / (bottom - top), 1.3);
    const scale = Math.max(fitting, 0.02);
    const position = { x: (left + right) / 2, y: (top + bottom) / 2 + 12 / scale };
    network.moveTo({ position, scale, animation });
    resized();
  };
  const resized = () => {
    const wanted = zoomedOut();
    if (Math.abs(wanted - enlarged) > 0.04) {
      enlarged = wanted;
      nodeSet.update(nodes.map((node, number) => ({ id: number, size: node.size * enlarged })));
    }
  };
  const zoom = (factor) => {
    network.moveTo({ scale: Math.min(6, Math.max(0.05, network.getScale() * factor)), animation: motion() });
  };
  const bringIntoView = (number) => {
    const scale = Math.max(network.getScale(), 0.9);
    const panel = byId("panel");
    const offset = narrow.matches ? { x: 0, y: -panel.offsetHeight / 2 } : { x: -panel.offsetWidth / 2, y: 0 };
    network.moveTo({ position: network.getPosition(number), scale, offset, animation: motion() });
  };

  // The panel

  const { mark, quoted, fill } = kgPanel({
    data, neighbours, colourOf, select: (number) => select(number, { move: true, focus: true }), close: () => close(true),
  });
  const select = (number, { move = false, focus = false } = {}) => {
    selected = number;
    hideTip();
    const facts = fill(number);
    for (const button of byId("list").querySelectorAll("button")) {
      button.setAttribute("aria-current", String(Number(button.dataset.number) === number));
    }
    if (move) bringIntoView(number);
    if (focus) byId("panel-title").focus();
    say(`${label(number).slice(0, 200)}: ${facts.join(", ")}, ${neighbours[number].size} edges on this page`);
    requestAnimationFrame(paint);
  };
  const close = (back) => {
    if (selected === null) return;
    const number = selected;
    selected = null;
    byId("panel").hidden = true;
    for (const button of byId("list").querySelectorAll("[aria-current=true]")) button.setAttribute("aria-current", "false");
    paint();
    say("closed");
    if (back) (byId("list").querySelector(`[data-number="${number}"]`) || byId("search")).focus();
  };

  // The tooltip

  const showTip = (x, y, ...children) => {
    const tip = byId("tip");
    tip.replaceChildren(...children);
    tip.hidden = false;
    const { clientWidth, clientHeight } = byId("map");
    tip.style.left = `${Math.max(8, Math.min(x + 14, clientWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${y + 18 + tip.offsetHeight < clientHeight ? y + 18 : Math.max(8, y - tip.offsetHeight - 12)}px`;
  };
  const hideTip = () => {
    byId("tip").hidden = true;
  };
  const edgeTip = (number, { x, y }) => {
    const { from, to, why, quote } = edges[number];
    const names = element("p", { class: "faint" }, text(label(from)), " – ", text(label(to)));
    showTip(x, y, names, element("p", {}, text(why)), ...(quote ? [quoted(quote)] : []));
  };

  // The list, which is also what a search finds

  const names = nodes.map((_, number) => [label(number), ...(details[number].aliases || []), ...(details[number].hidden || [])].map(plain));
  const fillList = () => {
    const wanted = plain(byId("search").value.trim());
    let found = nodes.map((_, number) => number).filter(isVisible);
    if (wanted) {
      const scores = new Map(found.map((number) => [number, fit(names[number], wanted)]));
      found = found.filter((number) => scores.get(number) < Infinity);
      found.sort((a, b) => scores.get(a) - scores.get(b) || a - b);
    }
    matches = wanted ? new Set(found) : null;
    const items = found.map((number, at) => {
      const button = element(
        "button",
        { type: "button", "data-number": number, tabindex: at ? -1 : 0, "aria-current": String(number === selected) },
        mark(nodes[number].kind, colourOf(number)),
        text(label(number).slice(0, 300))
      );
      return element("li", {}, button);
    });
    const none = element("li", { class: "none" }, wanted ? "Nothing on this page is called so." : "Everything is hidden.");
    byId("list").replaceChildren(...(items.length ? items : [none]));
    return found;
  };
  const step = (event) => {
    const buttons = [...byId("list").querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || (at < 0 && event.key !== "ArrowDown")) return;
    event.preventDefault();
    if (to < 0) byId("search").focus();
    else if (buttons[to]) {
      for (const button of buttons) button.tabIndex = button === buttons[to] ? 0 : -1;
      buttons[to].focus();
    }
  };

  // The legend

  const toggles = (place, entries, which, keyOf, kindOf) => {
    for (const [at, entry] of entries.entries()) {
      const button = element(
        "button",
        { type: "button", "aria-pressed": "true" },
        mark(kindOf(entry), shade(entry)),
        text(entry.label),
        element("span", {}, entry.count.toLocaleString("en"))
      );
      button.addEventListener("click", () => {
        const key = keyOf(entry, at);
        const show = hidden[which].has(key);
        if (show) hidden[which].delete(key);
        else hidden[which].add(key);
        button.setAttribute("aria-pressed", String(show));
        if (selected !== null && !isVisible(selected)) close(false);
        const found = fillList();
        paint();
        say(`${entry.label} ${show ? "shown" : "hidden"}, ${found.length} in the list`);
      });
      byId(place).append(button);
    }
  };
  const recolour = () => {
    readTheme();
    for (const [place, entries] of [["kinds", data.kinds], ["groups", data.groups]]) {
      const on = (place === "kinds") === (colouring === "kind");
      byId(place).querySelectorAll(".mark").forEach((made, at) => {
        made.style.setProperty("--mark", on ? shade(entries[at]) : theme.faint);
        if (place === "groups") made.style.visibility = on ? "" : "hidden";
      });
    }
    byId("by-community").setAttribute("aria-pressed", String(colouring === "group"));
    byId("by-kind").setAttribute("aria-pressed", String(colouring === "kind"));
    fillList();
    paint();
    if (selected !== null) fill(selected);
  };

  // What happens when

  toggles("kinds", data.kinds, "kind", (entry) => entry.label, (entry) => entry.label);
  toggles("groups", data.groups, "group", (_, at) => at, () => "concept");
  byId("by-community").addEventListener("click", () => { colouring = "group"; recolour(); });
  byId("by-kind").addEventListener("click", () => { colouring = "kind"; recolour(); });
  byId("in").addEventListener("click", () => zoom(1.4));
  byId("out").addEventListener("click", () => zoom(1 / 1.4));
  byId("fit").addEventListener("click", () => showAll(motion()));
  byId("search").addEventListener("input", () => {
    const found = fillList();
    paint();
    say(matches === null ? "" : `${found.length} found`);
  });
  byId("search").addEventListener("keydown", (event) => {
    const first = byId("list").querySelector("button");
    if (event.key === "Enter" && first) select(Number(first.dataset.number), { move: true, focus: true });
  });
  byId("list").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) select(Number(button.dataset.number), { move: true, focus: true });
  });
  document.querySelector(".finder").addEventListener("keydown", step);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      hideTip();
      close(true);
    }
  });
  network.on("hoverNode", ({ node, pointer }) => {
    hovered = node;
    const [name, kind] = things[node];
    showTip(pointer.DOM.x, pointer.DOM.y, element("p", { class: "faint" }, kind), element("p", {}, text(name)));
    network.redraw();
  });
  network.on("blurNode", () => {
    hovered = null;
    hideTip();
    network.redraw();
  });
  network.on("hoverEdge", ({ edge, pointer }) => edgeTip(edge, pointer.DOM));
  network.on("blurEdge", hideTip);
  network.on("dragStart", hideTip);
  network.on("zoom", () => { hideTip(); resized(); });
  network.on("animationFinished", resized);
  network.on("click", ({ nodes: clicked, edges: near, pointer }) => {
    if (clicked.length) select(clicked[0]);
    else if (near.length) edgeTip(near[0], pointer.DOM);
    else close(false);
  });
  dark.addEventListener("change", recolour);
  network.on("resize", () => requestAnimationFrame(() => showAll()));
  recolour();
  showAll();
  const asked = /^#\d+$/.test(location.hash) ? Number(location.hash.slice(1)) : nodes.length;
  if (asked < nodes.length) select(asked);
  window.kgPage = { network, nodes, edges, boxes: () => shownLabels }; // for the tests
})();
