// Renders a batch of formulas in one process.
// stdin: {"modules": "<node_modules>", "formulas": [{"tex": …, "display": …}]}
// stdout: a JSON list of {"html": …} or {"error": …}, in the same order.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { modules, formulas } = JSON.parse(readFileSync(0, "utf8"));
const { default: katex } = await import(pathToFileURL(join(modules, "katex", "dist", "katex.mjs")));

const render = ({ tex, display }) => {
  try {
    return { html: katex.renderToString(tex, { displayMode: display, output: "htmlAndMathml", strict: false }) };
  } catch (error) {
    return { error: String(error.message) };
  }
};
process.stdout.write(JSON.stringify(formulas.map(render)));
