"""Fields of forms, made without a dozen templates each: what crispy calls a field, and radio chips."""

from __future__ import annotations

from typing import Any, cast

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field
from django import forms, template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.formats import localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from incidents.forms.markup import NOTHING, fill, fill_each, joined, rendered
from incidents.forms.unwritten import once
from incidents.templatetags.fixed import fixed
from incidents.templatetags.parts import icon

register = template.Library()
# Of a helper's layout: whoever sets one of these gets crispy's own, slower template.
_SPECIAL = ("tag", "label_class", "field_class", "wrapper_class", "form_class", "help_text_inline")
_PLAIN = (
    *(forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput),
    *(forms.Textarea, forms.Select, forms.CheckboxInput, forms.widgets.DateTimeBaseInput),
)


@register.simple_tag(takes_context=True)
def crispy_row(context: Context) -> SafeString:
    """The context's `field` with label, help and errors, as bootstrap5/field.html is asked for it."""
    field: BoundField = context["field"]
    if field.is_hidden:
        return rendered(str(field))
    widget = field.field.widget
    is_special = any(context.get(name) for name in _SPECIAL) or not context.get("form_show_labels")
    if is_special or not isinstance(widget, _PLAIN):
        return render_to_string("bootstrap5/field_special.html", cast("dict[str, Any]", context.flatten()))
    is_inline = bool(context.get("error_text_inline"))
    return row_of(field, has_errors=bool(context.get("form_show_errors")), is_inline=is_inline)


@register.simple_tag
def row(field: BoundField) -> SafeString:
    """The same as {{ field|as_crispy_field }}, for pages with dozens of fields."""
    if isinstance(field.field.widget, _PLAIN) and not field.is_hidden:
        return once(row_of, field)
    return rendered(as_crispy_field(field))


def row_of(field: BoundField, *, has_errors: bool = True, is_inline: bool = False) -> SafeString:
    errors = field.errors
    is_required = " requiredField" if field.field.required else ""
    own = f" {css}" if (css := field.css_classes()) else ""
    below = fill("{}{}", _errors(field, is_inline=is_inline) if errors and has_errors else "", _help(field))
    if isinstance(field.field.widget, forms.CheckboxInput):
        return fill(
            '<div class="mb-3"><div id="div_{}" class="form-check{}">{}'
            '<label for="{}" class="form-check-label{}">{}</label>{}</div></div>',
            field.auto_id,
            own,
            _control(field, "form-check-input", is_wrong=bool(errors)),
            field.id_for_label,
            is_required,
            field.label,
            below,
        )
    kind = "form-select" if isinstance(field.field.widget, forms.Select) else "form-control"
    return fill(
        '<div id="div_{}" class="mb-3{}">{}{}{}</div>',
        field.auto_id,
        own,
        _label(field, f"form-label{is_required}"),
        _control(field, kind, is_wrong=bool(errors)),
        below,
    )


def _label(field: BoundField, css: str) -> SafeString:
    label = str(field.label)
    if not label:
        return NOTHING
    at = field.id_for_label
    return fill(
        '<label {}class="{}">{}{}</label>',
        fill('for="{}" ', at) if at else "",
        css,
        field.label if isinstance(field.label, SafeString) else label,
        _optional(field),
    )


def _optional(field: BoundField) -> SafeString:
    is_needed = field.field.required or getattr(field.field, "is_needed_for_some", False)
    return NOTHING if is_needed else fill(' <span class="optional">{}</span>', _("(optional)"))


def _control(field: BoundField, css: str, *, is_wrong: bool) -> str:
    """The input itself, with crispy's classes: the widget's name in small letters, and Bootstrap's."""
    widget = field.field.widget
    classes = widget.attrs.get("class", "")
    name = type(widget).__name__.lower()
    if name not in classes:
        classes = f"{classes} {name}" if classes else name
    wanted = (css, "is-invalid") if is_wrong else (css,)
    widget.attrs["class"] = " ".join([classes, *(one for one in wanted if one not in classes.split())])
    return field.as_widget()


