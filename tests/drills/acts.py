"""Every form of the portal once: who sends it, to which address, and what its one effect is.

`ACTS` holds them by the route's name. Each prepares rows of its own when it is called.
"""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from accounts.models import AccessRequest, AuditEntry, Invitation, Membership, User
from applications.models import Application
from applications.workflow.attachments import remove
from documents.models import Document, Upload
from indexanalysis import workflow as assessing
from indexanalysis.models import Assessment, IndexReport, Round
from notifications.forms import PreferencesForm
from notifications.models import Mail, Preference
from tests.documents.files import pdf
from tests.drills import world
from tests.factories import (
    AccessRequestFactory,
    ApplicationFactory,
    AttachmentFactory,
    InvitationFactory,
    MembershipFactory,
    ParticipationFactory,
    PartnerFactory,
)


@dataclass(frozen=True)
class Act:
    """senders: one person or more, by turns. effects: queries that find one row each.

    opens: an address that each sender has visited before. file: what goes along, as bytes.
    """

    senders: list
    path: str
    form: dict
    effects: list = field(default_factory=list)
    opens: str = ""
    file: bytes = b""


def audit(action, row, **others):
    target = f"{row._meta.label_lower} {row.pk}"
    return AuditEntry.objects.filter(action=action, target=target, **others)


def audit_in(municipality, action):
    """The entries about a row that the form itself makes."""
    return AuditEntry.objects.filter(action=action, municipality=municipality)


def mails_to(address):
    return Mail.objects.filter(to=address)


def ask_for_access():
    user = world.newcomer()
    form = {"municipality": world.town().pk, "post": "Planner", "reason": "A drill."}
    entries = AuditEntry.objects.filter(action="access_request.made", by=user)
    asked = AccessRequest.objects.filter(user=user)
    return Act([user], "/people/access/", form, [asked, entries])


def decide_access():
    request = AccessRequestFactory(municipality=world.town(), user=world.newcomer())
    form = {"action": "approve", "_selected_action": request.pk}
    effects = [
        audit("accessrequest.approved", request),
        request.user.memberships.all(),
        mails_to(request.user.email),
    ]
    return Act([world.lead()], "/staff/accounts/accessrequest/", form, effects)


def change_profile():
    user = world.newcomer()
    changed = User.objects.filter(pk=user.pk, name="Changed", language="sv")
    return Act([user], "/people/me/", {"name": "Changed", "language": "sv"}, [changed])


def sign_out_everywhere():
    user = world.newcomer()
    ended = User.objects.filter(pk=user.pk, session_era__gt=user.session_era)
    return Act([user], "/people/me/sign-out/", {}, [ended])


def choose_mails():
    user = world.newcomer()
    form = dict.fromkeys(PreferencesForm(user=user).fields, "daily")
    chosen = Preference.objects.filter(user=user, kind="comment", rhythm="daily")
    return Act([user], "/mails/preferences/", form, [chosen])


def invite():
    town, address = world.town(), f"invited-{next(world.NUMBER)}@drill.example"
    form = {"email": address, "name": "New", "role": "member", "language": "fi"}
    invited = Invitation.objects.filter(municipality=town, email=address)
    path = f"/people/{town.pk}/invite/"
    return Act([world.person(town)], path, form, [invited, mails_to(address)])


def invite_many():
    town, address = world.town(), f"pasted-{next(world.NUMBER)}@drill.example"
    form = {"text": f"{address}; Somebody; ; member", "language": "fi", "send": "1"}
    invited = Invitation.objects.filter(municipality=town, email=address)
    path = f"/people/{town.pk}/invite-many/"
    return Act([world.person(town)], path, form, [invited, mails_to(address)])


def invitation_of(town, **others):
    secret, coordinator = secrets.token_hex(8), world.person(town)
    others |= {"email": f"open-{next(world.NUMBER)}@drill.example"} if "email" not in others else {}
    row = InvitationFactory(municipality=town, invited_by=coordinator, token=secret, **others)
    return row, secret, coordinator


def accept_invitation():
    user = world.newcomer()
    row, secret, _coordinator = invitation_of(world.town(), email=user.email)
    effects = [user.memberships.all(), audit("invitation.accepted", row), mails_to(user.email)]
    opens = f"/people/invitation/{secret}/"
    return Act([user], f"/people/invitations/{row.pk}/", {}, effects, opens=opens)


