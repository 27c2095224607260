"""A warning is told at every build until it is mended."""

from pathlib import Path

from sphinx_project import build


def build_twice(tmp_path: Path, text: str, *extensions: str) -> tuple[str, str]:
    overrides = {"extensions": ["myst_parser", *extensions]}
    first = build(tmp_path, {"index.md": f"# A\n\n{text}\n"}, confoverrides=overrides)
    return first.warnings, build(tmp_path, {}, confoverrides=overrides).warnings


def test_a_warning_is_told_again(tmp_path: Path) -> None:
    first, second = build_twice(tmp_path, "{nosuch}`role`", "ppm_strict")
    assert "nosuch" in first
    assert first == second


def test_sphinx_alone_forgets_it(tmp_path: Path) -> None:
    """When this fails, Sphinx does the extension's work."""
    first, second = build_twice(tmp_path, "{nosuch}`role`")
    assert "nosuch" in first
    assert second == ""


def test_a_clean_build_is_remembered(tmp_path: Path) -> None:
    assert build_twice(tmp_path, "Nothing wrong.", "ppm_strict") == ("", "")
    assert list(tmp_path.rglob("environment.pickle"))
