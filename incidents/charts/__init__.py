"""Charts as shapes, made by pure functions; `templates/components/_chart.html` draws them."""

from incidents.charts.rows import ageing, pairs, pareto
from incidents.charts.shapes import Chart, Point, Row
from incidents.charts.weeks import columns, line

__all__ = ["Chart", "Point", "Row", "ageing", "columns", "line", "pairs", "pareto"]
