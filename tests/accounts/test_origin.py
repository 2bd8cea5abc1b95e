import pytest
from django.test import RequestFactory

from accounts import origin
from accounts.audit import record
from accounts.middleware import KnownOrigin

NETWORKS = [
    ("192.0.2.7", "192.0.2.7"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
    ("", ""),
    (None, ""),
    ("no address", ""),
]


@pytest.mark.parametrize(("address", "network"), NETWORKS)
def test_a_network_counts_as_one_sender(address, network):
    assert origin.network(address) == network


def test_the_requests_id_goes_into_the_audit_and_no_further(person):
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    request.id = "a-request"
    lead = person("lead")

    inside = KnownOrigin(lambda request: record("user.tested", lead, by=lead))(request)
    after = record("user.tested", lead, by=lead)

    assert (inside.request_id, inside.address) == ("a-request", "192.0.2.7")
    assert (after.request_id, after.address) == ("", None)


def test_a_server_on_a_socket_answers_without_an_address():
    request = RequestFactory().get("/", REMOTE_ADDR="")

    assert KnownOrigin(lambda request: origin.present())(request).address is None
