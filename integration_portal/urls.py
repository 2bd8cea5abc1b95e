from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from integration_portal import alive

urlpatterns = [path(alive.PATH[1:], alive.answer, name="alive")]
urlpatterns += i18n_patterns(
    path("", include("journey.urls")),
    path("municipalities/", include("municipalities.urls")),
    path("accounts/", include("allauth.urls")),
    path("people/", include("accounts.urls")),
    path("mails/", include("notifications.urls")),
    path("", include("applications.urls")),
    path("", include("workinggroups.urls")),
    path("", include("indexanalysis.urls")),
    path("", include("visits.urls")),
    path("", include("strategies.urls")),
    path("staff/", admin.site.urls),
)

handler400 = "integration_portal.errors.bad_request"
handler403 = "integration_portal.errors.forbidden"
handler404 = "integration_portal.errors.not_found"
handler500 = "integration_portal.errors.failed"
