"""Questions of readers: a list from one file, in minimal books, and bad data as one clear error."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from register_data import book
from sphinx_project import build

CONFIG = {
    "extensions": ["myst_parser", "sphinxcontrib.bibtex", "ppm_register", "ppm_questions"],
    "bibtex_bibfiles": ["_data/sources/ray.bib"],
    "nitpicky": True,
}
DATA = """\
[[questions]]
id = "retries"
question = "Does a *task* run again?"
answer = "Yes, {fact}`ray:max-retries`."
source = "ray-faults"
section = "retrying"

[[questions]]
id = "again"
question = "Is that safe?"
answer = "Only if it may."
source = "ray-faults"
section = "retrying"
"""
PAGE = """\
# Questions

```{questions} part
```

(retrying)=
## Retrying

Text.

```{bibliography}
```
"""
PLACE = "_data/questions/part.toml"


def show(tmp_path: Path, data: str = DATA, page: str = PAGE, builder: str = "html"):
    return build(tmp_path, book(page) | {PLACE: data}, builder, confoverrides=CONFIG)


def test_each_question_has_its_thread_its_answer_and_its_section(tmp_path: Path) -> None:
    result = show(tmp_path)
    assert not result.warnings
    items = BeautifulSoup(result.html("index"), "html.parser").select("ol.reader-questions > li")
    assert len(items) == 2
    asked, answer = items[0].select("p")
    assert asked.em.get_text() == "Does a task run again?" and asked.select_one('a[href^="#"]')
    assert answer.get_text().startswith("Yes, 3") and answer.get_text().endswith("See Retrying.")
    assert answer.select_one('a[href="#retrying"]')


def test_the_paper_edition_has_them_too(tmp_path: Path) -> None:
    assert not show(tmp_path, builder="text").warnings


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"ray-faults"\nsection',
            '"ray-fault"\nsection',
            f"{PLACE}:5: ERROR: questions.0.source: no source 'ray-fault'",
        ),
        ('id = "again"', 'id = "retries"', f"{PLACE}:9: ERROR: questions.1.id: 'retries' stands above already"),
        ('answer = "Only if it may."\n', "", f"{PLACE}:8: ERROR: key 'answer' is missing"),
        ('"Is that safe?"', "3", f"{PLACE}:10: ERROR: questions.1.question: 3 must be of type string"),
        ('section = "retrying"\n\n', 'section = "retrying"\nnote = "x"\n\n', f"{PLACE}:7: ERROR: unknown key"),
    ],
)
def test_a_mistake_is_one_error_with_line_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in DATA
    lines = [line for line in show(tmp_path, DATA.replace(old, new, 1)).warnings.splitlines() if "ERROR" in line]
    assert len(lines) == 2 and message in lines[0]
    assert "the data of 'part' has errors, reported above" in lines[1]


def test_unknown_questions_name_those_there_are(tmp_path: Path) -> None:
    assert (
        "unknown questions 'prat'; did you mean 'part'?"
        in show(tmp_path, page=PAGE.replace("} part", "} prat")).warnings
    )


def test_a_label_that_is_none_is_reported_in_the_data(tmp_path: Path) -> None:
    result = show(tmp_path, DATA.replace('section = "retrying"', 'section = "retyring"', 1))
    assert f"{PLACE}:6" in result.warnings and "retyring" in result.warnings
