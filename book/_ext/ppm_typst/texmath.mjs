// Reads a JSON array of TeX formulas on stdin; writes for each {typst} or {error}.
// argv[2] is the URL of tex2typst's module.
import { readFileSync } from "node:fs";

const { tex2typst } = await import(process.argv[2]);
const formulas = JSON.parse(readFileSync(0, "utf8"));
const results = formulas.map((tex) => {
  try {
    return { typst: tex2typst(tex) };
  } catch (error) {
    return { error: String(error.message ?? error).split("\n")[0] };
  }
});
process.stdout.write(JSON.stringify(results));
