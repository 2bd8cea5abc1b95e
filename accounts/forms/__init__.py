from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import AccessRequest, User
from municipalities.models import Municipality


class SignupForm(forms.Form):
    """What we ask besides address and password; allauth builds its own form on top of it."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(
        label=_("Language of mails and documents"), choices=settings.LANGUAGES
    )
    field_order = ("name", "email", "password1", "language")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language()

    def signup(self, request, user):
        """allauth asks for this; `AccountAdapter.save_user` has stored the fields already."""


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class AccessRequestForm(forms.ModelForm):
    """A municipality's first person asks in; later ones are let in by its coordinator."""

    class Meta:
        model = AccessRequest
        fields = ["municipality", "post", "reason"]
        widgets = {
            "post": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "reason": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "post": _("For example integration coordinator or development manager."),
            "reason": _("The project staff read this and may call your municipality to check."),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        towns = Municipality.objects.filter(successor=None)
        self.fields["municipality"].queryset = towns.by_name(get_language())

    def clean_municipality(self):
        town = self.cleaned_data["municipality"]
        mine = self.user.access_requests.filter(municipality=town)
        if mine.filter(state=AccessRequest.State.PENDING).exists():
            raise forms.ValidationError(_("You have asked for this municipality already."))
        if town.memberships.current().coordinating().exists():
            raise forms.ValidationError(
                _("This municipality has a coordinator already, who can let you in.")
            )
        return town
