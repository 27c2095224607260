"""Decision trees: picture and list from one file, in minimal books, and bad data as one clear error."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from register_data import book
from sphinx_project import EXTENSIONS, ROOT, build
from typst_pdf import print_book

if str(EXTENSIONS) not in sys.path:
    sys.path.insert(0, str(EXTENSIONS))

from ppm_decisions.draw import alternative, puml
from ppm_decisions.load import Tree, load
from ppm_diagrams_node.engine import NODE_MODULES

CONFIG = {
    "extensions": ["myst_parser", "sphinxcontrib.bibtex", "sphinxcontrib.plantuml", "ppm_register", "ppm_decisions"],
    "bibtex_bibfiles": ["_data/sources/ray.bib"],
    "numfig": True,
    "nitpicky": True,
}
TREE = """\
id = "small"
start = "cores"

[questions.cores]
text = "How many cores?"

[questions.cores.answers]
"one" = "loop"
"more" = "state"

[questions.state]
text = "Does a task keep state?"

[questions.state.answers]
"yes" = "actors"
"no" = "loop"

[verdicts.loop]
title = "A plain loop"
text = "It needs `nothing`."
sections = ["ledger"]

[verdicts.actors]
title = "Actors"
text = "Each has *one* process."
systems = ["ray"]
sections = ["ledger", "more"]
"""
PAGE = """\
(ledger)=
# Choose

See {numref}`fig-small`.

```{decision-tree} small
:caption: How to choose.
:name: fig-small
```

(more)=
## More

Text.

