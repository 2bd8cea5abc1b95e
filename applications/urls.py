from django.urls import path

from applications.views import (
    applications,
    attachments,
    calls,
    letters,
    participations,
    texts,
)
from drafting import desks

app_name = "applications"
urlpatterns = [
    path("calls/", calls.call_list, name="calls"),
    path("calls/<slug:slug>/", calls.call_detail, name="call"),
    path("calls/<slug:slug>/start/", calls.application_start, name="start"),
    path("applications/", applications.application_list, name="list"),
    path("applications/<int:pk>/", applications.application_detail, name="detail"),
    path(
        "applications/<int:pk>/confirm/<slug:to>/",
        applications.application_confirm,
        name="confirm",
    ),
    path("applications/<int:pk>/move/<slug:to>/", applications.application_move, name="move"),
    path("applications/<int:pk>/receipt/", applications.application_receipt, name="receipt"),
    path("applications/<int:pk>/receipt/again/", applications.receipt_again, name="receipt_again"),
    path("applications/<int:pk>/attachments/", attachments.attachment_list, name="attachments"),
    path("attachments/<int:pk>/", attachments.attachment_download, name="attachment"),
    path("attachments/<int:pk>/remove/", attachments.attachment_remove, name="attachment_remove"),
    path(
        "attachments/<int:pk>/put-back/",
        attachments.attachment_put_back,
        name="attachment_put_back",
    ),
    path("letters/<int:pk>/", letters.letter_download, name="letter"),
    path("letters/<int:pk>/again/", letters.letter_again, name="letter_again"),
    path("participations/<int:pk>/", participations.participation_detail, name="participation"),
    *desks.urls(texts.DESK, "applications/<int:pk>/"),
]
