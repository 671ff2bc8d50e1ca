"""What all catalogue pages have in common: whose settings they show, and a form that may be refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cached_property
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from incidents import access
from incidents.actions.refusals import NotYours, Refused, Stale
from incidents.models import Location

form_page = require_http_methods(["GET", "HEAD", "POST"])
MOST_TABS = 5


class Page:
    """One page for the business, or (`?at=`) for one place. 404 for a place that is not theirs."""

    folder = "catalogue"

    def __init__(self, request: access.StaffRequest) -> None:
        self.request = request
        self.staff = request.user
        self.now: dt.datetime = timezone.now()
        self.places: list[Location] = list(Location.objects.open_to(self.staff))
        wanted = request.GET.get("at", "")
        self.place = next((place for place in self.places if str(place.pk) == wanted), None)
        if wanted and self.place is None:
            raise Http404

    @cached_property
    def can_change(self) -> bool:
        """Managers change how their places differ; what counts everywhere is for administrators."""
        return self.place is not None or access.can_administer(self.staff)

    def must_change(self) -> None:
        if not self.can_change:
            raise PermissionDenied

    def must_be_a_place(self) -> Location:
        if self.place is None:
            raise Http404
        return self.place

    @property
    def query(self) -> str:
        return f"?at={self.place.pk}" if self.place else ""

    def url(self, name: str, *args: int | str) -> str:
        return reverse(name, args=args) + self.query

    def tabs(self) -> list[dict[str, Any]]:
        """The business, then each place; the page itself for each of them."""
        path = self.request.path
        whole = {"label": _("The business"), "url": path, "current": self.place is None, "value": "", "count": None}
        own = [
            {
                "label": place.name,
                "url": f"{path}?at={place.pk}",
                "current": place == self.place,
                "value": place.pk,
                "count": None,
            }
            for place in self.places
        ]
        return [whole, *own]

    def show(self, template: str, *, status: int = HTTPStatus.OK, **shown: Any) -> HttpResponse:
        context = {
            "page": self,
            "place": self.place,
            "tabs": self.tabs(),
            "has_tabs": len(self.places) <= MOST_TABS,
            "query": self.query,
            "can_change": self.can_change,
        }
        return render(self.request, f"incidents/{self.folder}/{template}.html", context | shown, status=status)

    def done(self, words: str, name: str, *args: int | str) -> HttpResponse:
        messages.success(self.request, words)
        return redirect(self.url(name, *args))

    def submit(
        self,
        template: str,
        form: Any,
        save: Callable[[], HttpResponse],
        renew: Callable[[Any], tuple[str, object]] | None = None,
        **shown: Any,
    ) -> HttpResponse:
        """The form's page. Filled in, `save` does it, or the page says why not.

        `renew` names the hidden field that saving over what somebody saved meanwhile takes, and its value.
        """
        if not form.is_bound:
            return self.show(template, form=form, **shown)
        if not form.is_valid():
            self._new_key(form, "submit_key" in form.errors)
            return self.show(template, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY, **shown)
        try:
            return save()
        except Stale as stale:
            shown |= {"stale": stale.words, "both": form.both_versions(stale.current), "newest": stale.current}
            if renew is not None:
                form.renew(*renew(stale.current))
        except NotYours:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal.words))
            self._new_key(form, "submit_key" in form.fields)
        return self.show(template, form=form, status=HTTPStatus.CONFLICT, **shown)

    def _new_key(self, form: Any, is_wanted: bool) -> None:
        if is_wanted:
            form.renew("submit_key", uuid4())


def by_version(current: Any) -> tuple[str, object]:
    return "version", current.version


def asked(request: access.StaffRequest) -> Any:
    """What was sent; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None
