"""What happens to groups, their members, meetings and tasks: one module for each."""
