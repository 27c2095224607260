"""The rules for fences, on pages that keep and break them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.fence_rules import check_page
from tools.pages import read_page

GOOD = """\
(a)=
# A

```python
>>> 1
1
```

% skip: next "no GPU"

{level=emulated}
```python
assert 0
```

```{code-block} python
:caption: Named.

>>> 2
2
```

% output
```text
Traceback: anything
```

% pseudo-code: the vendor's console
{level=cited}
```text
click here
```

````{note}
Inside:

```console
$ pip install "ray[data]" \\
    --upgrade
$ tox -e doctest-ray  # one system
```
````

:::{tip}
```yaml
a: 1
---
b: 2
```
:::

```toml
a = 1
```

```json
{"a": [1]}
```

```ini
[a]
b = 1
```

- In a list:

  ```python
  x = 1
  ```
"""


def write_page(folder: Path, text: str) -> Path:
    path = folder / "page.md"
    path.write_text(text, "utf8")
    return path


def test_good_page(tmp_path: Path) -> None:
    assert check_page(write_page(tmp_path, GOOD)) == []


def test_nested_and_long_fences_are_found(tmp_path: Path) -> None:
    fences = [fence for fence in read_page(write_page(tmp_path, GOOD)).fences if fence.language]
    assert [fence.language for fence in fences] == [
        *("python", "python", "python", "text", "text", "console", "yaml", "toml", "json", "ini", "python")
    ]
    lines = GOOD.splitlines()
    assert {lines[fence.line - 1].strip()[:3] for fence in fences} == {"```"}


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("```\nx\n```\n", 1, "language ''"),
        ("```bash\nls\n```\n", 1, "language 'bash'"),
        ("```pycon\n>>> 1\n```\n", 1, "language 'pycon'"),
        ("```python {.x}\n1\n```\n", 1, "language 'python {.x}'"),
        ("````markdown\n```python\n1\n```\n````\n", 1, "language 'markdown'"),
        ("text\n\n    indented = 1\n", 3, "language ''"),
        ("```text\nx\n```\n", 1, "'% output'"),
        ("% output\n\n```text\nx\n```\n", 3, "'% output'"),
        ("% pseudo-code:\n```text\nx\n```\n", 2, "'% output'"),
        ("```{doctest}\n>>> 1\n```\n", 1, "directive {doctest}"),
        ("```{eval-rst}\n.. code:: python\n```\n", 1, "directive {eval-rst}"),
        ("```{code-block} bash\nls\n```\n", 1, "language 'bash'"),
        ("````{note}\n\n```sh\nls\n```\n````\n", 3, "language 'sh'"),
        (":::{note}\n:class: x\n\n```sh\nls\n```\n:::\n", 4, "language 'sh'"),
        ("```console\n$ ls\nfile\n```\n", 3, "without the prompt"),
        ('```console\n$ echo "a\n```\n', 2, "No closing quotation"),
        ("```console\n$ ls \\\n```\n", 2, "backslash"),
        ("```console\n$ # nothing\n```\n", 2, "no command"),
        ("```yaml\na: [1\n```\n", 1, "yaml: while parsing"),
        ("```toml\na = \n```\n", 1, "toml: Invalid value"),
        ("```json\n{a: 1}\n```\n", 1, "json: Expecting property name"),
        ("```ini\nb = 1\n```\n", 1, "ini: File contains no section headers"),
        ("```python\n```\n", 1, "empty fence"),
        ("```python\n# first\n>>> 1\n1\n```\n", 3, "starts with >>>"),
        ('% skip: next "why"\n\n```json\n{}\n```\n', 1, "not followed by a python fence"),
        ('% skip: next "why"\n\n# Heading\n', 1, "not followed by a python fence"),
    ],
)
def test_bad_page(tmp_path: Path, text: str, line: int, message: str) -> None:
    problems = check_page(write_page(tmp_path, text))
    assert [number for number, _ in problems] == [line]
    assert message in problems[0][1]
