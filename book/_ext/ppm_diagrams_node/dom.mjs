// The few parts of a browser that @plantuml/core asks for: elements to build the SVG from, a canvas that measures
// text, and a serializer.  Text is measured with the advance widths of DejaVu Sans (`metrics`, from metrics.py), so a
// diagram comes out the same on every machine, whatever fonts that has.

const escape = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const escapeAttribute = (text) => escape(text).replaceAll('"', "&quot;");

/** Returns {measure(text, font)}: sizes in px of a text set in a CSS font such as "bold 13px sans-serif". */
export function textMeasurer(metrics) {
  const face = (font) => {
    const name = (/mono|courier/i.test(font) ? "mono" : "sans") + (/bold|[6-9]00\b/i.test(font) ? "-bold" : "");
    return metrics[name];
  };
  return {
    measure(text, font) {
      const { unitsPerEm, ascent, descent, advances, missing } = face(font);
      const size = Number(/([\d.]+)px/.exec(font)?.[1] ?? 12);
      let width = 0;
      for (const character of text) width += advances[character.codePointAt(0)] ?? missing;
      const scale = size / unitsPerEm;
      return { width: width * scale, ascent: ascent * scale, descent: descent * scale };
    },
  };
}

/** Puts `document`, `window` and friends on the global object. */
export function installDom(metrics) {
  const { measure } = textMeasurer(metrics);

  class Node {
    constructor(tagName) {
      Object.assign(this, { tagName, attributes: new Map(), childNodes: [], style: {}, text: null, parentNode: null });
    }
    get ownerDocument() { return document; }
    get firstChild() { return this.childNodes[0] ?? null; }
    get textContent() { return this.text ?? this.childNodes.map((child) => child.textContent).join(""); }
    set textContent(value) { this.childNodes = []; this.text = String(value); }
    get outerHTML() { return serialize(this); }
    setAttribute(name, value) { this.attributes.set(name, String(value)); }
    setAttributeNS(_namespace, name, value) { this.setAttribute(name, value); }
    getAttribute(name) { return this.attributes.get(name) ?? null; }
    appendChild(child) { return this.insertBefore(child, null); }
    insertBefore(child, next) {
      const index = next ? this.childNodes.indexOf(next) : -1;
      this.childNodes.splice(index < 0 ? this.childNodes.length : index, 0, child);
      child.parentNode = this;
      return child;
    }
    removeChild(child) {
      this.childNodes = this.childNodes.filter((other) => other !== child);
      return child;
    }
    measure() {
      const weight = this.getAttribute("font-weight") ?? "";
      const font = `${weight} ${this.getAttribute("font-size") ?? 12}px ${this.getAttribute("font-family") ?? ""}`;
      return measure(this.textContent, font);
    }
    getBBox() {
      const { width, ascent, descent } = this.measure();
      return { x: 0, y: -ascent, width, height: ascent + descent };
    }
  }

  function serialize(node) {
    if (node.instruction) return `<?${node.instruction} ${node.data}?>`;
    if (node.tagName === "text" && node.textContent.length > 1) {
      // Where a reader's program has no DejaVu Sans, its text still fills the box that was drawn for it.
      node.setAttribute("textLength", node.measure().width.toFixed(2));
      node.setAttribute("lengthAdjust", "spacingAndGlyphs");
    }
    const attributes = [...node.attributes].map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join("");
    const inner = (node.text === null ? "" : escape(node.text)) + node.childNodes.map(serialize).join("");
    const start = `<${node.tagName}${attributes}`;
    return inner === "" ? `${start}/>` : `${start}>${inner}</${node.tagName}>`;
  }

  const context = {
    font: "12px sans-serif",
    measureText(text) {
      const { width, ascent, descent } = measure(text, this.font);
      return {
        width,
        actualBoundingBoxAscent: ascent,
        actualBoundingBoxDescent: descent,
        fontBoundingBoxAscent: ascent,
        fontBoundingBoxDescent: descent,
      };
    },
  };

  globalThis.document = {
    createElementNS: (_namespace, tagName) => new Node(tagName),
    createElement(tagName) {
      const node = new Node(tagName);
      if (tagName === "canvas") node.getContext = () => context;
      return node;
    },
    createProcessingInstruction: (instruction, data) => ({ instruction, data, textContent: "" }),
    importNode: (node) => node,
    getElementById: () => null,
    currentScript: null,
    baseURI: "file:///",
    body: new Node("body"),
    head: new Node("head"),
    documentElement: new Node("html"),
  };
  globalThis.window = globalThis.self = globalThis;
  globalThis.XMLSerializer = class {
    serializeToString(node) { return serialize(node); }
  };
}
