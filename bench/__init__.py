"""How fast the pages are, and how much slower they get with more incidents. See README.md."""
