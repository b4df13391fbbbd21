"""What stands around a page while somebody presents: words, questions, keys, the speaker's window."""
