from django.http import JsonResponse
from django.shortcuts import render

from project.sights import SIGHTS


def index(request):
    return render(request, "index.html", {"number": len(SIGHTS)})


def sights(request):
    return JsonResponse({"sights": SIGHTS})
