"""Lists as files: which columns, in which words, as CSV or for Excel. Reads and writes files; knows no page and no job.

What is exported are numbers (primary keys) in the order of a screen; rows are read anew, as the reader may see them.
"""

from incidents.exports.incidents import RECOVERIES
from incidents.exports.listing import Listing
from incidents.exports.others import CALLS, CUSTOMERS
from incidents.exports.sheet import FORMS

LISTINGS: dict[str, Listing] = {each.name: each for each in (RECOVERIES, CALLS, CUSTOMERS)}

__all__ = ["CALLS", "CUSTOMERS", "FORMS", "LISTINGS", "RECOVERIES", "Listing"]
