"""README.rst and the app page of each addon; ./cc lint compares them with readme/."""

import io
import re

import pytest
from docutils.core import publish_string
from lxml import html

from dev import odoo_cli, place

ADDONS = pytest.mark.parametrize("name", odoo_cli.addons())


@ADDONS
def test_readme_is_sound(name):
    complaints = io.StringIO()
    text = (place.TOP / name / "README.rst").read_text()
    settings = {
        "warning_stream": complaints,
        "report_level": 2,
        "input_encoding": "utf8",
    }
    publish_string(text, writer_name="html5", settings_overrides=settings)
    assert complaints.getvalue() == ""
    for image in re.findall(r"\.\. image:: (\S+)", text):
        assert (place.TOP / name / image).exists(), image


@ADDONS
def test_app_page_shows_every_picture_of_the_description(name):
    folder = place.TOP / name / "static" / "description"
    page = html.fromstring((folder / "index.html").read_text())
    shown = {image.get("src") for image in page.iter("img")}
    said = (place.TOP / name / "readme" / "DESCRIPTION.md").read_text()
    assert shown == set(re.findall(r"\.\./static/description/(\S+)\)", said))
    assert all((folder / name).exists() for name in shown)
    assert all(image.get("alt") for image in page.iter("img"))


@ADDONS
def test_app_page_has_no_markup_left_over(name):
    page = html.fromstring(
        (place.TOP / name / "static" / "description" / "index.html").read_text()
    )
    for code in page.xpath("//code"):
        code.drop_tree()
    assert not re.search(r"\*\*|^#|`|\|", page.text_content(), re.M)
