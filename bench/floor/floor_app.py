"""The least that a Django page on this stack costs: what the peers and our project are set against.

Standard project middleware, database sessions, persistent connections, one gunicorn like the peers.
/bare      a view that returns an HttpResponse (middleware only)
/select1   SELECT 1
/login/    the login form, 4 KB
/page/     session + user + one indexed query + a template of 20 KB
/list/     session + user + 50 joined rows in a table
/detail/   session + user + one section: 6 questions, their options and the 6 answers of one object, as a form
/save/     session + user + CSRF + one versioned row: updated if its version is the one sent, else 409 (POST, JSON answer)
/save_plain/  the same without a version, answer 204
/answers/  session + user + all 95 answers of one object in a template
/pdf/      the same as a tagged PDF (PDF/UA-1) with 20 SVG charts, through WeasyPrint, inside the request of a warm process:
           a server of its own (FLOOR_PDF=1 imports WeasyPrint at its start), so that the others' memory stays the web's

The questionnaire has the product's shape: 18 sections, 95 questions.
"""
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "floor_app")
ROOT_URLCONF = "floor_app"
SECRET_KEY = "bench-only-not-a-secret"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
                  "django.contrib.messages"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
              "django.middleware.locale.LocaleMiddleware", "django.middleware.common.CommonMiddleware",
              "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
              "django.contrib.messages.middleware.MessageMiddleware",
              "django.middleware.clickjacking.XFrameOptionsMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates",
              "DIRS": [os.path.join(os.path.dirname(os.path.abspath(__file__)), "templates")],
              "OPTIONS": {"context_processors": ["django.template.context_processors.request",
                                                 "django.contrib.auth.context_processors.auth",
                                                 "django.contrib.messages.context_processors.messages"]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ.get("BENCH_DB", ""),
                         "USER": os.environ.get("BENCH_PG_USER", "bench"),
                         "HOST": os.environ.get("BENCH_PG_HOST", "127.0.0.1"), "PORT": os.environ.get("BENCH_PG_PORT", ""),
                         "CONN_MAX_AGE": 120, "CONN_HEALTH_CHECKS": True}}
LOGIN_URL = "/login/"

import django  # noqa: E402


def get_views():
    from django.contrib.auth.decorators import login_required
    from django.contrib.auth.views import LoginView
    from django.db import connection, transaction
    from django.http import HttpResponse, JsonResponse
    from django.shortcuts import render
    from django.urls import path

    def rows(sql, args=()):
        with connection.cursor() as cur:
            cur.execute(sql, args)
            return cur.fetchall()

    def bare(request):
        return HttpResponse("ok")

    def select1(request):
        return HttpResponse(str(rows("select 1")[0][0]))

    @login_required
    def page(request):
        town = rows("select id, name, note from town where id=%s", [int(request.GET.get("id", 1))])[0]
        return render(request, "page.html", {"town": town, "items": range(120)})

    @login_required
    def listing(request):
        data = rows("select t.id, t.name, t.state, u.email, t.note from town t join auth_user u on u.id=t.owner_id "
                    "order by t.name limit 50")
        total = rows("select count(*) from town")[0][0]
        return render(request, "list.html", {"rows": data, "total": total})

    @login_required
    def detail(request):
        town = int(request.GET.get("id", 1))
        asked = rows("select q.id, q.text, q.help, a.value, a.version from question q left join answer a on a.question_id=q.id "
                     "and a.town_id=%s where q.section=2 order by q.id", [town])
        labels = {}
        for question, label in rows("select c.question_id, c.label from choice c join question q on q.id=c.question_id "
                                    "where q.section=2 order by c.id"):
            labels.setdefault(question, []).append(label)
        asked = [(*row, labels[row[0]]) for row in asked]
        return render(request, "detail.html", {"asked": asked, "town": town})

    @login_required
    def save(request):
        p = request.POST
        key = [int(p["town"]), int(p["question"])]
        with transaction.atomic():
            new = rows("update answer set value=%s, version=version+1, changed=now() where town_id=%s and question_id=%s "
                       "and version=%s returning version", [p["value"], *key, int(p["version"])])
            if new:
                return JsonResponse({"version": new[0][0]})
            now = rows("select version, value from answer where town_id=%s and question_id=%s", key)[0]
        return JsonResponse({"version": now[0], "value": now[1]}, status=409)

    @login_required
    def save_plain(request):
        with transaction.atomic(), connection.cursor() as cur:
            cur.execute("update answer set value=%s, changed=now() where town_id=%s and question_id=%s",
                        [request.POST["value"], int(request.POST["town"]), int(request.POST["question"])])
        return HttpResponse(status=204)

    def report(request, template):
        town = int(request.GET.get("id", 1))
        data = rows("select q.section, q.text, a.value, q.help from question q join answer a on a.question_id=q.id "
                    "where a.town_id=%s order by q.id", [town])

        def chart(c):
            return [(i * 40 + 10, 110 - (c * 7 + i * 13) % 100, (c * 7 + i * 13) % 100) for i in range(7)]
        sections = [{"n": s, "rows": [r for r in data if r[0] == s], "bars": chart(s)} for s in range(18)]
        return render(request, template, {"sections": sections, "town": town, "overview": [chart(18), chart(19)]})

    @login_required
    def answers(request):
        return report(request, "answers.html")

    @login_required
    def pdf(request):
        from weasyprint import HTML
        html = report(request, "report.html").content.decode()
        return HttpResponse(HTML(string=html).write_pdf(pdf_variant="pdf/ua-1"), content_type="application/pdf")

    return [path("bare", bare), path("select1", select1), path("page/", page), path("list/", listing),
            path("detail/", detail), path("save/", save), path("save_plain/", save_plain),
            path("answers/", answers), path("pdf/", pdf),
            path("login/", LoginView.as_view(template_name="login.html", next_page="/bare"))]


if __name__ == "__main__":
    from django.core.management import execute_from_command_line
    sys.modules["floor_app"] = sys.modules["__main__"]
    django.setup()
    urlpatterns = get_views()
    execute_from_command_line(sys.argv)
elif os.environ.get("FLOOR_SETUP") != "off" and "gunicorn" in sys.argv[0]:
    django.setup()
    urlpatterns = get_views()
    if os.environ.get("FLOOR_PDF"):
        import weasyprint  # noqa: F401
    from django.core.handlers.wsgi import WSGIHandler
    application = WSGIHandler()
