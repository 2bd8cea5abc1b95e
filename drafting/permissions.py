"""Who may do what with a comment or a proposal, once the app that owns the text let them see it."""


def can_withdraw(user, row):
    return row.by_id == user.pk


def can_keep_order(user, municipality):
    """The municipality's coordinator may hide what is said about its texts."""
    hats = user.memberships.current().coordinating()
    return hats.filter(municipality=municipality).exists()


def can_hide(user, comment):
    return can_keep_order(user, comment.municipality_id)