def revoke_invitation():
    row, _secret, coordinator = invitation_of(world.town())
    effects = [audit("invitation.revoked", row), mails_to(row.email)]
    return Act([coordinator], f"/people/invitations/{row.pk}/revoke/", {}, effects)


def invite_again():
    row, _secret, coordinator = invitation_of(world.town())
    effects = [audit("invitation.sent_again", row), mails_to(row.email)]
    return Act([coordinator], f"/people/invitations/{row.pk}/again/", {}, effects)


def member_of(town):
    return MembershipFactory(user=world.newcomer(), municipality=town, role="member")


def change_membership():
    town = world.town()
    row = member_of(town)
    form = {"role": "reader", "since": day(row.since), "until": "", "sector": "", "party": ""}
    effects = [audit("membership.changed", row), mails_to(row.user.email)]
    return Act([world.person(town)], f"/people/memberships/{row.pk}/", form, effects)


def day(date):
    return f"{date.day}.{date.month}.{date.year}"


def appoint_deputy():
    town = world.town()
    row = member_of(town)
    today = timezone.localdate()
    form = {"since": day(today), "until": day(today + timedelta(days=9))}
    deputies = Membership.objects.filter(user=row.user, municipality=town, role="coordinator")
    path = f"/people/memberships/{row.pk}/deputy/"
    return Act([world.person(town)], path, form, [deputies, mails_to(row.user.email)])


def hand_over():
    town = world.town()
    row, coordinator = member_of(town), world.person(town)
    effects = [
        town.memberships.current().coordinating(),
        audit("membership.handed_over", row),
        mails_to(row.user.email),
        mails_to(coordinator.email),
    ]
    path = f"/people/memberships/{row.pk}/hand-over/"
    return Act([coordinator], path, {"stays": "member"}, effects)


def end_membership():
    town = world.town()
    row = member_of(town)
    effects = [audit("membership.ended", row), mails_to(row.user.email)]
    return Act([world.person(town)], f"/people/memberships/{row.pk}/end/", {}, effects)


def start_application():
    town = world.town()
    rows = Application.objects.filter(municipality=town)
    entries = AuditEntry.objects.filter(action="application.started", municipality=town)
    form = {"municipality": town.pk}
    return Act([world.person(town)], "/calls/demo-open/start/", form, [rows, entries])


def edit_application():
    town = world.town()
    application = world.draft(town)
    form = {"read": 0, "motivation": "Sent twice."}
    stored = Application.objects.filter(pk=application.pk, motivation="Sent twice.", version=1)
    path = f"/applications/{application.pk}/edit/motivation/"
    return Act([world.person(town, "member")], path, form, [stored])


def submit_application():
    town = world.town()
    application, coordinator = world.draft(town), world.person(town)
    effects = [
        audit("application.submitted", application),
        Document.objects.filter(asked_by=coordinator),
        mails_to(coordinator.email),
    ]
    return Act([coordinator], f"/applications/{application.pk}/move/submitted/", {}, effects)


def ask_for_the_receipt_again():
    town = world.town()
    coordinator = world.person(town)
    receipt = Document.objects.create(
        task="applications.tasks.produce_receipt",
        key=f"drill-{next(world.NUMBER)}",
        state=Document.State.FAILED,
        asked_by=coordinator,
    )
    row = ApplicationFactory(
        municipality=town, call=world.open_call(), submitted=True, receipt=receipt
    )
    one = Document.objects.filter(asked_by=coordinator).exclude(state=Document.State.FAILED)
    effects = [one, audit("receipt.asked_again", row)]
    return Act([coordinator], f"/applications/{row.pk}/receipt/again/", {}, effects)


def withdraw_application():
    town = world.town()
    application, coordinator = world.draft(town), world.person(town)
    effects = [audit("application.withdrawn", application), mails_to(coordinator.email)]
    return Act([coordinator], f"/applications/{application.pk}/move/withdrawn/", {}, effects)


def ask_a_partner():
    town, other = world.town(), world.town()
    application, asked = world.draft(town), world.person(other)
    rows = application.partners.filter(municipality=other)
    path = f"/applications/{application.pk}/partners/ask/"
    form = {"municipality": other.code}
    return Act([world.person(town)], path, form, [rows, mails_to(asked.email)])


