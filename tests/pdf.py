from page import ValidationProfile, validate_pdf


def failing_rules(file):
    """The PDF/UA-1 rules that a file fails, as (rule, message); page-validation knows 104."""
    report = validate_pdf(file, profile=ValidationProfile.PDF_UA_1)
    assert report.rules.total == 104
    return sorted({(failure.rule_id, failure.message) for failure in report.failures})
