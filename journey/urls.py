from django.conf import settings
from django.urls import path

from journey import demo, views

app_name = "journey"
urlpatterns = [
    path("", views.start, name="start"),
    path("home/", views.home, name="home"),
    path("municipalities/<int:pk>/path/", views.town_path, name="path"),
    path(
        "assessments/<int:pk>/answers/<str:question>/thread/",
        views.question_thread,
        name="question_thread",
    ),
    path(
        "recommendations/<int:pk>/thread/",
        views.recommendation_thread,
        name="recommendation_thread",
    ),
    path("findings/<int:pk>/thread/", views.finding_thread, name="finding_thread"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", demo.page, name="demo"))
