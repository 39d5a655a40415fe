"""Python reads this at its start where a test puts the folder on its path: every text that a
report wanted to say and had no translation for is written to the file of ``GOULOT_UNTRANSLATED``.
"""

import os

from goulot.language import Language

_say = Language.say


def _say_and_tell(self: Language, msgid: str, /, **values: object) -> str:
    known = len(self.untranslated)
    said = _say(self, msgid, **values)
    if len(self.untranslated) > known:
        with open(os.environ["GOULOT_UNTRANSLATED"], "a", encoding="utf-8") as file:
            file.write(f"{msgid!r}\n")
    return said


if os.environ.get("GOULOT_UNTRANSLATED"):
    Language.say = _say_and_tell  # type: ignore[method-assign]
