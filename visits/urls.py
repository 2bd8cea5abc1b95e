from django.urls import path

from drafting import desks
from visits.views import findings, notes, reports, visits

VISIT, NOTE, FINDING = "visits/<int:pk>/", "notes/<int:pk>/", "findings/<int:pk>/"

app_name = "visits"
urlpatterns = [
    path("visits/", visits.visit_list, name="list"),
    path("participations/<int:pk>/visits/new/", visits.visit_plan, name="plan"),
    path(VISIT, visits.visit_detail, name="detail"),
    path(f"{VISIT}change/", visits.visit_change, name="change"),
    path(f"{VISIT}confirm/<slug:to>/", visits.visit_confirm, name="confirm"),
    path(f"{VISIT}move/<slug:to>/", visits.visit_move, name="move"),
    path(f"{VISIT}programme/", visits.visit_programme, name="programme"),
    path("programme-items/<int:pk>/", visits.item_edit, name="item"),
    path("programme-items/<int:pk>/remove/", visits.item_remove, name="item_remove"),
    path(f"{VISIT}people/", visits.visit_people, name="people"),
    path("people-met/<int:pk>/remove/", visits.person_remove, name="person_remove"),
    path(f"{VISIT}report/", reports.report_detail, name="report"),
    path(f"{VISIT}report/files/", reports.report_files, name="files"),
    path(f"{VISIT}report/<slug:language>/", reports.report_download, name="download"),
    path(f"{VISIT}report/<slug:language>/again/", reports.report_remake, name="remake"),
    *desks.urls(reports.DESK, VISIT),
    path(f"{VISIT}notes/new/", notes.note_new, name="note_new"),
    path(NOTE, notes.note_detail, name="note"),
    path(f"{NOTE}move/<slug:to>/", notes.note_move, name="note_move"),
    path(f"{NOTE}discard/", notes.note_discard, name="note_discard"),
    *desks.urls(notes.DESK, NOTE),
    path(f"{VISIT}findings/new/", findings.finding_new, name="finding_new"),
    path(FINDING, findings.finding_detail, name="finding"),
    path(f"{FINDING}basis/", findings.finding_basis, name="finding_basis"),
    path(f"{FINDING}share/", findings.finding_share, name="finding_share"),
    path(f"{FINDING}discard/", findings.finding_discard, name="finding_discard"),
    *desks.urls(findings.DESK, FINDING),
    path("participations/<int:pk>/follow-up/", findings.follow_up, name="follow_up"),
    path("recommendations/<int:pk>/observe/", findings.observe, name="observe"),
]
