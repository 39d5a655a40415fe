"""The terminal: where commands write, and one line that says what is being done."""

from collections.abc import Callable

from rich.console import Console

WIDE = 150  # columns that the tables need; a narrower terminal scrolls
out = Console(highlight=False, soft_wrap=True)
out.width = max(out.width, WIDE)
err = Console(stderr=True, highlight=False, soft_wrap=True)


class Saying:
    """One line that says what is being done; lines of their own where nobody is watching."""

    def __enter__(self) -> Callable[[str], None]:
        self.status = err.status("…") if err.is_terminal else None
        if self.status:
            self.status.start()
        return self.say

    def say(self, text: str) -> None:
        if self.status:
            self.status.update(text)
        else:
            err.print(text, style="dim", markup=False)

    def __exit__(self, *_: object) -> None:
        if self.status:
            self.status.stop()