def confirm_partnership():
    applicant, other = world.town(), world.town()
    coordinator, told = world.person(other), world.person(applicant)
    partner = PartnerFactory(application=world.draft(applicant), municipality=other)
    effects = [audit("partner.confirmed", partner), mails_to(told.email)]
    return Act([coordinator], f"/partners/{partner.pk}/move/confirmed/", {}, effects)


def attach_file():
    town = world.town()
    application = world.draft(town)
    effects = [application.attachments.all(), Upload.objects.filter(municipality=town)]
    path = f"/applications/{application.pk}/attachments/"
    return Act([world.person(town, "member")], path, {"what": "letter"}, effects, file=pdf())


def remove_attachment():
    town = world.town()
    attachment = AttachmentFactory(application=world.draft(town))
    path = f"/attachments/{attachment.pk}/remove/"
    return Act(
        [world.person(town)], path, {}, [audit("attachment.removed", attachment.application)]
    )


def put_attachment_back():
    town = world.town()
    coordinator = world.person(town)
    attachment = AttachmentFactory(application=world.draft(town))
    remove(attachment, by=coordinator)
    path = f"/attachments/{attachment.pk}/put-back/"
    return Act([coordinator], path, {}, [audit("attachment.put_back", attachment.application)])


def start_assessment():
    town = world.town()
    round_ = Round.objects.get(project__is_demo=True)
    participation = ParticipationFactory(project=round_.project, municipality=town)
    rows = Assessment.objects.filter(participation=participation)
    entries = AuditEntry.objects.filter(action="assessment.started", municipality=town)
    path = f"/participations/{participation.pk}/start/"
    return Act([world.person(town)], path, {"round": round_.pk}, [rows, entries])


def save_answer():
    town = world.town()
    assessment = world.assessment(town)
    form = {"COM-01-read": 0, "COM-01-example": "Sent twice.", "key": secrets.token_hex(16)}
    stored = assessment.answers.filter(example="Sent twice.", version=1)
    path = f"/assessments/{assessment.pk}/answers/COM-01/"
    return Act([world.person(town, "member")], path, form, [stored])


def submit_assessment():
    town = world.town()
    assessment, coordinator = world.assessment(town), world.person(town)
    effects = [
        audit("assessment.submitted", assessment),
        IndexReport.objects.filter(assessment=assessment, language="fi"),
        Document.objects.filter(asked_by=coordinator, index_report__language="fi"),
        mails_to(coordinator.email),
    ]
    return Act([coordinator], f"/assessments/{assessment.pk}/submit/", {}, effects)


def make_report_again():
    town = world.town()
    coordinator = world.person(town)
    assessment, _changed = assessing.submit(world.assessment(town), by=coordinator)
    report = assessment.reports.get(language="sv")
    Document.objects.filter(pk=report.document_id).update(state=Document.State.FAILED)
    waiting = Document.objects.filter(pk=report.document_id).exclude(state=Document.State.FAILED)
    effects = [waiting, audit("report.asked_again", assessment)]
    return Act([coordinator], f"/assessments/{assessment.pk}/report/sv/again/", {}, effects)


ACTS = {
    "accounts:access": [ask_for_access],
    "accounts:profile": [change_profile],
    "accounts:sign_out_everywhere": [sign_out_everywhere],
    "accounts:invitation": [accept_invitation],
    "accounts:invitation_revoke": [revoke_invitation],
    "accounts:invitation_again": [invite_again],
    "accounts:invite": [invite],
    "accounts:invite_many": [invite_many],
    "accounts:membership": [change_membership],
    "accounts:deputy": [appoint_deputy],
    "accounts:hand_over": [hand_over],
    "accounts:membership_end": [end_membership],
    "notifications:preferences": [choose_mails],
    "applications:start": [start_application],
    "applications:edit": [edit_application],
    "applications:move": [submit_application, withdraw_application],
    "applications:partner_ask": [ask_a_partner],
    "applications:partner_move": [confirm_partnership],
    "applications:receipt_again": [ask_for_the_receipt_again],
    "applications:attachments": [attach_file],
    "applications:attachment_remove": [remove_attachment],
    "applications:attachment_put_back": [put_attachment_back],
    "indexanalysis:start": [start_assessment],
    "indexanalysis:answer": [save_answer],
    "indexanalysis:submit": [submit_assessment],
    "indexanalysis:remake": [make_report_again],
    "admin:accounts_accessrequest_changelist": [decide_access],
}
