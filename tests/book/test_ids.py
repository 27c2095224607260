"""Section ids are permanent: the pages, the lock and the redirects agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import ids


def test_ids_are_permanent() -> None:
    problems = ids.read_ids().problems()
    assert not problems, "\n" + "\n".join(problems)


def test_lock_is_sorted() -> None:
    lines = (ids.ROOT / "book" / "_data" / "ids.lock").read_text("utf8").splitlines()
    assert lines == sorted(set(lines))


# What the check finds, in a book of one page


PAGE = "(ray)=\n# Ray\n\n(ray-speed)=\n## Speed\n\n```text\n(no-label)=\n## None\n```\n"


def write(root: Path, page: str = PAGE, lock: str = "ray\nray-speed\n", redirects: str = "") -> None:
    data = root / "book" / "_data"
    data.mkdir(parents=True, exist_ok=True)
    (root / "book" / "ray.md").write_text(page, "utf8")
    (data / "ids.lock").write_text(lock, "utf8")
    (data / "redirects.toml").write_text(redirects, "utf8")


def test_a_book_that_agrees_has_no_problems(tmp_path: Path) -> None:
    write(tmp_path)
    assert ids.read_ids(tmp_path).problems() == []


def test_a_label_in_a_tab_counts_and_one_in_a_fence_does_not(tmp_path: Path) -> None:
    write(tmp_path, PAGE + "\n:::{note}\n(ray-note)=\n### Note\n:::\n")
    assert list(ids.read_ids(tmp_path).labels) == ["ray", "ray-speed", "ray-note"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"page": "(ray)=\n# Ray\n"},
            "book/_data/ids.lock:2: 'ray-speed' is on no page: restore it, or add 'ray-speed = ",
        ),
        ({"lock": "ray\n"}, "book/ray.md:4: 'ray-speed' is not in book/_data/ids.lock: run 'tox -e ids'"),
        (
            {"page": PAGE + "\n(ray-speed)=\n## Again\n"},
            "book/ray.md:12: duplicate label 'ray-speed', first at book/ray.md:4",
        ),
        ({"page": PAGE + "\n## Bare\n"}, "book/ray.md:12: heading without an explicit label"),
        (
            {"page": PAGE + "\n(Ray_X)=\n## X\n", "lock": "Ray_X\nray\nray-speed\n"},
            "book/ray.md:12: 'Ray_X' is not a label",
        ),
        (
            {"redirects": '# Moved\nray-fast = "ray-quick"\n'},
            "redirects.toml:2: 'ray-fast' leads to 'ray-quick', which is on",
        ),
        ({"redirects": 'ray-speed = "ray"\n'}, "redirects.toml:1: 'ray-speed' is still on a page (book/ray.md:4)"),
    ],
)
def test_a_fault_is_one_line_with_its_place(tmp_path: Path, change: dict[str, str], message: str) -> None:
    write(tmp_path, **change)
    problems = ids.read_ids(tmp_path).problems()
    assert len(problems) == 1 and message in problems[0], problems


def test_a_redirect_answers_for_an_id_that_went(tmp_path: Path) -> None:
    write(tmp_path, "(ray)=\n# Ray\n", redirects='ray-speed = "ray"\n')
    assert ids.read_ids(tmp_path).problems() == []


def test_update_adds_and_never_forgets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "(ray)=\n# Ray\n\n(ray-cost)=\n## Cost\n")
    assert ids.main(["--update", "--root", str(tmp_path)]) == 1
    assert (tmp_path / "book/_data/ids.lock").read_text("utf8") == "ray\nray-cost\nray-speed\n"
    assert "'ray-speed' is on no page" in capsys.readouterr().err
    write(tmp_path)
    assert ids.main(["--update", "--root", str(tmp_path)]) == 0


def test_broken_redirects_are_one_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, redirects="ray-speed =\n")
    assert ids.main(["--root", str(tmp_path)]) == 1
    assert "redirects.toml:1: not TOML" in capsys.readouterr().err
