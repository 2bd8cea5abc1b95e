class Unfit(Exception):
    """A file that is not taken in. The text is a code; `documents.reasons` has it in words."""


# What is taken in but told to the staff, since it acts when opened or leads elsewhere.
FLAGS = (
    "javascript",
    "starts_by_itself",
    "launches",
    "embedded_file",
    "sends_form",
    "media",
    "restricted",
    "external_link",
    "commands",
)
