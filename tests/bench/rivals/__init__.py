"""quotecast beside other programs that find when the words of a text are said."""
