"""Countries and regions by one name, whoever wrote them, so that orders and advertising meet.

A country becomes its ISO 3166 code, by its name in seven languages. A region becomes the
first-level region of ``regions.yml``: from a shop's province code, what a postcode begins with, an
English name, or a department. What is not known there stays as it was written. A region without a
country gets the country where only one has a region of that name.
"""

from collections import defaultdict
from functools import cache
from importlib.resources import files

import duckdb
from babel import Locale

from goulot.exports.shipped import shipped_yaml

LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl")
# Names that shops write and Unicode does not list.
MORE_COUNTRIES = {"UK": "GB", "England": "GB", "Scotland": "GB", "Wales": "GB", "USA": "US",
                  "United States of America": "US", "Holland": "NL", "Czech Republic": "CZ",
                  "The Netherlands": "NL"}  # fmt: skip
SHORTEST_NAME = 4  # of a region that may tell its country: codes and postcodes do not
ELSEWHERE_TOO = {"Luxembourg", "Luxemburg", "Limburg", "Limbourg", "Georgia", "Jura", "La Rioja",
                 "Córdoba", "Valencia", "León", "Granada", "Toledo", "Santa Cruz de Tenerife",
                 "Centre", "Nord"}  # fmt: skip

PLACE_MACROS = (
    """create or replace macro folded_place(name) as
    trim(regexp_replace(lower(strip_accents(coalesce(name, ''))), '[^a-z0-9]+', ' ', 'g'))""",
    # FR-IDF is IDF.
    """create or replace macro bare_region(region, country) as
    case when starts_with(folded_place(region), lower(country) || ' ')
        then substr(folded_place(region), 4) else folded_place(region) end""",
    # "Los Angeles County, California, United States": the country, and the region before it.
    """create or replace macro place_country(place) as
    nullif(trim(regexp_extract(place, '([^,]+)$', 1)), '')""",
    """create or replace macro place_region(place) as
    nullif(trim(regexp_extract(place, '([^,]+),[^,]+$', 1)), '')""",
)


@cache
def country_names() -> tuple[tuple[str, str], ...]:
    """Pairs of a country's name or code and its ISO code, in all languages."""
    names = {}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names[name] = names[code] = code
    return tuple(sorted((names | MORE_COUNTRIES).items()))


@cache
def region_names() -> tuple[tuple[str, str, str], ...]:
    """Triples of a country's code, a way to write a region of it, and the region's name."""
    regions_of = shipped_yaml(files("goulot.exports") / "regions.yml")
    return tuple(
        (country, str(written), region)
        for country, regions in regions_of.items()
        for region, others in regions.items()
        for written in (region, *others)
    )


def regions_of_one_country() -> tuple[tuple[str, str, str], ...]:
    """The region names that tell their country."""
    countries = defaultdict(set)
    for country, written, _ in region_names():
        countries[written.casefold()].add(country)
    return tuple(
        (country, written, region)
        for country, written, region in region_names()
        if len(written) >= SHORTEST_NAME
        and len(countries[written.casefold()]) == 1
        and written not in ELSEWHERE_TOO
    )


def lay_places(connection: duckdb.DuckDBPyConnection) -> None:
    """The macros, and the temp tables ``country_names``, ``region_names``, ``telling_regions``."""
    for macro in PLACE_MACROS:
        connection.execute(macro)
    for name, rows in {
        "country_names": country_names(),
        "region_names": region_names(),
        "telling_regions": regions_of_one_country(),
    }.items():
        *written, meaning = zip(*rows, strict=True)
        country = "unnest($country) as country, " if len(written) == 2 else ""
        given = dict(zip(["country", "name"][-len(written) :], map(list, written), strict=True))
        connection.execute(
            f"create or replace temp table {name} as select * exclude (name, meaning),"
            f" folded_place(name) as folded, min(meaning) as "
            f"{'country' if not country else 'region'} from (select {country}"
            " unnest($name) as name, unnest($meaning) as meaning) group by all",
            given | {"meaning": list(meaning)},
        )


def placed(connection: duckdb.DuckDBPyConnection, query: str, rows: str) -> str:
    """``query`` with its countries and regions by one name.

    ``rows`` is a relation that holds all of them. There are few different ones, however many rows
    there are: each is looked up once.
    """
    connection.execute(
        f"""create or replace temp table places as
        select written.country_, written.region_,
            coalesce(named.country, telling.country, written.country_) as country,
            coalesce(known.region, telling.region, written.region_) as region
        from (
            select distinct coalesce(country, '') as country_, coalesce(region, '') as region_
            from {rows}
        ) as written
        left join country_names as named on named.folded = folded_place(country_)
        left join region_names as known
            on known.country = named.country and known.folded = bare_region(region_, known.country)
        left join telling_regions as telling
            on country_ = '' and telling.folded = folded_place(region_)"""
    )
    return f"""
select seen.* replace (
    nullif(places.country, '') as country, nullif(places.region, '') as region
)
from ({query}) as seen
left join places on places.country_ = coalesce(seen.country, '')
    and places.region_ = coalesce(seen.region, '')"""
