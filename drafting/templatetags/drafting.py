from django import template

register = template.Library()


@register.filter
def of(by_key, key):
    """What a dictionary holds for a row or a field: a number of what waits, or 0."""
    return by_key.get(key, 0)


@register.simple_tag
def desk_url(desk, page, *args):
    """The address of one of a desk's pages."""
    return desk.address(page, *args)
