"""Reports of several grains tell one sum: which rows are loaded, so that no cent counts twice.

An advertising platform tells a campaign's money by campaign, again by ad group, by keyword, and by
region. For each day and campaign one report says the whole: the least fine, then the freshest. A
report that splits it by region, country or product (the table's ``parts``) takes its part out of
that whole; what it cannot place stays behind without a region. Where the parts exceed the whole by
more than ``SLACK``, the whole is the older telling, and the parts stand alone.
"""

from goulot.fields import FIELDS
from goulot.tables import PROVENANCE, Table

SLACK = 0.01  # share; parts are rounded one by one
GRADE = 1 << 20  # above any rank of a file
ADDS_UP = ("integer", "number", "money")


def whole_and_parts(table: Table, amount: str) -> tuple[str, str]:
    """The query of the rows that are loaded, and that of the rows that are lost, with the reason.

    Both read ``judged``, the answer to the query ``judged_rows``. A lost row of 0 ``rows`` is the
    amount that the parts took out of a whole.
    """
    key = ", ".join(table.key)
    owner = ", ".join((*table.owner, "shop"))
    columns = ", ".join(_loaded(table, name) for name in table.columns)
    query = f"select {columns} from judged where is_kept group by {key} order by {key}"
    best = "if(depth = 0, whole, part)"
    lost = f"""
select source_file, source_row, {amount} as amount, 1 as rows,
    case
        when copy > 1 then 'duplicate'
        when standing // {GRADE} = {best} // {GRADE} and standing <> {best} then 'duplicate'
        else 'other grain'
    end as why
from judged where not is_kept
union all
select min(source_file), min(source_row), min(part_{amount}), 0, 'other grain'
from judged where is_kept and is_whole and told = 'both'
group by {owner}"""
    return query, lost


def judged_rows(table: Table, amount: str) -> str:
    """Every incoming row: what it tells, what of its group is told, and whether it is kept.

    ``incoming`` has the table's columns, ``rank`` (freshness of the file), ``finer``, ``record``
    and ``shop`` (each tells its own).
    """
    group, names = f"over (partition by {', '.join((*table.owner, 'shop'))})", _measures(table)
    located = " + ".join(f"cast({name} is not null as INTEGER)" for name in table.parts)
    sums = ", ".join(
        f"sum({name}) filter (is_{side}) {group} as {side}_{name}"
        for name in names
        for side in ("whole", "part")
    )
    same = " and ".join(f"coalesce(whole_{n}, 0) = coalesce(part_{n}, 0)" for n in names)
    more = f"part_{amount} > whole_{amount} + abs(whole_{amount}) * {SLACK}"
    return f"""
with placed as (
    select *, {located} as located,
        row_number() over (partition by rank, record order by source_row) as copy
    from incoming
),
graded as (
    select *, max(located) over (partition by {", ".join(table.owner)}, shop, rank) as depth,
        (depth * 100 + 99 - finer) * {GRADE} + rank as standing
    from placed
),
chosen as (
    select *,
        max(standing) filter (depth = 0) {group} as whole,
        max(standing) filter (depth > 0) {group} as part
    from graded
),
sided as (
    select *,
        copy = 1 and coalesce(standing = whole, false) as is_whole,
        copy = 1 and coalesce(standing = part, false) and (located > 0 or whole is null) as is_part
    from chosen
),
summed as (select *, {sums} from sided)
select *,
    case
        when whole is null then 'parts'
        when part_{amount} is null then 'whole'
        when {more} or ({same}) then 'parts'
        else 'both'
    end as told,
    (is_whole and told <> 'parts') or (is_part and told <> 'whole') as is_kept
from summed"""


def _measures(table: Table) -> list[str]:
    """The columns of the table that add up."""
    keyed = {*table.key, *PROVENANCE}
    return [n for n in table.columns if n not in keyed and FIELDS[n].kind in ADDS_UP]


def _loaded(table: Table, name: str) -> str:
    """A column of the loaded row: a sum over its rows, less what the parts took out of a whole."""
    if name in table.key:
        return name
    if name not in _measures(table):
        return f"min({name}) as {name}"
    taken = f"max(case when is_whole and told = 'both' then part_{name} end)"
    return f"cast(sum({name}) - coalesce({taken}, 0) as {FIELDS[name].sql_type}) as {name}"
