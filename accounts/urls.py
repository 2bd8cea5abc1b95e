from django.urls import path

from accounts import session_views, views

app_name = "accounts"
urlpatterns = [
    path("me/", views.profile, name="profile"),
    path("me/sign-out/", session_views.sign_out_everywhere, name="sign_out_everywhere"),
    path("access/", views.access_request, name="access"),
]
