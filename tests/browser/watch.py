"""What a browser tells of a page that it should not have had to tell."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

# `canary` is what hostile texts call; see tests/trust/markup.py.
SCRIPT = """
window.canary = () => { window.tell("script run", location.href); return ""; };
addEventListener("securitypolicyviolation", (event) => {
  const { violatedDirective, blockedURI, sample, sourceFile, lineNumber } = event;
  window.tell("policy", `${violatedDirective} ${blockedURI} ${sample} ${sourceFile}:${lineNumber}`);
});
addEventListener("unhandledrejection", (event) => window.tell("rejection", String(event.reason)));
"""
HARMLESS = ("data:", "blob:")


class Watch:
    """Collects scripts of data that ran, requests to other hosts, reports of the policy, and errors, as `found`."""

    def __init__(self, context: "BrowserContext", url: str):
        self.found: list[str] = []
        self.url = url
        self.is_on = self.hears = True
        context.expose_binding("tell", lambda source, kind, text: self._note(kind, text))
        context.add_init_script(SCRIPT)
        context.on("request", self._look_at)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self._note("error", str(error.error)))
        context.on("page", self._attend)

    def start(self) -> None:
        self.found.clear()
        self.is_on = True
        self.hears = True

    def be_deaf(self) -> None:
        """The console does not count: the test asks for pages that are not there."""
        self.hears = False

    def stop(self) -> None:
        """What comes from now on is the test's own doing."""
        assert self.found == []
        self.is_on = False

    def _note(self, kind: str, text: Any) -> None:
        if self.is_on:
            self.found.append(f"{kind}: {text}")

    def _attend(self, page: "Page") -> None:
        def refuse(dialog: Any) -> None:
            self._note("dialog", dialog.message)
            dialog.dismiss()

        page.on("dialog", refuse)

    def _look_at(self, request: "Request") -> None:
        if not request.url.startswith((f"{self.url}/", *HARMLESS)):
            self._note("request elsewhere", request.url)

    def _hear(self, message: "ConsoleMessage") -> None:
        if self.hears and message.type in {"error", "warning", "assert"}:
            self._note(f"console {message.type}", f"{message.text} at {message.location.get('url')}")
