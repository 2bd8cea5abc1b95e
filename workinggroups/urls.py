from django.urls import path

from drafting import desks
from workinggroups.views import groups, meetings, members, notes, tasks

app_name = "workinggroups"
MEETING = "meetings/<int:pk>/"
urlpatterns = [
    path("groups/", groups.group_list, name="list"),
    path("participations/<int:pk>/found/<slug:kind>/", groups.group_found, name="found"),
    path("groups/<int:pk>/", groups.group_detail, name="detail"),
    path("groups/<int:pk>/edit/", groups.group_edit, name="edit"),
    path("groups/<int:pk>/members/add/", members.member_add, name="member_add"),
    path("group-members/<int:pk>/edit/", members.member_edit, name="member_edit"),
    path("groups/<int:pk>/meetings/", meetings.meeting_list, name="meetings"),
    path("groups/<int:pk>/meetings/add/", meetings.meeting_add, name="meeting_add"),
    path(MEETING, meetings.meeting_detail, name="meeting"),
    path(f"{MEETING}details/", meetings.meeting_details, name="details"),
    path(f"{MEETING}attendance/", meetings.meeting_attendance, name="attendance"),
    path(f"{MEETING}call/", meetings.meeting_call, name="call"),
    path(f"{MEETING}calendar/", meetings.meeting_calendar, name="calendar"),
    path(f"{MEETING}confirm/<slug:to>/", notes.notes_confirm, name="confirm"),
    path(f"{MEETING}move/<slug:to>/", notes.notes_move, name="move"),
    path(f"{MEETING}decisions/add/", notes.decision_add, name="decision_add"),
    path("decisions/<int:pk>/edit/", notes.decision_edit, name="decision_edit"),
    path("decisions/<int:pk>/remove/", notes.decision_remove, name="decision_remove"),
    path(f"{MEETING}files/", notes.notes_files, name="files"),
    path(f"{MEETING}files/<slug:language>/", notes.notes_download, name="download"),
    path(f"{MEETING}files/<slug:language>/again/", notes.notes_remake, name="remake"),
    path("groups/<int:pk>/tasks/", tasks.task_list, name="tasks"),
    path("groups/<int:pk>/tasks/add/", tasks.task_add, name="task_add"),
    path(f"{MEETING}tasks/add/", tasks.meeting_task_add, name="meeting_task_add"),
    path("tasks/<int:pk>/edit/", tasks.task_edit, name="task_edit"),
    path("tasks/<int:pk>/mark/<slug:to>/", tasks.task_mark, name="task_mark"),
    *desks.urls(notes.DESK, MEETING),
]
