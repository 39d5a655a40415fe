"""Canonical Parquet to marts: SQL files run in order, their promises held, the result read back."""
