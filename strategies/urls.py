from django.urls import path

from drafting import desks
from strategies.views import coverage, decisions, parts, public, towns
from strategies.views import strategies as views

ONE = "strategies/<int:pk>/"
CHAPTER, OBJECTIVE = "strategies/chapters/<int:pk>/", "strategies/objectives/<int:pk>/"
MEASURE, STEP = "strategies/measures/<int:pk>/", "strategies/decisions/<int:pk>/"
INVITATION = "strategies/invitations/<int:pk>/"
OBJECTIVES, MEASURES = {"rows": parts.all_objectives}, {"rows": parts.all_measures}

app_name = "strategies"
urlpatterns = [
    path("strategies/", views.strategy_list, name="list"),
    path("participations/<int:pk>/strategy/", views.strategy_found, name="found"),
    path(ONE, views.strategy_detail, name="detail"),
    path(f"{ONE}text/", views.strategy_text, name="text"),
    path(f"{ONE}change/", views.strategy_change, name="change"),
    path(f"{ONE}confirm/<slug:to>/", views.strategy_confirm, name="confirm"),
    path(f"{ONE}move/<slug:to>/", views.strategy_move, name="move"),
    path(f"{ONE}publish/<slug:to>/", views.strategy_publish, name="publish"),
    path(f"{ONE}files/", views.strategy_files, name="files"),
    path(f"{ONE}files/<slug:language>/", views.strategy_download, name="download"),
    path(f"{ONE}files/<slug:language>/again/", views.strategy_remake, name="remake"),
    path(f"{ONE}coverage/", coverage.strategy_coverage, name="coverage"),
    path(f"{ONE}recommendations/", coverage.strategy_recommendations, name="recommendations"),
    path(f"{ONE}recommendations/<int:recommendation>/", coverage.recommendation_use, name="use"),
    path(f"{ONE}decisions/", decisions.decision_list, name="decisions"),
    path(STEP, decisions.decision_record, name="decision"),
    path(f"{STEP}drop/", decisions.decision_drop, name="decision_drop"),
    path(f"{ONE}municipalities/", towns.town_list, name="towns"),
    path(INVITATION, towns.invitation_detail, name="invitation"),
    path(f"{INVITATION}<slug:to>/", towns.invitation_answer, name="invitation_answer"),
    path(f"{ONE}chapters/add/", parts.chapter_add, name="chapter_add"),
    path(f"{ONE}objectives/add/", parts.objective_add, name="objective_add"),
    path(f"{OBJECTIVE}measures/add/", parts.measure_add, name="measure_add"),
    path(MEASURE, parts.measure_detail, name="measure"),
    path(f"{MEASURE}unlink/<int:recommendation>/", parts.measure_unlink, name="measure_unlink"),
    path(f"{OBJECTIVE}remove/", parts.part_remove, OBJECTIVES, name="objective_remove"),
    path(f"{OBJECTIVE}put-back/", parts.part_put_back, OBJECTIVES, name="objective_put_back"),
    path(f"{MEASURE}remove/", parts.part_remove, MEASURES, name="measure_remove"),
    path(f"{MEASURE}put-back/", parts.part_put_back, MEASURES, name="measure_put_back"),
    *desks.urls(parts.CHAPTERS, CHAPTER),
    *desks.urls(parts.OBJECTIVES, OBJECTIVE),
    *desks.urls(parts.MEASURES, MEASURE),
    # Read by everybody, without signing in
    path("strategies/published/", public.published_list, name="published_list"),
    path(f"{ONE}published/", public.published_detail, name="published"),
    path(f"{ONE}published/data/", public.published_data, name="published_data"),
    path(f"{ONE}published/<slug:language>/", public.published_file, name="published_file"),
]
