/* The panel that tells of a node: what it is, the sentences that prove its edges, and where to go from it. */
const kgPanel = ({ data, neighbours, colourOf, select, close }) => {
  const { element, text } = kgTools;
  const { nodes, edges, things, details } = data;

  const mark = (kind, colour) => {
    const made = element("span", { class: `mark ${kind}`, "aria-hidden": "true" });
    made.style.setProperty("--mark", colour);
    return made;
  };
  const quoted = (words, from) => {
    const made = element("p", { class: "quote" }, text(`“${words}”`));
    if (from !== undefined && from !== null) made.append(" — ", text(things[from][0]));
    return made;
  };
  const row = (entry, of) => {
    const [number, salience] = Array.isArray(entry) ? entry : [entry, null];
    const [name, kind, address] = things[number];
    const onPage = number < nodes.length;
    const line = element("span", { class: "line" });
    if (onPage) line.append(mark(kind, colourOf(number)));
    line.append(
      !onPage && address ? element("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, text(name)) : text(name)
    );
    if (kind === "missing") line.append(element("span", { class: "meter" }, "missing"));
    if (salience !== null) line.append(element("span", { class: "meter" }, salience.toFixed(2)));
    const edge = onPage ? edges[neighbours[of].get(number)] : undefined;
    const words = edge && edge.quote ? [element("span", { class: "quote" }, `“${edge.quote}”`)] : [];
    const made = onPage
      ? element("button", { type: "button", onclick: () => select(number) }, line, ...words)
      : element("span", { class: "row" }, line, ...words);
    return element("li", {}, made);
  };
  const listed = ({ title, rows, total }, of) => {
    if (!rows.length) return [];
    const count = total > rows.length ? `, ${rows.length} of ${total.toLocaleString("en")}` : "";
    return [element("h3", {}, title + count), element("ul", { class: "rows" }, ...rows.map((entry) => row(entry, of)))];
  };
  const fill = (number) => {
    const [name, kind, address] = things[number];
    const detail = details[number];
    const facts = [kind === "missing" ? "missing article" : kind, ...(detail.facts || [])];
    const panel = document.getElementById("panel");
    const top = element(
      "div",
      { class: "head" },
      element("p", { class: "faint" }, mark(kind, colourOf(number)), text(facts.join(" · "))),
      element("button", { type: "button", class: "close", "aria-label": "Close", onclick: close }, "×")
    );
    panel.replaceChildren(top, element("h2", { id: "panel-title", tabindex: "-1" }, text(name)));
    if (detail.aliases && detail.aliases.length) {
      panel.append(element("p", { class: "faint" }, "also ", text(detail.aliases.join(", "))));
    }
    if (detail.lead) {
      const words = detail.from === undefined ? text(detail.lead) : quoted(detail.lead, detail.from);
      panel.append(element("div", { class: "lead" }, words));
    }
    if (address) {
      const link = element("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, "Read it on the site");
      panel.append(element("p", { class: "go" }, link));
    }
    for (const list of detail.lists || []) panel.append(...listed(list, number));
    panel.hidden = false;
    panel.scrollTop = 0;
    return facts;
  };
  return { mark, quoted, fill };
};
