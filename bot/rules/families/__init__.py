"""One module a rule family, named as its catalogue file in knowledge/rules/."""
