"""The base encoder of the embedded emotion model: its weights, its tokenizer, and the network that is fine-tuned."""
