/* What a reader types and what a shared link says: strict, with errors that tell what to write instead. */
"use strict";

const PpmCalculatorInput = (() => {
  const TIME = { ns: 1e-9, us: 1e-6, "µs": 1e-6, "μs": 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600 };
  const SIZE = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
  const NUMBER = /^(\d{1,3}(?:,\d{3})+|\d+)?(\.\d+)?(e[+-]?\d+)?/i;

  class InputError extends Error {}

  /* Read the number at the start of a text; return it and what follows it. */
  function leading(text, example) {
    const trimmed = text.trim();
    if (!trimmed) throw new InputError(`is empty: write for example ${example}`);
    if (trimmed.startsWith("-")) throw new InputError("cannot be negative");
    const [found, whole, fraction] = NUMBER.exec(trimmed);
    if (whole === undefined && fraction === undefined) {
      throw new InputError(`“${trimmed}” does not begin with a number: write for example ${example}`);
    }
    const rest = trimmed.slice(found.length).trim();
    if (/^[,.]/.test(rest)) {
      throw new InputError(`“${trimmed}” is no number: write 2.5 with a point, and commas only between thousands`);
    }
    const value = Number(found.replaceAll(",", ""));
    if (!Number.isFinite(value)) throw new InputError(`“${trimmed}” is too large`);
    return [value, rest];
  }

  function quantity(text, units, example) {
    const [value, unit] = leading(text, example);
    if (!unit && value === 0) return 0;
    const known = Object.keys(units).filter((name) => !["µs", "μs"].includes(name));
    if (!unit) throw new InputError(`“${text.trim()}” has no unit: write for example ${example}`);
    if (!Object.hasOwn(units, unit)) {
      const near = known.find((name) => name.toLowerCase() === unit.toLowerCase());
      const hint = near ? `did you mean ${near}?` : `known units are ${known.join(", ")}`;
      throw new InputError(`“${unit}” is no unit here: ${hint}`);
    }
    const result = value * units[unit];
    if (!Number.isFinite(result)) throw new InputError(`“${text.trim()}” is too large`);
    return result;
  }

  const seconds = (text) => quantity(text, TIME, "2 ms");
  const bytes = (text) => quantity(text, SIZE, "10 MB");

  function count(text, most) {
    const [value, rest] = leading(text, "1,000");
    if (rest) throw new InputError(`“${text.trim()}” is a number with “${rest}” behind it: write the number alone`);
    if (value !== Math.floor(value) || value < 1) throw new InputError("must be a whole number from 1 up");
    if (value > most) throw new InputError(`cannot be more than ${most.toLocaleString("en-US")}`);
    return value;
  }

  /* Write a number with significant digits, thousands separators and no exponent. */
  function digits(value, number) {
    if (!value) return "0";
    const rounded = Number(value.toPrecision(number));
    const decimals = Math.min(20, Math.max(0, number - 1 - Math.floor(Math.log10(Math.abs(rounded)))));
    return rounded.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  }

  const SCALES = [["days", 86400, 2], ["h", 3600, 2], ["min", 60, 2], ["s", 1, 1], ["ms", 1e-3, 1], ["µs", 1e-6, 1]];

  /* Write seconds with two digits in the unit that suits them; ppm_calculator/units.py does the same. */
  function secondsText(value) {
    if (value === 0) return "0\u00a0s";
    const shown = Number(value.toPrecision(2));
    const [unit, size] = SCALES.find(([, factor, least]) => shown >= factor * least) ?? ["ns", 1e-9];
    return `${digits(value / size, 2)}\u00a0${unit}`;
  }

  function bytesText(value) {
    const [unit, size] = [["GB", 1e9], ["MB", 1e6], ["kB", 1e3], ["B", 1]].find(([, factor]) => value >= factor) ?? ["B", 1];
    return `${digits(value / size, 3).replace(/\.0+$/, "")}\u00a0${unit}`;
  }

  const PREFIX = "#calculator?";

  /* Return the fields of a shared link, or null where the address is none. */
  function readHash(hash) {
    if (!hash.startsWith(PREFIX)) return null;
    return [...new URLSearchParams(hash.slice(PREFIX.length))];
  }

  function writeHash(fields) {
    return PREFIX + new URLSearchParams(fields).toString();
  }

  return { InputError, seconds, bytes, count, digits, secondsText, bytesText, readHash, writeHash };
})();

if (typeof module === "object" && module.exports) module.exports = PpmCalculatorInput;
