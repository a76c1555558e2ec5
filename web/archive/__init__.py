"""Import a whole show from feeds and folders, align its episodes, and keep the library up to date.

A library is a folder of episodes. Its archive records the feeds and folders from which the episodes come. The modules
work together as follows::

    feeds, folders --sources--> audio and transcripts --pairing--> pairs --adding--> episodes
    episodes --running, workers--> alignments, captions, search index
    sources, read again --updating--> changes, which a person accepts or ignores

``importing`` carries out the first and the last line of this diagram. ``state`` stores the archive's data between
commands, ``status`` summarises the data for people, and ``command`` is the command line.
"""
