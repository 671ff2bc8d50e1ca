"""The numbers: figures, charts and the rows behind them."""

from bench.pages import LIST, Page

NUMBERS = (
    Page("numbers", "manager", "/numbers/", 6),
    Page("numbers, charts of mistakes", "manager", "/numbers/charts/mistakes/", 6),
    Page("numbers, charts of time", "manager", "/numbers/charts/time/", 6),
    Page("numbers, charts of causes", "manager", "/numbers/charts/causes/", 6),
    Page("rows behind a figure", "manager", "/numbers/apologized_in_time/rows/", 6, LIST),
)
