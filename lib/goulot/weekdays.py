"""Days of the week as client.yml writes them."""

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def working_days(text: str) -> tuple[int, ...]:
    """Weekdays (Monday is 0) named by ``mon-sat`` or ``mon,wed,fri``.

    >>> working_days("mon-sat")
    (0, 1, 2, 3, 4, 5)
    """
    days: set[int] = set()
    for part in text.replace(" ", "").lower().split(","):
        first, _, last = part.partition("-")
        if first not in DAY_NAMES or (last or first) not in DAY_NAMES:
            raise ValueError(f"{text!r} names no days; write mon-sat, or mon,wed,fri")
        start, end = DAY_NAMES.index(first), DAY_NAMES.index(last or first)
        days.update(range(start, end + 1) if start <= end else [*range(start, 7), *range(end + 1)])
    return tuple(sorted(days))
