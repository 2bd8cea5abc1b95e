from drafting.saving import save


def test_a_save_on_the_newest_version_goes_in_and_names_its_writer(draft, coordinator):
    row, went_in = save(draft, {"motivation": "New"}, read=0, by=coordinator)

    assert went_in
    assert (row.motivation, row.version, row.changed_by) == ("New", 1, coordinator)


def test_a_stale_save_is_refused_and_changes_nothing(draft, coordinator, member):
    save(draft, {"motivation": "First"}, read=0, by=coordinator)

    row, went_in = save(draft, {"motivation": "Second"}, read=0, by=member)

    assert not went_in
    assert (row.motivation, row.version, row.changed_by) == ("First", 1, coordinator)


def test_the_same_save_repeated_is_no_conflict_and_no_new_version(draft, coordinator):
    save(draft, {"motivation": "New"}, read=0, by=coordinator)

    row, went_in = save(draft, {"motivation": "New"}, read=0, by=coordinator)

    assert went_in
    assert row.version == 1


def test_a_version_from_the_future_is_refused(draft, coordinator):
    row, went_in = save(draft, {"motivation": "New"}, read=7, by=coordinator)

    assert not went_in
    assert row.motivation == "CANARY-motivation"
