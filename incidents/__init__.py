"""Service recovery: from a mistake to a customer who is content. Start reading at workflow.py."""
