"""What emotion models learn from: labelled texts, one table of targets, and how well they are met."""
