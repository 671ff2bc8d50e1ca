"""Every write of more than one row. Keyword-only, typed; `now` and `by` come in."""
