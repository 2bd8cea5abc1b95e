import secrets

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection


@pytest.fixture(scope="session")
def databases(django_db_setup, django_db_blocker):
    """Make databases of one's own beside the tests', to fill and to lose; the last one is in use.

    databases() is a new empty one, databases("name") a copy of it. All of them go in the end.
    """
    tests, made = connection.settings_dict["NAME"], []

    def make(template="template0"):
        name = f"portal_{secrets.token_hex(4)}"
        run(f"CREATE DATABASE {name} TEMPLATE {template}")
        made.append(name)
        use(name)
        return name

    def use(name):
        connection.close()
        connection.settings_dict["NAME"] = name
        ContentType.objects.clear_cache()

    def run(statement):
        use("postgres")
        with connection.cursor() as cursor:
            cursor.execute(statement)

    make.use = use
    with django_db_blocker.unblock():
        yield make
        for name in made:
            run(f"DROP DATABASE {name} WITH (FORCE)")
        use(tests)
