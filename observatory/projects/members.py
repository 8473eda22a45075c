"""The members of a project, as its owners manage them on its page."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from observatory.projects.admin_rights import RoleRights
from observatory.projects.models import Membership, Project
from observatory.projects.owners import lock_members, only_owner_of, projects_of_owners
from observatory.projects.roles import Role


class MemberForm(forms.ModelForm):
    """A new member is typed, not chosen: an owner of one project is not shown who else there is."""

    user = forms.ModelChoiceField(
        queryset=User.objects.all(),
        to_field_name="username",
        widget=AdminTextInputWidget,
        label="Username",
        error_messages={"invalid_choice": "There is no user of this name. A superuser creates users."},
    )

    class Meta:
        model = Membership
        fields = ("user", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:  # a membership is of one person: another one is another row
            self.initial["user"] = self.instance.user
            self.fields["user"].disabled = True


class MemberFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """An owner may leave, but not as the last one: only a superuser could open the project's settings again."""
        super().clean()
        if any(self.errors) or not self.is_bound:
            return
        lock_members(Project.objects.filter(pk=self.instance.pk))
        before = dict(Membership.objects.filter(project=self.instance).values_list("pk", "role"))
        if Role.OWNER in before.values() and Role.OWNER not in self._roles_after(before):
            raise ValidationError("A project keeps an owner: make somebody else an owner first.", code="no_owner")

    def _roles_after(self, before: Mapping[int, str]) -> list[str]:
        """What this form changes of the roles that are stored at this moment: the others may have changed meanwhile."""
        roles = dict(before)
        for form in self.initial_forms:
            if form.cleaned_data.get("DELETE"):
                roles.pop(form.instance.pk, None)
            elif "role" in form.changed_data and form.instance.pk in roles:
                roles[form.instance.pk] = form.cleaned_data["role"]
        added = [form.cleaned_data for form in self.extra_forms if form.cleaned_data]
        return [*roles.values(), *(data["role"] for data in added if not data.get("DELETE"))]


class MemberInline(RoleRights, admin.TabularInline):
    sees = adds = changes = deletes = Role.OWNER
    model = Membership
    form = MemberForm
    formset = MemberFormSet
    extra = 0
    verbose_name = "member"
    verbose_name_plural = "Members"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user").order_by("user__username")


class MembershipFormSet(forms.BaseInlineFormSet):
    """The memberships of an account, as superusers change them on its page."""

    def clean(self) -> None:
        """As on the page of a project, the last owner stays."""
        super().clean()
        if any(self.errors) or not self.is_bound or self.instance.pk is None:
            return
        lock_members(projects_of_owners([self.instance.pk]))
        kept = {
            form.cleaned_data["project"]
            for form in self.forms
            if form.cleaned_data and form.cleaned_data["role"] == Role.OWNER and not form.cleaned_data.get("DELETE")
        }
        if reasons := only_owner_of([self.instance.pk], but=kept):
            raise ValidationError(reasons, code="no_owner")