def _errors(field: BoundField, *, is_inline: bool) -> SafeString:
    tag = "span" if is_inline else "p"
    rows = fill_each(
        "",
        '<{0} id="error_{1}_{2}"><strong>{3}</strong></{0}>',
        ((tag, number, field.auto_id, error) for number, error in enumerate(field.errors, 1)),
    )
    return fill('<div id="{}_error" class="invalid-feedback">{}</div>', field.auto_id, rows)


def _help(field: BoundField) -> SafeString:
    if not field.help_text:
        return NOTHING
    at = fill('id="{}_helptext" ', field.auto_id) if field.auto_id else ""
    return fill('<div {}class="form-text">{}</div>', at, rendered(str(field.help_text)))


@register.simple_tag
def chips(
    field: BoundField, kind: str = "chip", legend: str = "", hint: str = "", is_quiet: object = False
) -> SafeString:
    """A radio field as chips or tiles; see components/_chips.html."""
    return once(_chips, field, kind, legend, hint, bool(is_quiet))


def _chips(field: BoundField, kind: str, legend: str, hint: str, is_quiet: bool) -> SafeString:
    at, errors, said = field.auto_id, field.errors, hint or field.help_text
    described = f"{at}_helptext " if said else ""
    described += f"{at}_error" if errors else ""
    return fill(
        '<fieldset class="field{}" id="{}" tabindex="-1"{}><legend{}>{}{}</legend>{}{}'
        '<div class="{}" data-chips>{}</div></fieldset>',
        " is-wrong" if errors else "",
        at,
        fill(' aria-describedby="{}"', described) if described else "",
        rendered(' class="visually-hidden"') if is_quiet else "",
        legend or field.label,
        _optional(field),
        fill('<div class="form-text" id="{}_helptext">{}</div>', at, said) if said else "",
        fill('<div class="field-error" id="{}_error">{}</div>', at, _paragraphs(errors)) if errors else "",
        "tiles" if kind == "tile" else "chips",
        joined(_chip(one.data, kind, number) for number, one in enumerate(field, 1)),
    )


@register.simple_tag
def when(field: BoundField, now_local: str, hint: str = "") -> SafeString:
    """A moment: chips that fill a native datetime-local field; see components/_when.html."""
    at, errors, said = field.auto_id, field.errors, hint or field.help_text
    return fill(
        '<div class="field">{}{}{}<div class="field-when">{}</div>{}</div>',
        fill('<label class="form-label" for="{}">{}{}</label>', field.id_for_label, field.label, _optional(field)),
        fill('<div class="form-text" id="{}_helptext">{}</div>', at, said) if said else "",
        _quick_choices(at, now_local),
        field.as_widget(),
        fill('<div class="field-error" id="{}_error">{}</div>', at, _paragraphs(errors)) if errors else "",
    )


def _quick_choices(target: str, now_local: str) -> SafeString:
    """As components/_when_chips.html has them."""
    return fill(
        '<div class="js-only"><div class="chips mb-2" data-chips data-when="{}" data-now="{}" role="group" '
        'aria-label="{}">{}</div></div>',
        target,
        now_local,
        _("Quick choices"),
        fixed("components/_when_buttons.html"),
    )


def _paragraphs(errors: Any) -> SafeString:
    return fill_each("", "<p>{}</p>", ((error,) for error in errors))


def _chip(option: dict[str, Any], kind: str, number: int) -> SafeString:
    value, attrs = option["value"], option["attrs"]
    if value == "":
        return NOTHING
    row = getattr(value, "instance", None)
    symbol = getattr(row, "icon", "")
    return fill(
        '<div class="{}"><input class="chip-input" type="{}" name="{}" value="{}" id="{}"{}{}>'
        '<label class="chip-label" for="{}">{}<span class="chip-text">{}</span>{}</label></div>',
        kind or "chip",
        option["type"] or "radio",
        option["name"],
        localize(value),
        attrs.get("id", ""),
        " checked" if option["selected"] else "",
        " required" if attrs.get("required") else "",
        attrs.get("id", ""),
        icon(symbol) if symbol else "",
        localize(option["label"]),
        fill('<kbd class="hint" aria-hidden="true">{}</kbd>', number) if number < 10 else "",
    )
