/* The calculator's form and results.  All of its text is written here, so that a page without JavaScript shows none of it. */
(() => {
  "use strict";

  const box = document.getElementById("calculator");
  const source = box?.querySelector(".cost-calculator-data");
  if (!source) return;
  const { systems, defaults, provenance } = JSON.parse(source.textContent);
  const Model = PpmCostModel;
  const Input = PpmCalculatorInput;

  const PARTS = [["startup", "Start-up"], ["dispatch", "Dispatch"], ["transfer", "Transfer"], ["work", "Work"]];
  const KINDS = {
    python: "Python code",
    compiled: "compiled code",
    waiting: "waiting",
  };
  const FIELDS = [
    { name: "tasks", input: "tasks", label: "Number of tasks", read: (text) => Input.count(text, 1e9) },
    { name: "work", input: "work", label: "Work in one task", hint: "Its time in a plain loop: 2 ms, 0.5 s, 3 min.", read: Input.seconds },
    { name: "in", input: "bytes_in", label: "Data into one task", hint: "0 B, 20 kB, 10 MB.", read: Input.bytes },
    { name: "out", input: "bytes_out", label: "Data out of one task", hint: "0 B, 20 kB, 10 MB.", read: Input.bytes },
    { name: "workers", input: "workers", label: "Workers", read: (text) => Input.count(text, 1e5) },
  ];
  const LABELS = Object.fromEntries(FIELDS.map(({ input, label }) => [input, label]));

  function element(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) node.setAttribute(name, "");
      else if (value !== false) node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  }

  /* The form */

  const inputs = {};
  const problems = {};

  function textField({ name, label, hint }) {
    const id = `calculator-${name}`;
    const described = [hint && `${id}-hint`, `${id}-problem`].filter(Boolean).join(" ");
    inputs[name] = element("input", {
      id, name, type: "text", autocomplete: "off", spellcheck: "false", "aria-describedby": described, value: defaults[name],
    });
    problems[name] = element("span", { id: `${id}-problem`, class: "calculator-problem" });
    return element("div", { class: "calculator-field" },
      element("label", { for: id }, label), inputs[name],
      ...(hint ? [element("span", { id: `${id}-hint`, class: "calculator-hint" }, hint)] : []), problems[name]);
  }

  function kindField() {
    inputs.kind = element("select", { id: "calculator-kind", name: "kind", "aria-describedby": "calculator-kind-hint" },
      ...Object.entries(KINDS).map(([value, text]) => element("option", { value }, text)));
    return element("div", { class: "calculator-field" },
      element("label", { for: "calculator-kind" }, "What a task does"), inputs.kind,
      element("span", { id: "calculator-kind-hint", class: "calculator-hint" },
        "Python code holds the GIL, compiled code (as in NumPy) releases it, waiting is for a network or a disk."));
  }

  function checkbox(id, name, text, checked) {
    const input = element("input", { id, name, type: "checkbox", checked });
    return [input, element("div", { class: "calculator-check" }, input, element("label", { for: id }, text))];
  }

  function build() {
    const [running, runningBox] = checkbox("calculator-running", "running", "The engine runs already: no start-up", false);
    inputs.running = running;
    const chosen = systems.map((system, index) => checkbox(`calculator-system-${index}`, system.id, system.name, true));
    inputs.systems = chosen.map(([input]) => input);
    const all = element("button", { type: "button" }, "All");
    const none = element("button", { type: "button" }, "None");
    for (const [button, value] of [[all, true], [none, false]]) {
      button.addEventListener("click", () => {
        for (const input of inputs.systems) input.checked = value;
        update();
      });
    }
    const reset = element("button", { type: "button" }, "Reset");
    reset.addEventListener("click", () => {
      fill(defaults);
      notice.replaceChildren();
      update();
    });
    const form = element("form", { class: "calculator-form", "aria-label": "Cost calculator" },
      element("fieldset", {}, element("legend", {}, "The job"),
        element("div", { class: "calculator-fields" },
          textField(FIELDS[0]), textField(FIELDS[1]), kindField(), textField(FIELDS[2]), textField(FIELDS[3]), textField(FIELDS[4])),
        runningBox),
      element("fieldset", {}, element("legend", {}, "Systems to compare"),
        element("div", { class: "calculator-systems" }, ...chosen.map(([, field]) => field)),
        element("div", { class: "calculator-buttons" }, all, none, reset)));
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", update);
    return form;
  }

  const notice = element("div", { class: "calculator-notice", role: "alert" });
  const headline = element("div", { class: "calculator-headline", role: "status", "aria-live": "polite" });
  const results = element("div", { class: "calculator-results" });
  box.append(notice, build(), headline, results);

  /* State: what the form says, and the address that says the same. */

  function fill(values) {
    for (const { name } of FIELDS) inputs[name].value = values[name];
    inputs.kind.value = values.kind;
    inputs.running.checked = values.running === "yes";
    const ids = values.systems === undefined ? null : values.systems.split(",");
    for (const input of inputs.systems) input.checked = ids === null || ids.includes(input.name);
  }

  function state() {
    const fields = FIELDS.map(({ name }) => [name, inputs[name].value.trim()]);
    fields.push(["kind", inputs.kind.value], ["running", inputs.running.checked ? "yes" : "no"]);
    const chosen = inputs.systems.filter((input) => input.checked);
    if (chosen.length < inputs.systems.length) fields.push(["systems", chosen.map((input) => input.name).join(",")]);
    return fields;
  }

  /* Read a shared link: what is wrong in it is said, and its default taken. */
  function readLink() {
    const fields = Input.readHash(location.hash);
    if (fields === null) return false;
    const values = { ...defaults };
    const wrong = [];
    for (const [name, text] of fields) {
      const field = FIELDS.find((item) => item.name === name);
      try {
        if (field) field.read(text);
        else if (name === "kind" && !Object.hasOwn(KINDS, text)) throw new Input.InputError(`“${text}” is no kind of work: ${Object.keys(KINDS).join(", ")}`);
        else if (name === "running" && !["yes", "no"].includes(text)) throw new Input.InputError(`“${text}” is neither yes nor no`);
        else if (name === "systems") {
          const known = text ? text.split(",") : [];
          const strange = known.filter((id) => !systems.some((system) => system.id === id));
          if (strange.length) wrong.push(`systems: there is no ${strange.map((id) => `“${id}”`).join(", ")} here`);
          const left = known.filter((id) => !strange.includes(id));
          if (left.length || !text) values.systems = left.join(",");
          continue;
        } else if (!["kind", "running"].includes(name)) throw new Input.InputError("there is no such field");
        values[name] = text;
      } catch (error) {
        if (!(error instanceof Input.InputError)) throw error;
        wrong.push(`${name}: ${error.message}`);
      }
    }
    fill(values);
    notice.replaceChildren(...(wrong.length === 0 ? [] : [
      element("p", {}, "This link holds what the calculator cannot use; defaults stand in its place:"),
      element("ul", {}, ...wrong.map((text) => element("li", {}, text))),
    ]));
    box.scrollIntoView();
    return true;
  }

  function readJob() {
    const found = { running: inputs.running.checked, kind: inputs.kind.value };
    let good = true;
    for (const { name, input, label, read } of FIELDS) {
      try {
        found[input] = read(inputs[name].value);
        problems[name].textContent = "";
        inputs[name].removeAttribute("aria-invalid");
      } catch (error) {
        if (!(error instanceof Input.InputError)) throw error;
        problems[name].textContent = `${label}: ${error.message}.`;
        inputs[name].setAttribute("aria-invalid", "true");
        good = false;
      }
    }
    return good ? Model.job(found) : null;
  }

  /* Results */

  function evaluate(system, job) {
    const row = { name: system.name, error: system.error, jobs: system.jobs };
    try {
      return {
        ...row,
        ...Model.predict(system.parameters, job),
        tasks: Model.breakEvenTasks(system.parameters, job),
        work: Model.breakEvenWork(system.parameters, job),
        parts: Model.predict(system.parameters, job),
        outside: Model.outside(system.parameters, job),
      };
    } catch (error) {
      if (!(error instanceof Model.NotMeasured)) throw error;
      return { ...row, missing: error.message };
    }
  }

  const times = (value) => `${Input.digits(value, 2)}×`;
  const percent = (value) => `±${Math.round(value * 100)}\u00a0%`;

  function summary(rows, loop) {
    const known = rows.filter((row) => row.parts);
    if (rows.length === 0) return ["Choose a system to compare."];
    if (known.length === 0) return ["None of the chosen systems was measured for this kind of job."];
    const best = known[0];
    const winners = known.filter((row) => row.total < loop);
    const text = winners.length === 0
      ? `The plain loop is fastest: ${Input.secondsText(loop)}. None of ${known.length} systems beats it; the nearest, ${best.name}, takes ${Input.secondsText(best.total)}.`
      : `${best.name} is fastest: ${Input.secondsText(best.total)}. The plain loop takes ${Input.secondsText(loop)}; ${winners.length} of ${known.length} systems beat${winners.length === 1 && known.length > 1 ? "s" : ""} it.`;
    const found = [element("p", {}, element("strong", {}, text))];
    if (winners.length > 0 && best.error !== null && Math.abs(loop / best.total - 1) <= best.error) {
      found.push(element("p", {}, "That is within the model's own error: measure before you decide."));
    }
    const beyond = new Map();
    for (const row of known) for (const name of row.outside) beyond.set(name, [...(beyond.get(name) ?? []), row.name]);
    if (beyond.size > 0) {
      const items = [...beyond].map(([name, names]) =>
        `${LABELS[name]} (${names.length === known.length ? "all systems" : names.join("; ")})`);
      found.push(element("p", { class: "calculator-warning" }, element("strong", {}, "Warning: "),
        `beyond what was measured, so the prediction extrapolates: ${items.join(", ")}.`));
    }
    return found;
  }

  function bars(rows, loop) {
    const known = rows.filter((row) => row.parts);
    if (known.length === 0) return [];
    // A system that takes ages would press the others to nothing: its bar is cut.
    const longest = Math.min(Math.max(loop, ...known.map((row) => row.total)), 3 * Math.max(loop, known[0].total)) || 1;
    const share = (seconds) => `${Math.min(100, (100 * seconds) / longest).toFixed(2)}%`;
    const line = (name, segments, total) => element("div", { class: "calculator-bar" },
      element("span", { class: "calculator-bar-name" }, name),
      element("span", { class: "calculator-bar-track" }, ...segments),
      element("span", { class: "calculator-bar-time" }, `${total > longest ? "» " : ""}${Input.secondsText(total)}`));
    const segment = (kind, seconds, left) => {
      const node = element("span", { class: `calculator-part calculator-part-${kind}` });
      node.style.width = share(Math.max(0, Math.min(seconds, longest - left)));
      return node;
    };
    const drawn = known.map((row) => {
      let left = 0;
      const segments = PARTS.map(([part]) => {
        const node = segment(part, row.parts[part], left);
        left += row.parts[part];
        return node;
      });
      return [row.total, line(row.name, segments, row.total)];
    });
    drawn.push([loop, line("Plain loop", [segment("loop", loop, 0)], loop)]);
    drawn.sort((a, b) => a[0] - b[0]);
    const legend = element("div", { class: "calculator-legend" },
      ...[...PARTS, ["loop", "Plain loop"]].map(([part, text]) => element("span", {},
        element("span", { class: `calculator-part calculator-part-${part}` }), text)));
    return [element("div", { class: "calculator-bars", "aria-hidden": "true" }, legend, ...drawn.map(([, node]) => node))];
  }

  function table(rows, loop) {
    const cell = (text) => element("td", {}, text);
    const heads = ["System", "Time", "Model error", "Speed-up", "Pays from tasks", "Pays from work per task", ...PARTS.map(([, text]) => text)];
    const body = rows.filter((row) => row.parts).map((row) => [row.total, element("tr", {},
      element("th", { scope: "row" }, row.name,
        ...(row.outside.length ? [element("span", { class: "calculator-outside" }, " extrapolated")] : [])),
      cell(Input.secondsText(row.total)), cell(row.error === null ? "unknown" : percent(row.error)),
      cell(row.total > 0 ? times(loop / row.total) : "–"),
      cell(row.tasks === null ? "never" : row.tasks.toLocaleString("en-US")),
      cell(row.work === null ? "never" : Input.secondsText(row.work)),
      ...PARTS.map(([part]) => cell(Input.secondsText(row.parts[part]))))]);
    const plain = element("tr", { class: "calculator-loop" }, element("th", { scope: "row" }, "Plain loop"),
      cell(Input.secondsText(loop)), cell("–"), cell("1×"), cell("–"), cell("–"), cell("–"), cell("–"), cell("–"), cell(Input.secondsText(loop)));
    body.push([loop, plain]);
    body.sort((a, b) => a[0] - b[0]);
    const missing = rows.filter((row) => !row.parts).map((row) => element("tr", {},
      element("th", { scope: "row" }, row.name), element("td", { colspan: heads.length - 1 }, `not measured: ${row.missing}`)));
    const caption = element("caption", {}, element("span", { class: "caption-text" },
      `Predicted times, shortest first. “Pays from”: the least number of tasks, and the least work per task, at which the system beats the plain loop, the rest as given. Model error: median over the held-out jobs. ${provenance}`));
    const made = element("table", { class: "docutils align-default calculator-table" }, caption,
      element("thead", {}, element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)))),
      element("tbody", {}, ...body.map(([, row]) => row), ...missing));
    return element("div", { class: "calculator-scroll", tabindex: "0", role: "region", "aria-label": "Predicted times" }, made);
  }

  let said = "";

  function show(nodes) {
    // A screen reader hears the headline again only where it says something else.
    const holder = element("div", {}, ...nodes);
    if (holder.textContent === said) return;
    said = holder.textContent;
    headline.replaceChildren(...holder.childNodes);
  }

  function render() {
    const job = readJob();
    if (job === null) {
      results.replaceChildren();
      show([element("p", {}, "No result: correct the fields that are marked.")]);
      return false;
    }
    const loop = Model.loop(job);
    const rows = systems.filter((system, index) => inputs.systems[index].checked).map((system) => evaluate(system, job));
    rows.sort((a, b) => (a.total ?? Infinity) - (b.total ?? Infinity) || 0);
    show(summary(rows, loop));
    results.replaceChildren(...(rows.length ? [...bars(rows, loop), table(rows, loop)] : []));
    return true;
  }

  function update() {
    if (render()) history.replaceState(history.state, "", Input.writeHash(state()));
  }

  window.addEventListener("hashchange", () => {
    if (readLink()) render();
  });
  readLink();
  render();
})();
