from django.conf import settings
from django.urls import path

from journey import demo, views

app_name = "journey"
urlpatterns = [
    path("", views.start, name="start"),
    path("home/", views.home, name="home"),
    path("municipalities/<int:pk>/path/", views.town_path, name="path"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", demo.page, name="demo"))
