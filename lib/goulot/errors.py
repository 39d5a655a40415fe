"""Every error raised on purpose. A message is one paragraph: what, where, how many, what to type.

GoulotError                 the data or the settings need attention (exit code 1)
├─ SettingsError            client.yml cannot be read as it stands
├─ ClientNotFoundError      no such client
├─ ExportError              a file in exports/ cannot be used as it stands
├─ BuildError               the tables could not be built, or broke a promise
├─ ParameterError           a value that a step or a command cannot work with
├─ NotebookError            a notebook stopped
└─ UsageError               the command was typed wrongly (exit code 2)
"""

from collections.abc import Collection
from difflib import get_close_matches


def closest(name: str, known: Collection[str]) -> str | None:
    """The known name nearest to ``name``, however it is cased or spaced; None if none is near."""
    folded = {_fold(candidate): candidate for candidate in sorted(known)}
    near = get_close_matches(_fold(name), folded, n=1, cutoff=0.5)
    return folded[near[0]] if near else None


def _fold(name: str) -> str:
    return name.casefold().replace(" ", "_").replace("-", "_")


class GoulotError(Exception):
    """The data or the settings need attention."""

    exit_code = 1


class SettingsError(GoulotError):
    """client.yml cannot be read as it stands."""


class ClientNotFoundError(GoulotError):
    """There is no folder for this client."""


class ExportError(GoulotError):
    """A file in exports/ cannot be used as it stands. Nothing of it was loaded."""


class BuildError(GoulotError):
    """The tables could not be built. The last build is still there."""

    _STATE = "Nothing was published; the last build is still there."

    @classmethod
    def in_script(cls, file: str, problem: str) -> "BuildError":
        """``file`` is the SQL file under ``lib/goulot/sql``; ``problem`` a whole sentence."""
        return cls(f"sql/{file}: {problem} {cls._STATE} Correct that file and build again.")

    @classmethod
    def broken_promise(
        cls, file: str, *, promise: str, columns: str, count: int, example: str
    ) -> "BuildError":
        """``count`` rows of the table of ``file`` break what is written above ``columns``."""
        return cls(
            f"sql/{file}: {count} row(s) break the promise {promise} of {columns}, for example "
            f"{example}. {cls._STATE} To see which rows of the exports these come from: "
            "goulot check CLIENT"
        )

    @classmethod
    def failed_check(cls, file: str, *, claim: str, count: int, example: str) -> "BuildError":
        """The query of ``file``, which must return nothing, returned ``count`` rows."""
        return cls(
            f"sql/{file}: two roads to the same total disagree in {count} place(s). {claim} "
            f"Here it is not so: {example}. {cls._STATE} To see what was read: goulot check CLIENT"
        )


class ParameterError(GoulotError):
    """A value that a step or a command cannot work with."""

    @classmethod
    def unknown(cls, name: str, known: Collection[str], *, what: str) -> "ParameterError":
        """``what`` says where the name was looked for: ``"notebook 01_constraint_audit"``."""
        guess = closest(name, known)
        hint = f"Did you mean {guess!r}?" if guess else f"It knows: {', '.join(sorted(known))}."
        return cls(f"{what} has no parameter {name!r}. {hint}")


class NotebookError(GoulotError):
    """A notebook stopped. The last report is still there."""


class UsageError(GoulotError):
    """The command was typed wrongly."""

    exit_code = 2
