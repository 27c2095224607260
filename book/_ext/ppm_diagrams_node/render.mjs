// Renders a batch of PlantUML diagrams in one process.
// stdin: {"modules": "<node_modules>", "metrics": {…}, "diagrams": [{"key": …, "lines": […]}]}
// stdout: one JSON object a line, {"key": …, "svg": …} or {"key": …, "error": …}, in the same order.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInThisContext } from "node:vm";
import { installDom } from "./dom.mjs";

const { modules, metrics, diagrams } = JSON.parse(readFileSync(0, "utf8"));
const core = join(modules, "@plantuml", "core");

installDom(metrics);
const write = (object) => process.stdout.write(JSON.stringify(object) + "\n");
// The engine logs to the console; stdout belongs to the results.
console.log = console.info = console.warn = () => {};

const load = (name) => runInThisContext(readFileSync(join(core, name), "utf8"), { filename: name });
load("viz-global.js");
const bundled = ["themes.js", "emoji.js", "openiconic.js"];
// Themes, emoji and icons are asked for by address; they lie beside the engine.
globalThis.PLANTUML_STDLIB_LOADER = (url, done, failed) => {
  const name = url.replace(/.*\//, "");
  if (!bundled.includes(name)) return failed(`${name} is not part of @plantuml/core`);
  load(name);
  done();
};
const { renderToString } = await import(pathToFileURL(join(core, "plantuml.js")));

for (const { key, lines } of diagrams) {
  try {
    const svg = await new Promise((resolve, reject) => renderToString(lines, resolve, reject));
    write({ key, svg });
  } catch (error) {
    write({ key, error: String(error?.message ?? error) });
  }
}
