"""One module a rule family, named as its catalogue file in knowledge/rules/.

The largest, cross_record, is a package of six.
"""
