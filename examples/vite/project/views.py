from django import forms
from django.views.generic import FormView


class SeatForm(forms.Form):
    seat = forms.ChoiceField(choices=[("window", "Window"), ("aisle", "Aisle")])


class Index(FormView):
    template_name = "index.html"
    form_class = SeatForm
