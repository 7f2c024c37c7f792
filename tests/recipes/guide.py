"""What docs/embedding.md says of each generator: the commands, and what goes into which file."""

import re
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "embedding.md"


def sections():
    """Return the guide's sections by their headings."""
    text = GUIDE.read_text("utf-8")
    return dict(re.findall(r"^## (.+?)$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))


def recipe(name):
    """Return a section's commands, and the text for each file that it names before a block."""
    commands, files = [], []
    for said, kind, code in blocks(sections()[name]):
        file = re.search(r"`([^`]+)`:$", said)
        assert file or kind == "sh", f"{name}: the guide says no file for {code}"
        if kind == "sh":
            commands.append(code)
        else:
            files.append((file[1], code))
    assert commands, f"{name}: the guide has no commands"
    return "".join(commands), files


def blocks(text):
    """Yield each block of code, its kind, and the line that stands over it."""
    for found in re.finditer(r"(.*)\n\n(`{3,})(\w+)\n((?:.*\n)*?)\2\n", text):
        yield found[1], found[3], found[4]
