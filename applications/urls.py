from django.urls import path

from applications import views

TEXT = "applications/<int:pk>/texts/<slug:field>/"

app_name = "applications"
urlpatterns = [
    path("calls/", views.call_list, name="calls"),
    path("calls/<slug:slug>/", views.call_detail, name="call"),
    path("calls/<slug:slug>/start/", views.application_start, name="start"),
    path("applications/", views.application_list, name="list"),
    path("applications/<int:pk>/", views.application_detail, name="detail"),
    path("applications/<int:pk>/edit/", views.application_edit, name="edit"),
    path("applications/<int:pk>/confirm/<slug:to>/", views.application_confirm, name="confirm"),
    path("applications/<int:pk>/move/<slug:to>/", views.application_move, name="move"),
    path("applications/<int:pk>/receipt/", views.application_receipt, name="receipt"),
    path(TEXT, views.text_about, name="text"),
    path(f"{TEXT}history/", views.text_history, name="text_history"),
    path(f"{TEXT}history/<int:version>/restore/", views.text_restore, name="text_restore"),
    path(f"{TEXT}comments/", views.text_comment, name="text_comment"),
    path(
        f"{TEXT}comments/<int:comment>/<slug:to>/",
        views.text_comment_move,
        name="text_comment_move",
    ),
]
