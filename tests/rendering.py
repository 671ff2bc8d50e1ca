"""What the test client keeps of a page: the context it was made with, not a copy for each part that it includes."""

from __future__ import annotations

import pytest
from django.template.base import Template
from django.template.context import Context
from django.test.signals import template_rendered
from django.utils.safestring import SafeString


@pytest.fixture(scope="session", autouse=True)
def _pages_without_their_parts(django_test_environment: None) -> None:
    """A page has hundreds of parts, and Django's instrument copies the context for each."""

    def silent(self: Template, context: Context) -> SafeString:
        return self.nodelist.render(context)

    def render(self: Template, context: Context) -> SafeString:
        with context.render_context.push_state(self):
            if context.template is not None:
                return silent(self, context)
            with context.bind_template(self):
                context.template_name = self.name
                template_rendered.send(sender=self, template=self, context=context)
                return silent(self, context)

    setattr(Template, "_render", silent)  # noqa: B010
    setattr(Template, "render", render)  # noqa: B010
