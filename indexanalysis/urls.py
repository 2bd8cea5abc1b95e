from django.urls import path

from drafting import desks
from indexanalysis.views import answers, recommendations
from indexanalysis.views import assessments as views

ANSWER = "assessments/<int:pk>/answers/<str:question>/"
OF_ASSESSMENT, ONE = "assessments/<int:pk>/recommendations/", "recommendations/<int:pk>/"

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
    path(ANSWER, answers.answer_save, name="answer"),
    path(f"{ANSWER}about/", answers.answer_about, name="about"),
    path(f"{ANSWER}history/", answers.answer_history, name="history"),
    path(f"{ANSWER}history/<int:version>/restore/", answers.answer_restore, name="restore"),
    path(f"{ANSWER}comments/", answers.comment_add, name="comment"),
    path(f"{ANSWER}comments/<int:comment>/<slug:to>/", answers.comment_move, name="comment_move"),
    path(f"{ANSWER}proposals/", answers.proposal_add, name="propose"),
    path(
        f"{ANSWER}proposals/<int:proposal>/<slug:to>/",
        answers.proposal_move,
        name="proposal_move",
    ),
    path("assessments/<int:pk>/confirm/", views.assessment_confirm, name="confirm"),
    path("assessments/<int:pk>/submit/", views.assessment_submit, name="submit"),
    path("assessments/<int:pk>/report/", views.report_detail, name="report"),
    path("assessments/<int:pk>/report/files/", views.report_files, name="files"),
    path("assessments/<int:pk>/report/<slug:language>/", views.report_download, name="download"),
    path("assessments/<int:pk>/report/<slug:language>/again/", views.report_remake, name="remake"),
    path(OF_ASSESSMENT, recommendations.recommendation_list, name="recommendations"),
    path(
        f"{OF_ASSESSMENT}new/",
        recommendations.recommendation_sections,
        name="recommendation_sections",
    ),
    path(
        f"{OF_ASSESSMENT}new/<slug:section>/",
        recommendations.recommendation_new,
        name="recommendation_new",
    ),
    path(
        f"{OF_ASSESSMENT}start/<str:question>/<int:number>/",
        recommendations.recommendation_start,
        name="recommendation_start",
    ),
    path(
        f"{OF_ASSESSMENT}issue/",
        recommendations.recommendation_issue_all,
        name="recommendation_issue_all",
    ),
    path(ONE, recommendations.recommendation_detail, name="recommendation"),
    path(f"{ONE}basis/", recommendations.recommendation_basis, name="recommendation_basis"),
    path(f"{ONE}discard/", recommendations.recommendation_discard, name="recommendation_discard"),
    path(f"{ONE}issue/", recommendations.recommendation_issue, name="recommendation_issue"),
    path(f"{ONE}answer/", recommendations.recommendation_respond, name="recommendation_respond"),
    path(f"{ONE}move/<slug:to>/", recommendations.recommendation_move, name="recommendation_move"),
    *desks.urls(recommendations.DESK, ONE),
]
