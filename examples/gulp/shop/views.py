from django.shortcuts import render

TEAS = [("Assam", 4), ("Keemun", 6), ("Sencha", 5)]


def index(request):
    return render(request, "shop/index.html", {"teas": TEAS})
