"""Notebooks run by papermill, gathered into the report that the client receives."""
