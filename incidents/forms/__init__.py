"""What people write into, and what is said of what is missing."""

from django import forms
from django.utils.translation import gettext_lazy as _

# Said of every field that has no words of its own, in all forms: they are made after this.
forms.Field.default_error_messages["required"] = _("Fill this in.")
forms.ChoiceField.default_error_messages["required"] = _("Choose one.")
forms.MultipleChoiceField.default_error_messages["required"] = _("Choose at least one.")
forms.ModelMultipleChoiceField.default_error_messages["required"] = _("Choose at least one.")
