"""The recovery of one incident: every act of the page, each with its own address."""
