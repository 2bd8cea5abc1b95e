from django.urls import path

from indexanalysis import views

app_name = "indexanalysis"
urlpatterns = [
    path("questionnaire/", views.questionnaire, name="questionnaire"),
    path(
        "questionnaire/<slug:section>/", views.questionnaire_section, name="questionnaire_section"
    ),
    path("assessments/", views.assessment_list, name="list"),
    path("participations/<int:pk>/start/", views.assessment_start, name="start"),
    path("assessments/<int:pk>/", views.assessment_detail, name="detail"),
    path("assessments/<int:pk>/sections/<slug:section>/", views.section_detail, name="section"),
    path("assessments/<int:pk>/answers/<str:question>/", views.answer_save, name="answer"),
    path("assessments/<int:pk>/confirm/", views.assessment_confirm, name="confirm"),
    path("assessments/<int:pk>/submit/", views.assessment_submit, name="submit"),
    path("assessments/<int:pk>/report/", views.report_detail, name="report"),
    path("assessments/<int:pk>/report/files/", views.report_files, name="files"),
    path("assessments/<int:pk>/report/<slug:language>/", views.report_download, name="download"),
    path("assessments/<int:pk>/report/<slug:language>/again/", views.report_remake, name="remake"),
]
