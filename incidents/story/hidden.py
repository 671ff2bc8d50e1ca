"""What an incident tells without its names. `hidden_for(incident).words(text)` is what strangers may read."""

from incidents.models.hidden import Hidden, hidden_for, hidden_for_all, hidden_together, role_words

__all__ = ["Hidden", "hidden_for", "hidden_for_all", "hidden_together", "role_words"]
