"""The pages of an account: signing up and in, profile, lists, import, export, deletion."""
