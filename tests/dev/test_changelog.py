"""News of the addons, and the history that is made from them."""

import pytest

from dev import changelog, odoo_cli, place, say

NONE = {"feature": [], "bugfix": [], "misc": []}


@pytest.fixture
def addon(tmp_path, monkeypatch):
    """A checkout with one addon, of version 19.0.1.1.0."""
    monkeypatch.setattr(odoo_cli, "addons", lambda: ["addon"])
    folder = tmp_path / "addon"
    (folder / "readme" / "newsfragments").mkdir(parents=True)
    (folder / "__manifest__.py").write_text('{"version": "19.0.1.1.0"}')
    return folder


def add(addon, name, text):
    (addon / "readme" / "newsfragments" / name).write_text(text)


def history(addon):
    return (addon / "readme" / "HISTORY.md").read_text()


def test_news_come_under_the_version_by_kind(addon):
    add(addon, "b.bugfix.md", "A bug is gone.\n")
    add(addon, "a.feature.md", "Something new\nin two lines.\n")
    changelog.build(addon.parent, "2026-01-02")
    assert history(addon) == (
        "## 19.0.1.1.0 (2026-01-02)\n\n"
        "### Features\n\n- Something new\n  in two lines.\n\n"
        "### Bugfixes\n\n- A bug is gone.\n"
    )
    assert not list((addon / "readme" / "newsfragments").iterdir())


def test_older_versions_stay_below(addon):
    older = "## 19.0.1.0.0 (2025-01-01)\n\n### Features\n\n- First version.\n"
    (addon / "readme" / "HISTORY.md").write_text(older)
    add(addon, "a.misc.md", "Faster.")
    changelog.build(addon.parent, "2026-01-02")
    assert history(addon) == (
        f"## 19.0.1.1.0 (2026-01-02)\n\n### Misc\n\n- Faster.\n\n{older}"
    )


def test_later_news_of_the_same_version_join_the_earlier_ones(addon):
    for name, text in (("a", "One\nin two lines."), ("b", "Two."), ("c", "Three.")):
        kind = "misc" if name == "b" else "feature"
        add(addon, f"{name}.{kind}.md", text)
        changelog.build(addon.parent, "2026-01-02")
    assert history(addon) == (
        "## 19.0.1.1.0 (2026-01-02)\n\n"
        "### Features\n\n- One\n  in two lines.\n- Three.\n\n"
        "### Misc\n\n- Two.\n"
    )


def test_a_version_that_only_begins_alike_is_another_one():
    older = "## 19.0.1.1.01 (2026-01-02)\n"
    made = changelog.insert(older, "19.0.1.1.0", {**NONE, "misc": ["x"]}, "2026-02-02")
    assert made.count("## 19.0.1.1.0") == 2


def test_without_news_nothing_is_written(addon):
    changelog.build(addon.parent)
    assert not (addon / "readme" / "HISTORY.md").exists()


@pytest.mark.parametrize("name", ["a.md", "a.news.md", "A b.feature.md"])
def test_a_name_without_a_kind_is_refused(addon, name):
    add(addon, name, "x")
    with pytest.raises(say.Failure, match="is no name for a piece of news"):
        changelog.build(addon.parent)


@pytest.mark.parametrize("name", odoo_cli.addons())
def test_the_newest_version_of_the_history_is_the_one_of_the_manifest(name):
    newest = (place.TOP / name / "readme" / "HISTORY.md").read_text().split()[1]
    assert (
        f'"version": "{newest}"' in (place.TOP / name / "__manifest__.py").read_text()
    )
