from django.urls import path

from project.views import Index

urlpatterns = [path("", Index.as_view())]
