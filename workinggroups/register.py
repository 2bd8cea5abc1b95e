"""Writes the kinds of party into the database, as the file in `data/` has them."""

from pathlib import Path

from workinggroups import parties

FILE = Path(__file__).parent / "data" / "parties.toml"


def store(kinds, kind_model, basis_model):
    """Store the kinds that `parties.read` returned; the same again change nothing.

    The models are given, since a migration has those of its own time.
    """
    for place, kind in enumerate(kinds):
        fields = {"place": place, "since": kind.since, "until": kind.until, "party": kind.party}
        fields |= in_languages("name", kind.name)
        row, _created = kind_model.objects.update_or_create(code=kind.code, defaults=fields)
        for basis in kind.bases:
            basis_model.objects.update_or_create(
                kind=row,
                group=basis.group,
                since=basis.since,
                defaults={"until": basis.until, "certainty": basis.certainty}
                | in_languages("source", basis.source),
            )


def in_languages(field, text):
    return {f"{field}_{code}": getattr(text, code) for code in parties.LANGUAGES}


def load(kind_model, basis_model):
    store(parties.read(FILE.read_bytes()), kind_model, basis_model)
