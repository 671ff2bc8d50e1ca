"""What is said of a change: how strong it is, what would be stronger, and what the counting came to."""

from __future__ import annotations

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from incidents.models import CheckVerdict, PreventionCheck, PreventionKind, Strength

STRENGTH: dict[str, LazyText] = {
    Strength.STRONG: gettext_lazy("Strong: nobody has to remember it."),
    Strength.MEDIUM: gettext_lazy("Medium: it helps whoever follows it."),
    Strength.WEAK: gettext_lazy("Weak: it holds as long as everybody remembers it."),
}
# What would be stronger.
STRONGER: dict[str, LazyText] = {
    PreventionKind.TRAINING: gettext_lazy(
        "People forget, and people leave. Can the step go, or check itself? A checklist at the place where it is done "
        "holds longer."
    ),
    PreventionKind.NOTICE: gettext_lazy(
        "After a week nobody reads a notice any more. A checklist or an automatic check does not wear off."
    ),
    PreventionKind.WATCH: gettext_lazy(
        "Watching alone changes nothing. Say what you will change if it comes back: a step that goes, a check, a "
        "checklist."
    ),
}


def check_words(check: PreventionCheck | None) -> str:
    """The counting as a sentence."""
    if check is None:
        return ""
    counted = {"days": check.days, "before": check.before, "after": check.after}
    if check.verdict == CheckVerdict.TOO_EARLY:
        words = ngettext("%(days)d day has passed.", "%(days)d days have passed.", check.days)
        return " ".join((words, _("%(before)d in as many days before, %(after)d since."))) % counted
    if check.verdict == CheckVerdict.TOO_FEW:
        return (
            _("%(before)d in the %(days)d days before and none since. With fewer than 5 before, that proves little.")
            % counted
        )
    if check.verdict == CheckVerdict.NOT_SEEN:
        return _("%(before)d in the %(days)d days before, none in the %(days)d days since.") % counted
    return _("%(before)d in the %(days)d days before, %(after)d since.") % counted
