import secrets

from django import forms
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class WrittenText(forms.CharField):
    """A text of several lines. A browser ends them with CR LF; stored, and compared, is LF."""

    widget = forms.Textarea

    def to_python(self, value):
        return normalize_newlines(super().to_python(value))


class LimitedText(WrittenText):
    """One whose limit is counted (static/limits.js): a browser would cut what is pasted."""

    def widget_attrs(self, widget):
        attrs = super().widget_attrs(widget)
        return attrs | {"data-limit": attrs.pop("maxlength")}


class DraftForm(forms.ModelForm):
    """The written fields of a `Versioned` row, on top of the version that the page showed."""

    read = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["read"].initial = self.instance.version

    @property
    def written(self):
        """What was typed, by field, without the version."""
        return {n: self.cleaned_data[n] for n in self._meta.fields if n in self.fields}


class Repeatable(forms.Form):
    """Carries a key of its own, so that sent twice it does one thing."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=secrets.token_hex)


class CommentForm(Repeatable):
    text = WrittenText(
        label=_("Your comment"),
        max_length=2000,
        help_text=_("Name somebody as @First name Last name, and they get a message about it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    people = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Who gets a message"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people


class NoteForm(Repeatable):
    """What goes along with a proposal, besides what is proposed."""

    note = WrittenText(
        label=_("A word to those who answer"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecisionForm(forms.Form):
    """What of a proposal is taken in, on top of which version; or the word with which it is not."""

    read = forms.IntegerField(min_value=0, required=False)
    answer = forms.CharField(max_length=1000, required=False)


class RestoreForm(forms.Form):
    read = forms.IntegerField(min_value=0)
