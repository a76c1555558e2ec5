"""An archive: a library whose episodes come from feeds and folders, all of them added, aligned and kept up to date.

From sources to aligned episodes, in the order of the work::

    folders, feeds --sources--> audio and transcripts --pairing--> pairs --adding--> episodes of the library
    episodes of the library --running (workers, task)--> alignments, captions, the search index
    sources read again --updating--> changes that a person takes or ignores

``state`` is all that is remembered between commands, ``status`` what a person looks at, ``command`` the command line.
"""
