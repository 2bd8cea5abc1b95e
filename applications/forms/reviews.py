from django import forms

from applications.models import Review


class ReviewForm(forms.ModelForm):
    class Meta:
        model = Review
        fields = ["score", "comment"]
        widgets = {"comment": forms.Textarea(attrs={"rows": 5})}
