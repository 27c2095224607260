/* The cost model of examples/measure/model.py, which explains it; tests/measure/cost_model_cases.json holds the two together.
   The order of the arithmetic is that of the Python, so that the results are equal to the last digit. */
"use strict";

const PpmCostModel = (() => {
  const KINDS = ["python", "compiled", "waiting"];
  const MOST_TASKS = 2 ** 53;

  class NotMeasured extends Error {}

  const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

  /* Throw RangeError unless the object has these names, the optional ones at its choice. */
  function checkNames(what, data, required, optional = []) {
    for (const name of Object.keys(data)) {
      if (![...required, ...optional].includes(name)) throw new RangeError(`unknown ${what} '${name}'`);
    }
    for (const name of required) {
      if (!Object.hasOwn(data, name)) throw new RangeError(`${what} '${name}' is missing`);
    }
  }

  /* Return parameters as the book embeds them; throws RangeError for a name that is unknown or missing. */
  function parameters(data) {
    checkNames("parameter", data, ["startup", "latency", "cost", "byte_in", "byte_out", "laws"], ["measured"]);
    for (const law of Object.values(data.laws)) {
      checkNames("parameter of a law", law, ["contention", "coherency", "workers"]);
    }
    return { measured: {}, ...data };
  }

  /* Return a job with its defaults; throws RangeError for a number that no job has. */
  function job(given) {
    checkNames("input", given, ["tasks", "work", "workers"], ["bytes_in", "bytes_out", "running", "kind"]);
    const made = { bytes_in: 0, bytes_out: 0, running: true, kind: "compiled", ...given };
    for (const name of ["tasks", "workers"]) {
      const value = made[name];
      if (!isNumber(value) || value !== Math.floor(value) || value < 1) {
        throw new RangeError(`${name} must be a whole number from 1 up`);
      }
    }
    for (const name of ["work", "bytes_in", "bytes_out"]) {
      if (!isNumber(made[name]) || made[name] < 0) throw new RangeError(`${name} must be a number from 0 up`);
    }
    if (!KINDS.includes(made.kind)) throw new RangeError(`kind must be one of ${KINDS.join(", ")}`);
    return made;
  }

  function stretch(law, running) {
    return 1 + law.contention * (running - 1) + law.coherency * running * (running - 1);
  }

  function fixed(parameters, { running }) {
    if (running) return parameters.latency;
    if (parameters.startup === null) throw new NotMeasured("start-up");
    return parameters.startup + parameters.latency;
  }

  function stage(parameters, { bytes_in, bytes_out }) {
    let seconds = 0;
    for (const [size, rate, name] of [[bytes_in, parameters.byte_in, "in"], [bytes_out, parameters.byte_out, "out"]]) {
      if (size > 0) {
        if (rate === null) throw new NotMeasured(`bandwidth ${name}`);
        seconds += size * rate;
      }
    }
    return seconds / 2;
  }

  function lawOf(parameters, { kind }) {
    if (!Object.hasOwn(parameters.laws, kind)) throw new NotMeasured(`speed-up of ${kind} work`);
    return parameters.laws[kind];
  }

  /* Seconds by part, and their total; throws NotMeasured. */
  function predict(parameters, given) {
    const { tasks, work, workers, running } = given;
    const paid = fixed(parameters, given);
    const slower = stretch(lawOf(parameters, given), Math.min(workers, tasks));
    const parts = {
      startup: running ? 0 : paid - parameters.latency,
      dispatch: parameters.latency + tasks * parameters.cost,
      transfer: (tasks + 1) * stage(parameters, given),
      work: Math.ceil(tasks / workers) * work * slower,
    };
    return { ...parts, total: parts.startup + parts.dispatch + parts.transfer + parts.work };
  }

  /* Seconds of a plain loop. */
  const loop = ({ tasks, work }) => tasks * work;

  /* Seconds of work per task beyond which the job beats a plain loop, null for never. */
  function breakEvenWork(parameters, given) {
    const { tasks, workers } = given;
    const law = lawOf(parameters, given);
    const paid = fixed(parameters, given) + tasks * parameters.cost + (tasks + 1) * stage(parameters, given);
    const gained = tasks - Math.ceil(tasks / workers) * stretch(law, Math.min(workers, tasks));
    return gained > 0 ? paid / gained : null;
  }

  /* Number of tasks from which on the job beats a plain loop, null for never. */
  function breakEvenTasks(parameters, given) {
    const { work, workers } = given;
    const law = lawOf(parameters, given);
    const half = stage(parameters, given);
    const paid = fixed(parameters, given) + half;
    const saved = work - parameters.cost - half;
    const round = work * stretch(law, workers);
    if (saved <= 0 || workers * saved <= round) return null;
    const needed = (paid + (workers - 1) * saved) / (workers * saved - round);
    if (!(needed * workers < MOST_TASKS)) return null;
    const rounds = Math.max(2, Math.floor(needed) + 1);
    const before = rounds - 1;
    const tasks = Math.floor((paid + before * round) / saved) + 1;
    if (before > 1) return Math.min(Math.max(tasks, (before - 1) * workers + 1), before * workers + 1);
    let count = workers;
    while (count >= 1 && count * saved > paid + work * stretch(law, count)) count -= 1;
    return count + 1;
  }

  /* Names of the inputs that lie outside of what was measured. */
  function outside(parameters, given) {
    const found = ["tasks", "bytes_in", "bytes_out"].filter(
      (name) => given[name] > (parameters.measured[name] ?? Infinity));
    const law = parameters.laws[given.kind];
    if (law && given.workers > law.workers) found.push("workers");
    return found;
  }

  return { KINDS, NotMeasured, parameters, job, predict, loop, breakEvenWork, breakEvenTasks, outside };
})();

if (typeof module === "object" && module.exports) module.exports = PpmCostModel;
