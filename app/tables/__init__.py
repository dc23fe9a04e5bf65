"""What a file holds, as the data of an experiment: bytes → records → columns → roles → x and y.

Everything here is imported when the first table is read. Long work is a generator that may be left for a while.
"""
