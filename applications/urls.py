from django.urls import path

from applications import views

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
    path("applications/<int:pk>/receipt/again/", views.receipt_again, name="receipt_again"),
    path("applications/<int:pk>/attachments/", views.attachment_list, name="attachments"),
    path("attachments/<int:pk>/", views.attachment_download, name="attachment"),
    path("attachments/<int:pk>/remove/", views.attachment_remove, name="attachment_remove"),
    path("attachments/<int:pk>/put-back/", views.attachment_put_back, name="attachment_put_back"),
]
