"""Training: Spark adds up and factorises, the driver solves. Each block of the model has its file here."""
