from allauth.mfa.stages import AuthenticateStage

from accounts import factors


class SecondStep(AuthenticateStage):
    """Asks for the second factor, unless the municipality's service has just asked for it."""

    def _should_handle(self, request):
        if factors.given_by_provider(request, self.login.user):
            return False
        return super()._should_handle(request)
