"use strict";
/* What the script of a page needs and does not depend on the page. It comes first: the other parts are strict with it. */
const kgTools = (() => {
  // An element with attributes; children that are strings become text, never HTML.
  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key === "onclick") made.addEventListener("click", value);
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };
  const text = (value) => element("bdi", {}, value);

  // Colours as #rrggbb or #rgb
  const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const mixed = (colour, ground, share) => {
    const [one, other] = [channels(colour), channels(ground)];
    return `rgb(${one.map((value, at) => Math.round(value * share + other[at] * (1 - share))).join()})`;
  };
  const full = (colour) =>
    colour.length === 4 ? `#${[...colour.slice(1)].map((digit) => digit + digit).join("")}` : colour;

  // Boxes are [left, top, right, bottom]; where a label may stand around a node, the best place first.
  const cover = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
  const around = ({ x, y }, radius, width, height) => [
    [x - width / 2, y + radius + 2, x + width / 2, y + radius + 2 + height],
    [x + radius + 4, y - height / 2, x + radius + 4 + width, y + height / 2],
    [x - radius - 4 - width, y - height / 2, x - radius - 4, y + height / 2],
    [x - width / 2, y - radius - 2 - height, x + width / 2, y - radius - 2],
  ];
  const isInside = (box, { clientWidth, clientHeight }) =>
    box[0] > 0 && box[2] < clientWidth && box[1] > 0 && box[3] < clientHeight;
  const writeLines = (context, lines, box, height) => {
    lines.forEach((line, at) => {
      const [across, down] = [(box[0] + box[2]) / 2, box[1] + height * (at + 0.5)];
      context.strokeText(line, across, down);
      context.fillText(line, across, down);
    });
  };

  // How well one of some names fits what is searched for, 0 for the same; none does: Infinity
  const plain = (value) => value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const fit = (names, wanted) => {
    const scores = names.map((name, at) => {
      const place = name.indexOf(wanted);
      if (place < 0) return Infinity;
      return (name === wanted ? 0 : place === 0 ? 1 : /\W/.test(name[place - 1]) ? 2 : 3) + (at ? 0.5 : 0);
    });
    return Math.min(...scores);
  };
  return { element, text, mixed, full, cover, around, isInside, writeLines, plain, fit };
})();
