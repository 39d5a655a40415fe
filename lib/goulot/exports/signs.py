"""Amounts that bear the sign of another currency, in files that name none: ``$4.35`` for EUR.

Such a sign is the row's currency, as a column of currencies would say it: it is converted by
fx_rates.csv, or the file is refused once with both cures. A row without a sign is in the client's.
"""

import re
from dataclasses import replace

import duckdb

from goulot.errors import ExportError
from goulot.exports.context import ReadContext, literal
from goulot.exports.convert import SIGNS
from goulot.exports.detect import Recognised
from goulot.exports.rates import how_to_convert
from goulot.exports.refusals import setting_block
from goulot.exports.spec import Format, ReadColumn

ROW_CURRENCY = "currency_of_signs"  # the read column that a file with signs is given
Signs = dict[str, tuple[str, ...]]  # by ISO code: the signs that mean it in a file


def foreign_signs(
    connection: duckdb.DuckDBPyConnection, found: Recognised, rows: str, context: ReadContext
) -> Signs:
    """The signs of other currencies that the amounts of a file bear, by ISO code.

    ``rows`` is the relation of its typed rows, read with the client's own sign. Raises ExportError
    where a sign's currency has no rate, or may be one of two.
    """
    money = [literal(name) for name in _money(found.spec)]
    if not money or found.currency or found.spec.currency in found.places:
        return {}
    seen = connection.execute(
        f"select {_sign_sql('value')} as sign, count(*), min(day_seen)::VARCHAR from {rows}"
        f" where problem in ({', '.join(money)}) and regexp_matches(value, '\\d') group by 1"
        " order by 1"
    ).fetchall()
    signs: dict[str, tuple[str, ...]] = {}
    for sign, count, first_day in seen:
        if codes := _currencies(sign, context.currency):
            known = [code for code in codes if code in context.currencies]
            if len(known) != 1:
                raise _undecided(found, sign, known or codes[:1], count, first_day, context)
            signs[known[0]] = (*signs.get(known[0], ()), sign)
    return signs


def with_signs(found: Recognised, source: str, signs: Signs, own: str) -> tuple[Recognised, str]:
    """The file and its source with one column more: the currency of each row, by its signs.

    A row with signs of several currencies has all of them there, and is quarantined by it.
    """
    place = len(found.dialect.headings)
    mine = "|".join((own, SIGNS.get(own, own)))
    tests = {own: f"regexp_full_match({{sign}}, '{mine}')"}
    tests |= {code: f"{{sign}} in ({', '.join(map(literal, s))})" for code, s in signs.items()}
    cases = " ".join(f"when {test} then {literal(code)}" for code, test in tests.items())
    case = f"case {cases} else nullif({{sign}}, '') end"
    cells = [f"c{found.places[name]}" for name in _money(found.spec) if name in found.places]
    of_cells = ", ".join(case.format(sign=_sign_sql(cell)) for cell in cells)
    of_row = f"nullif(array_to_string(list_distinct([{of_cells}]), ' '), '')"
    column = ReadColumn(header=(ROW_CURRENCY,))
    read = {"read": found.spec.read | {ROW_CURRENCY: column}, "currency": ROW_CURRENCY}
    return (
        replace(
            found,
            spec=found.spec.model_copy(update=read),
            dialect=replace(found.dialect, headings=(*found.dialect.headings, ROW_CURRENCY)),
            places=found.places | {ROW_CURRENCY: place},
        ),
        f"(select *, {of_row} as c{place} from {source})",
    )


def _money(spec: Format) -> list[str]:
    return [name for name, column in spec.read.items() if column.type == "money"]


def _sign_sql(sql: str) -> str:
    """What is left of an amount without its digits, marks and spaces."""
    return f"regexp_replace({sql}, '[^\\p{{L}}\\p{{Sc}}]', '', 'g')"


def _currencies(sign: str, own: str) -> list[str]:
    """The currencies that are written so, the likeliest first; none for a word, or the client's."""
    from babel import Locale

    locale = Locale("en")
    codes = [code for code, pattern in SIGNS.items() if re.fullmatch(pattern, sign)]
    codes = codes or [code for code, text in locale.currency_symbols.items() if text == sign]
    codes = codes or [sign.upper()] * (sign.upper() in locale.currencies)
    codes.sort(key=lambda code: code != "USD")
    return [] if own in codes else codes


def _undecided(
    found: Recognised,
    sign: str,
    codes: list[str],
    count: int,
    first_day: str | None,
    context: ReadContext,
) -> ExportError:
    """Amounts whose sign is not the client's, and for which there is no one rate."""
    own = context.currency
    head = (
        f"{found.name}: its amounts bear the sign {sign!r} (rows: {count:,}), and client.yml says "
        f"{own}. Nothing was loaded from it. "
    )
    either = " or ".join(codes)
    if len(codes) > 1:
        head += f"fx_rates.csv has rates of {either}; say which it is: "
        block = f"amounts_in: {codes[0]}  # {either}, or {own} whatever the sign"
    else:
        head += how_to_convert(codes[0], own, first_day or "", some=bool(context.currencies))
        head += f"\nOr, if they are in {own} whatever the sign, "
        block = f"amounts_in: {own}"
    return ExportError(
        f"{head}paste this into client.yml and run again:\n"
        + setting_block(found.pattern, found.spec, block)
    )
