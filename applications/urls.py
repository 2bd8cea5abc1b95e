from django.urls import path

from applications.views import (
    applications,
    attachments,
    calls,
    letters,
    participations,
    partners,
    picking,
    steps,
    texts,
)
from drafting import desks

app_name = "applications"
urlpatterns = [
    path("calls/", calls.call_list, name="calls"),
    path("calls/<slug:slug>/", calls.call_detail, name="call"),
    path("calls/<slug:slug>/calendar/", calls.call_calendar, name="call_calendar"),
    path("call-documents/<int:pk>/", calls.call_document, name="call_document"),
    path("calls/<slug:slug>/start/", calls.application_start, name="start"),
    path("calls/<slug:slug>/municipality/", picking.municipality_pick, name="pick"),
    path("applications/", applications.application_list, name="list"),
    path("applications/<int:pk>/", applications.application_detail, name="detail"),
    path("applications/<int:pk>/steps/", steps.step_list, name="steps"),
    path("applications/<int:pk>/partners/", partners.partner_list, name="partners"),
    path("applications/<int:pk>/partners/ask/", partners.partner_ask, name="partner_ask"),
    path("partners/<int:pk>/", partners.partner_detail, name="partner"),
    path("partners/<int:pk>/move/<slug:to>/", partners.partner_move, name="partner_move"),
    path(
        "applications/<int:pk>/confirm/<slug:to>/",
        applications.application_confirm,
        name="confirm",
    ),
    path("applications/<int:pk>/move/<slug:to>/", applications.application_move, name="move"),
    path("applications/<int:pk>/receipt/", applications.application_receipt, name="receipt"),
    path("applications/<int:pk>/receipt/again/", applications.receipt_again, name="receipt_again"),
    path("applications/<int:pk>/content.json", applications.application_content, name="content"),
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
