"""The documentation site, as `make docs` builds it: furo on Sphinx, pages in MyST, numpydoc."""

import sys
import tomllib
from importlib import import_module
from pathlib import Path

from docutils import nodes
from latex2mathml.converter import convert
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective, SphinxRole

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import infocore  # noqa: E402
from bitsandnats.page.poster.themes import colours  # noqa: E402

project = "Bits & Nats"
release = tomllib.loads((HERE.parent / "pyproject.toml").read_text("utf-8"))["project"]["version"]
copyright = "Bits & Nats contributors, BSD-3-Clause"
extensions = [
    *("myst_nb", "numpydoc", "sphinx_copybutton"),
    *("sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.viewcode"),
]
exclude_patterns = ["_build", ".venv", "site"]
templates_path = ["_templates"]
nitpicky = True
suppress_warnings = [
    "misc.highlighting_failure",  # templates of Hugo and Astro, for which Pygments has no lexer
    "mystnb.unknown_mime_type",  # what notebooks send their front end, and pages do not need
    "mystnb.mime_priority",
]
nitpick_ignore_regex = [("py:.*", r"(param|panel|pn|collections|typing)\..*")]  # of other projects

# The exported pages and the sample post lie as `make docs` puts them, below the site's own root.
html_extra_path = ["_build/beside"]
html_theme = "furo"
html_title = "Bits & Nats"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
html_favicon = "_static/mark.svg"
html_theme_options = {
    f"{theme}_css_variables": {
        "color-brand-primary": named["accent"],
        "color-brand-content": named["accent"],
        "color-brand-visited": named["accent"],
        "color-background-primary": named["ground"],
        "color-background-secondary": named["card"],
        "color-background-border": named["line"],
        "color-foreground-primary": named["ink"],
        "color-foreground-secondary": named["dim"],
        "color-foreground-muted": named["dim"],
        "color-api-name": named["p"],
        "color-api-pre-name": named["dim"],
    }
    for theme, named in (("light", colours("light")), ("dark", colours("dark")))
}

# `[KL divergence](explorer:kl#mu_q=2)` leads to an exported page in a state.
myst_url_schemes = {
    "http": None,
    "https": None,
    "explorer": "site/{{path}}.html#{{fragment}}",
}
myst_enable_extensions = ["attrs_block", "colon_fence", "dollarmath", "smartquotes"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_mime_priority_overrides = [  # the picture that a cell keeps, and nothing that would load Panel
    ("html", "image/svg+xml", 0),
    ("html", "text/html", None),
    ("html", "application/javascript", None),
]
copybutton_prompt_text = ">>> "
copybutton_only_copy_prompt_lines = True

autosummary_generate = True
autodoc_typehints = "none"  # a docstring says types, shapes and units
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
default_role = "named"


class Named(SphinxRole):
    """What stands between backticks in a docstring: a public name of infocore leads to it."""

    def run(self):
        code = nodes.literal(self.rawtext, self.text)
        if self.text not in infocore.__all__:
            return [code], []
        to = {"refdomain": "py", "reftype": "obj", "reftarget": f"infocore.{self.text}"}
        return [addnodes.pending_xref(self.rawtext, code, refexplicit=False, **to)], []


class Made(SphinxDirective):
    """Markdown that a function writes while the site is built: ``{made} module:function``."""

    required_arguments = 1

    def run(self):
        module, _, function = self.arguments[0].partition(":")
        text = getattr(import_module(module), function)()
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def draw_formula(translator, node):
    """Write a formula as MathML, which browsers draw without a script."""
    display = "inline" if isinstance(node, nodes.math) else "block"
    translator.body.append(convert(node.astext(), display=display))
    raise nodes.SkipNode


def lead_beside(app, tree):
    """Make a link to the sample post open it: it lies beside the site and is no download."""
    for found in list(tree.findall(addnodes.download_reference)):
        if found["reftarget"] == "post.html":
            found.replace_self(nodes.reference("", "", *found.children, refuri="post.html"))


def setup(app):
    app.add_role("named", Named())
    app.add_directive("made", Made)
    app.add_html_math_renderer("mathml", (draw_formula, None), (draw_formula, None))
    app.connect("doctree-read", lead_beside, priority=100)  # before files are collected


html_math_renderer = "mathml"
