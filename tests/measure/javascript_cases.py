"""The shared cases of the cost model for its JavaScript, under Node and in a browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

TABLE = json.loads(Path(__file__).with_name("cost_model_cases.json").read_text("utf8"))

#: Evaluates every case; what was thrown is a result too.
RUN_CASES = """(table) => table.cases.map((item) => {
  try {
    const given = typeof item.parameters === "string" ? table.parameters[item.parameters] : item.parameters;
    const parameters = PpmCostModel.parameters(given), job = PpmCostModel.job(item.job);
    const { startup, dispatch, transfer, work, total } = PpmCostModel.predict(parameters, job);
    return { parts: [startup, dispatch, transfer, work], total, loop: PpmCostModel.loop(job),
             break_even_tasks: PpmCostModel.breakEvenTasks(parameters, job),
             break_even_work: PpmCostModel.breakEvenWork(parameters, job),
             outside: PpmCostModel.outside(parameters, job) };
  } catch (error) {
    return error instanceof PpmCostModel.NotMeasured ? { not_measured: error.message }
      : error instanceof RangeError ? { error: error.message } : { crash: String(error) };
  }
})"""


def wrong_cases(table: dict, found: list[dict]) -> dict[str, tuple]:
    """Return the cases whose result is not the table's, to 1e-9 relative."""
    wrong = {}
    for case, result in zip(table["cases"], found, strict=True):
        for key, value in case.items():
            if key in ("name", "parameters", "job"):
                continue
            good = result.get(key, "nothing")
            if isinstance(value, (int, float, list)) and key not in ("break_even_tasks", "outside"):
                same = good != "nothing" and good is not None and good == pytest.approx(value, rel=1e-9, abs=1e-15)
            else:
                same = good == value
            if not same:
                wrong[f"{case['name']}: {key}"] = (value, result)
    return wrong
