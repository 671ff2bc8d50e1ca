"""Ways out of the house, by their key. A channel gets a Message and only sends; it knows nothing of incidents.

To add one: copy `email.py`, give it a key, and list it here and in `models.OutboxChannel`.
"""

from __future__ import annotations

from incidents.channels.base import Channel, Message, Refusal, TryAgain
from incidents.channels.email import Email

CHANNELS: dict[str, Channel] = {channel.key: channel for channel in (Email(),)}

__all__ = ["CHANNELS", "Channel", "Message", "Refusal", "TryAgain"]
