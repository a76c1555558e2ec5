"""The browser side: the pages that play a transcript in step with its sound."""
