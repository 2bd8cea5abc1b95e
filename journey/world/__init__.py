"""The seeded world: three invented municipalities with every kind of person, object and state.

Tests, drills and whoever attacks the portal start from it, so it says all about itself: names,
passwords, second factors, keys, and for every object the canaries that its text fields hold. A
canary, "CANARY-A-application.draft-motivation", names whose words leaked if it turns up elsewhere.

Each app has one module here with a `fill(world)`; what an app adds, it adds in its own. States are
reached by the workflows wherever one leads there, so that audit entries, mails and documents exist.
"""
