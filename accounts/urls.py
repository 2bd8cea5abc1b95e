from django.urls import path

from accounts.views import account, audit, invitations, memberships, people, sessions

app_name = "accounts"
urlpatterns = [
    path("me/", account.profile, name="profile"),
    path("me/sign-out/", sessions.sign_out_everywhere, name="sign_out_everywhere"),
    path("access/", account.access_request, name="access"),
    path("invitation/<str:token>/", invitations.invitation_open, name="invitation_open"),
    path("invitations/<int:pk>/", invitations.invitation_accept, name="invitation"),
    path("invitations/<int:pk>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    path("invitations/<int:pk>/again/", invitations.invitation_again, name="invitation_again"),
    path("memberships/<int:pk>/", memberships.membership_edit, name="membership"),
    path("memberships/<int:pk>/deputy/", memberships.membership_deputy, name="deputy"),
    path("memberships/<int:pk>/hand-over/", memberships.membership_hand_over, name="hand_over"),
    path("memberships/<int:pk>/end/", memberships.membership_end, name="membership_end"),
    path("<int:pk>/", people.town_people, name="town"),
    path("<int:pk>/invite/", people.town_invite, name="invite"),
    path("<int:pk>/invite-many/", people.town_invite_many, name="invite_many"),
    path("<int:pk>/audit/", audit.town_audit, name="audit"),
]
