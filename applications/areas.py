"""The project's eight policy areas, by their codes; `words.AREAS` names them."""

POLICY_AREAS = (
    "participation",
    "education",
    "culture",
    "urban_planning",
    "business",
    "labour_market",
    "anti_discrimination",
    "multilingualism",
)
