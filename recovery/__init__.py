"""The Django project: settings, addresses, worker and the embedded servers. No business words here."""
