"""What is accepted from a person: about groups and their members, about meetings and tasks."""
