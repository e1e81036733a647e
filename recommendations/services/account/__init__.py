"""What people do with their account: profile, e-mail address, API tokens, export, deletion."""
