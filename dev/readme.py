"""Make README.rst and the app page of each addon from its readme/ fragments.

Run by ./cc readme in the environment of the linters, which has the Markdown parser.
"""

import ast
import html
import re
import sys

from markdown_it import MarkdownIt

from . import odoo_cli, place

#: Fragments after the description, with the titles of their sections.
SECTIONS = {
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "HISTORY": "Changelog",
}
#: Not seven letters, whose underline git takes for a conflict.
ENDING = "Author and Licence"
#: Underlines of titles, from the sections down.
UNDERLINES = "=-~^"
RST_NOTE = ".. Made by ./cc readme from readme/*.md, changes here are lost.\n"
HTML_NOTE = "<!-- Made by ./cc readme from readme/*.md, changes here are lost. -->\n"
IMAGES = "../static/description/"
PARSER = MarkdownIt("commonmark").enable("table")


def main():
    """Write what is not up to date; with --check, name it and fail instead."""
    outdated = []
    for addon in odoo_cli.addons():
        for path, text in _pages(addon).items():
            if not path.exists() or path.read_text() != text:
                outdated.append(str(path.relative_to(place.TOP)))
                if "--check" not in sys.argv:
                    path.write_text(text)
    if outdated and "--check" in sys.argv:
        sys.exit(f"not up to date with readme/, run ./cc readme: {', '.join(outdated)}")


def _pages(addon):
    """Return ``{path: text}`` of what is made for an addon."""
    folder = place.TOP / addon
    manifest = ast.literal_eval((folder / "__manifest__.py").read_text())
    fragments = {
        path.stem: path.read_text() for path in sorted((folder / "readme").glob("*.md"))
    }
    return {
        folder / "README.rst": make_rst(manifest, fragments),
        folder / "static/description/index.html": make_html(manifest, fragments),
    }


def _sections(fragments):
    return [
        (title, fragments[name])
        for name, title in SECTIONS.items()
        if name in fragments
    ]


# === APP PAGE === #


def make_html(manifest, fragments):
    """Return the page that Odoo shows of an app."""
    parts = [
        HTML_NOTE,
        '<section class="container py-3">\n',
        f"<h1>{html.escape(manifest['name'])}</h1>\n",
        f'<p class="lead">{html.escape(manifest["summary"])}</p>\n',
        _to_html(fragments["DESCRIPTION"]),
    ]
    for title, text in _sections(fragments):
        parts += [f"<h2>{title}</h2>\n", _to_html(text)]
    parts += [f"<h2>{ENDING}</h2>\n", f"<p>{html.escape(_credits(manifest))}</p>\n"]
    return "".join([*parts, "</section>\n"])


def _to_html(text):
    """Titles of fragments begin one level below those of the sections."""
    tokens = PARSER.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{int(token.tag[1]) + 1}"
        if token.type == "table_open":
            token.attrSet("class", "table table-sm")
        for child in token.children or ():
            if child.type == "image":
                # Odoo looks for them in the folder of the page
                child.attrSet("src", child.attrGet("src").removeprefix(IMAGES))
                child.attrSet("class", "img-fluid")
    return PARSER.renderer.render(tokens, PARSER.options, {})


def _credits(manifest):
    return f"{manifest['author']}. Licence: {manifest['license']}."


# === README === #


def make_rst(manifest, fragments):
    """Return the text that GitHub and the package index show of an addon."""
    name = manifest["name"]
    bar = "=" * len(name)
    parts = [RST_NOTE, f"{bar}\n{name}\n{bar}", to_rst(fragments["DESCRIPTION"])]
    parts.append("**Table of contents**\n\n.. contents::\n   :local:\n   :depth: 2")
    for title, text in _sections(fragments):
        parts += [_title(title, 1), to_rst(text)]
    parts += [_title(ENDING, 1), _credits(manifest)]
    return "\n\n".join(parts).replace("\n\n\n", "\n\n") + "\n"


def _title(text, level):
    return f"{text}\n{UNDERLINES[level - 1] * len(text)}"


def to_rst(text):
    """Return Markdown as reStructuredText; what it does not know it refuses."""
    return "\n\n".join(_blocks(_Tokens(PARSER.parse(text)), None))


class _Tokens:
    """A list of tokens and how far it was read."""

    def __init__(self, tokens):
        self.left = iter(tokens)

    def until(self, closing):
        """Go through the tokens before the closing one."""
        for token in self.left:
            if token.type == closing:
                return
            yield token


def _blocks(tokens, closing):
    """Return the texts of the blocks before the closing token."""
    return [_BLOCKS[token.type](tokens, token) for token in tokens.until(closing)]


def _heading(tokens, token):
    [text] = _blocks(tokens, "heading_close")
    return _title(text, int(token.tag[1]))


def _paragraph(tokens, _token):
    [text] = _blocks(tokens, "paragraph_close")
    return text


def _list(marker):
    def render(tokens, token):
        closing = token.type.replace("_open", "_close")
        items = []
        for _item in tokens.until(closing):
            text = "\n\n".join(_blocks(tokens, "list_item_close"))
            items.append(marker + _indented(text, len(marker)).lstrip())
        return "\n".join(items) if token_is_tight(items) else "\n\n".join(items)

    return render


def token_is_tight(items):
    return not any("\n\n" in item for item in items)


def _fence(_tokens, token):
    language = token.info.strip() or "text"
    return f".. code-block:: {language}\n\n{_indented(token.content.rstrip(), 3)}"


def _table(tokens, _token):
    rows = []
    for token in tokens.until("table_close"):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token.children))
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in rows:
        lines += [f"   {'*' if not n else ' '} - {cell}" for n, cell in enumerate(row)]
    return "\n".join(lines)


def _indented(text, width):
    return re.sub(r"(?m)^(?=.)", " " * width, text)


_BLOCKS = {
    "heading_open": _heading,
    "paragraph_open": _paragraph,
    "bullet_list_open": _list("- "),
    "ordered_list_open": _list("#. "),
    "fence": _fence,
    "table_open": _table,
    "inline": lambda _tokens, token: _inline(token.children),
}


def _inline(tokens):
    """Return the text of a line; marks must not touch letters, so they are escaped."""
    parts, target = [], None
    for token in tokens:
        if token.type == "link_open":
            target = token.attrGet("href")
            parts.append("`")
        elif token.type == "link_close":
            parts.append(f" <{target}>`__")
        elif token.type == "image":
            source = token.attrGet("src").removeprefix("../")
            parts.append(f".. image:: {source}\n   :alt: {token.content}")
        else:
            parts.append(_INLINE[token.type](token))
    return "".join(parts)


_INLINE = {
    "text": lambda token: re.sub(r"([\\*`|_](?!\w))", r"\\\1", token.content),
    "softbreak": lambda _token: "\n",
    "strong_open": lambda _token: "**",
    "strong_close": lambda _token: "**",
    "em_open": lambda _token: "*",
    "em_close": lambda _token: "*",
    "code_inline": lambda token: f"``{token.content}``",
}


if __name__ == "__main__":
    main()
