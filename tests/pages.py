"""What a browser would find in a page."""

from html.parser import HTMLParser


class _Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        self.found += [f"{tag} {name}" for name in names if name == "style" or name.startswith("on")]
        is_data = ("type", "application/json") in attrs  # no browser runs it
        if tag == "style" or (tag == "script" and "src" not in names and not is_data):
            self.found.append(tag)


def inline_code(html: str) -> list[str]:
    """Return the inline scripts, styles and event handlers of a page: the policy allows none."""
    parser = _Inline()
    parser.feed(html)
    return parser.found