```{bibliography}
```
"""
RAY = "---\norphan: true\n---\n\n(ray)=\n# Ray\n\nText.\n"
PLACE = "_data/decisions/small.toml"
drawn = pytest.mark.skipif(
    not (NODE_MODULES / "@plantuml").exists(), reason="node_modules is missing: run python -m tools.npm"
)


def show(tmp_path: Path, tree: str = TREE, page: str = PAGE, builder: str = "html"):
    files = book(page) | {"ray.md": RAY, PLACE: tree}
    return build(tmp_path, files, builder, confoverrides=CONFIG)


def small(tmp_path: Path, text: str = TREE) -> tuple[dict[str, Tree], list[str]]:
    path = tmp_path / "decisions" / "small.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf8")
    trees, problems = load(tmp_path, ["ray"])
    return trees, [f"{problem.line}: {problem.message}" for problem in problems]


@drawn
def test_the_list_asks_and_answers_in_order(tmp_path: Path) -> None:
    result = show(tmp_path)
    assert not result.error and not result.warnings
    page = BeautifulSoup(result.html("index"), "html.parser")
    listing = page.select_one("ul.decision-tree")
    texts = [paragraph.get_text() for paragraph in listing.select("p")]
    assert texts == [
        "How many cores?",
        "One: A plain loop. It needs nothing. Why: Choose.",
        "More: Does a task keep state?",
        "Yes: Actors. Each has one process. Chapter: Ray. Why: Choose, More.",
        "No: A plain loop. See above.",
    ]
    assert listing.select_one('a[href="ray.html#ray"]') and listing.select_one('a[href="#more"]')
    assert listing.select_one("code").get_text() == "nothing" and listing.select_one("strong").get_text()


@drawn
def test_the_picture_shows_the_same_texts_and_is_numbered(tmp_path: Path) -> None:
    page = BeautifulSoup(show(tmp_path).html("index"), "html.parser")
    figure = page.select_one("figure#fig-small")
    words = " ".join(text.get_text() for text in figure.select("svg text"))
    for text in ("How many cores?", "Does a task keep", "A plain loop", "Actors", "Ray", "one", "more", "yes", "no"):
        assert text in words
    assert "How to choose." in figure.figcaption.get_text()
    svg = figure.select_one('svg[role="img"]')
    assert "A decision tree with 2 questions and 2 verdicts." in (svg.get("aria-label") or svg.title.get_text())


@drawn
def test_the_paper_edition_has_it_too(tmp_path: Path) -> None:
    config = CONFIG | {"extensions": [*CONFIG["extensions"], "ppm_typst"]}
    # The page that has the tree stands below a root page: the PDF prints what the toctree names.
    index = "# The book\n\n```{toctree}\nchoose\nray\n```\n"
    files = book(index) | {"choose.md": PAGE, "ray.md": RAY.partition("---\n\n")[2], PLACE: TREE}
    printed = print_book(tmp_path, files, **config)
    assert not printed.build.error and not printed.build.warnings
    assert "How to choose." in printed.text and "Does a task keep state?" in printed.text


def test_a_diagram_has_each_box_and_each_arrow_once(tmp_path: Path) -> None:
    tree = small(tmp_path)[0]["small"]
    lines = puml(tree, Path("/style/book.puml"), {"ray": "Ray"}).splitlines()
    assert lines[:2] == ["@startuml", "!include /style/book.puml"] and lines[-1] == "@enduml"
    assert [line for line in lines if line.startswith("rectangle")] == [
        'rectangle "How many cores?" as n_cores <<control>>',
        'rectangle "Does a task keep\\nstate?" as n_state <<control>>',
        'rectangle "**A plain loop**" as n_loop <<yours>>',
        'rectangle "**Actors**\\nRay" as n_actors <<worker>>',
    ]
    assert [line for line in lines if "-->" in line] == [
        "n_cores --> n_loop : one",
        "n_cores --> n_state : more",
        "n_state --> n_actors : yes",
        "n_state --> n_loop : no",
    ]


def test_long_texts_are_broken_into_lines(tmp_path: Path) -> None:
    text = TREE.replace('"Actors"', '"Actors that keep their state between calls"')
    lines = puml(small(tmp_path, text)[0]["small"], Path("x"), {}).splitlines()
    assert (
        'rectangle "**Actors that keep**\\n**their state between**\\n**calls**\\nray" as n_actors <<worker>>' in lines
    )


def test_the_alternative_text_says_the_whole_tree(tmp_path: Path) -> None:
    assert alternative(small(tmp_path)[0]["small"]) == (
        "A decision tree with 2 questions and 2 verdicts."
        " Question 1: How many cores? one: A plain loop; more: question 2."
        " Question 2: Does a task keep state? yes: Actors; no: A plain loop."
    )


def test_questions_come_before_those_that_they_lead_to(tmp_path: Path) -> None:
    assert [question.id for question in small(tmp_path)[0]["small"].ordered()] == ["cores", "state"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('id = "small"', 'id = "tiny"', "1: id 'tiny' must be the file's name, 'small'"),
        ('start = "cores"', 'start = "core"', "2: start: no question 'core'; did you mean 'cores'?"),
        ('start = "cores"\n', "", "1: key 'start' is missing"),
        (
            '"one" = "loop"',
            '"one" = "lop"',
            "8: questions.cores.answers.one: no question and no verdict 'lop'; did you mean 'loop'?",
        ),
        (
            '"no" = "loop"',
            '"no" = "cores"',
            "16: questions.state.answers.no: question 'cores' is asked already, and a tree has no joins",
        ),
        ('"more" = "state"', '"more" = "actors"', "11: questions.state: no answer leads here"),
        ('"yes" = "actors"', '"yes" = "loop"', "23: verdicts.actors: no answer leads here"),
        ('"one" = "loop"\n', "", "7: questions.cores.answers: {'more': 'state'} does not have enough properties"),
        ('["ray"]', '["rai"]', "26: verdicts.actors.systems: unknown system 'rai'; did you mean 'ray'?"),
        ('title = "Actors"', 'titel = "Actors"', "24: unknown key 'verdicts.actors.titel'; did you mean 'title'?"),
        ('"How many cores?"', '"How `many` cores?"', "5: questions.cores.text: 'How `many` cores?' does not match"),
        ("[verdicts.loop]", "[verdicts.state]", "18: verdicts.state: a question has this id too"),
        ('id = "small"', 'id = "small', "1: "),
    ],
)
def test_a_mistake_is_one_error_with_line_and_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in TREE
    trees, problems = small(tmp_path, TREE.replace(old, new, 1))
    assert not trees
    matching = [problem for problem in problems if problem.startswith(message)]
    assert len(matching) == 1, problems


def test_broken_data_are_reported_once_and_the_page_says_so(tmp_path: Path) -> None:
    result = show(tmp_path, TREE.replace('["ray"]', '["rai"]'), PAGE.replace("See {numref}`fig-small`.\n", ""))
    lines = [line for line in result.warnings.splitlines() if "ERROR" in line]
    assert len(lines) == 2
    assert f"{PLACE}:26: ERROR: verdicts.actors.systems: unknown system 'rai'" in lines[0]
    assert "index.md:5: ERROR: {decision-tree}: the data of 'small' has errors, reported above" in lines[1]


def test_an_unknown_tree_names_those_there_are(tmp_path: Path) -> None:
    page = PAGE.replace("See {numref}`fig-small`.\n", "").replace("} small", "} smal")
    assert "unknown tree 'smal'; did you mean 'small'?" in show(tmp_path, page=page).warnings


@drawn
def test_a_label_that_is_none_is_reported_in_the_data(tmp_path: Path) -> None:
    result = show(tmp_path, TREE.replace('"ledger", "more"', '"ledger", "mroe"'))
    assert f"{PLACE}:27" in result.warnings and "mroe" in result.warnings
    assert len([line for line in result.warnings.splitlines() if "WARNING" in line]) == 1


def test_the_trees_of_this_book_are_right() -> None:
    sys.path.insert(0, str(ROOT / "book" / "_ext"))
    from ppm_register.load import load as register

    trees, problems = load(ROOT / "book" / "_data", register(ROOT / "book" / "_data").systems)
    assert trees and not problems, "\n".join(map(str, problems))
    for tree in trees.values():
        assert len(tree.ordered()) == len(tree.questions)
