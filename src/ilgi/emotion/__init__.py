"""Model 1: text → scores of emotions, sentence by sentence, and the whole that they add up to."""
