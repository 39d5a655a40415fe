"""From files as platforms wrote them to canonical tables, with every row accounted for."""
