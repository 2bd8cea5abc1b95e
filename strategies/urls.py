app_name = "strategies"
urlpatterns = []
