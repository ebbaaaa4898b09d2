from django.urls import path

from project.views import index, sights

urlpatterns = [
    path("", index),
    path("api/sights", sights),
]
